"""Answers as bytes: what can be prepared is prepared once, the rest is joined."""

import gzip
import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from burgee.edge.request import EdgeRequest
from burgee.wire import quirks, sdk

JSON: Final = b"content-type: application/json\r\n"
HTML: Final = b"content-type: text/html; charset=utf-8\r\n"

_STATUS_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_OK: Final = _STATUS_LINES[200]
_BODILESS: Final = frozenset({204, 304})


class EdgeResponse:
    """Status, header lines (each ending in CRLF, without length, date and connection) and the pieces of the body."""

    __slots__ = ("headers", "pieces", "size", "status")

    def __init__(self, status: int, headers: bytes, *pieces: bytes) -> None:
        self.status = status
        self.headers = headers
        self.pieces = pieces
        self.size = sum(map(len, pieces))

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def has_length(self) -> bool:
        return self.status not in _BODILESS

    def wire(self, stamp: bytes) -> bytes:
        """The whole message of a connection that stays open."""
        if self.status == HTTPStatus.OK:  # the usual one, in one go
            return b"".join((_OK, stamp, self.headers, b"content-length: %d\r\n\r\n" % self.size, *self.pieces))
        return b"".join((*self._head(stamp), b"\r\n", *self.pieces))

    def closing_wire(self, stamp: bytes) -> bytes:
        return b"".join((*self._head(stamp), b"connection: close\r\n\r\n", *self.pieces))

    def head(self, stamp: bytes, *, closing: bool) -> bytes:
        """The answer to HEAD: everything but the body."""
        return b"".join((*self._head(stamp), b"connection: close\r\n\r\n" if closing else b"\r\n"))

    def with_headers(self, lines: bytes) -> "EdgeResponse":
        return EdgeResponse(self.status, self.headers + lines, *self.pieces)

    def _head(self, stamp: bytes) -> tuple[bytes, bytes, bytes, bytes]:
        length = b"content-length: %d\r\n" % self.size if self.status not in _BODILESS else b""
        return _STATUS_LINES[self.status], stamp, self.headers, length


class PreparedResponse(EdgeResponse):
    """An answer that is the same for everybody until the next revision, with its compressed twin."""

    __slots__ = ("_gzip_from", "_gzipped", "_stamp", "_wire")

    def __init__(self, headers: bytes, body: bytes, *, gzip_from: int) -> None:
        super().__init__(200, headers, body)
        self._stamp: bytes | None = None
        self._wire = b""
        self._gzip_from = gzip_from
        self._gzipped: EdgeResponse | None = None

    def for_request(self, request: EdgeRequest) -> EdgeResponse:
        if self.size < self._gzip_from or not request.accepts_gzip():
            return self
        if self._gzipped is None:
            self._gzipped = PreparedResponse(
                self.headers + b"content-encoding: gzip\r\n", gzip.compress(self.body, 6, mtime=0), gzip_from=2**62
            )
        return self._gzipped

    def wire(self, stamp: bytes) -> bytes:
        if self._stamp is not stamp:
            self._wire = super().wire(stamp)
            self._stamp = stamp
        return self._wire


class Stamp:
    """The header lines that every answer carries; rebuilt once a second for the date."""

    __slots__ = ("_lines", "_second", "constant")

    def __init__(self, constant: bytes) -> None:
        self.constant = constant
        self._second = -1
        self._lines = b""

    def now(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._lines = b"date: %s\r\n%s" % (formatdate(second, usegmt=True).encode(), self.constant)
        return self._lines


ALWAYS: Final = (
    f"flagsmith-version: {quirks.FLAGSMITH_VERSION}\r\ncache-control: no-cache\r\npragma: no-cache\r\n"
).encode()


def json_response(body: bytes, *, headers: bytes = b"", status: int = 200) -> EdgeResponse:
    return EdgeResponse(status, JSON + headers, body)


def detail(status: int, message: str, *, headers: bytes = b"") -> EdgeResponse:
    return json_response(sdk.detail(message), headers=headers, status=status)


def compressed(response: EdgeResponse) -> EdgeResponse:
    """The same answer with a gzip body, made in a hurry."""
    return EdgeResponse(
        response.status,
        response.headers + b"content-encoding: gzip\r\nvary: Accept-Encoding\r\n",
        gzip.compress(response.body, 1, mtime=0),
    )
