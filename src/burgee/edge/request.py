"""A request as handlers see it, whichever server parsed it."""

from functools import lru_cache
from urllib.parse import parse_qs, unquote_to_bytes


class EdgeRequest:
    """Header names are lower case, repeated headers joined by a comma; `names` are the variable parts of the path."""

    __slots__ = ("body", "headers", "method", "names", "path", "query")

    def __init__(  # noqa: PLR0917  # made for every request: plain positions are the cheapest
        self,
        method: bytes,
        path: bytes,
        query: bytes,
        headers: dict[bytes, bytes],
        body: bytes,
        names: tuple[str, ...] = (),
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.names = names

    def parameter(self, name: str) -> str | None:
        """The last value of a query parameter; None when it is absent."""
        return self.parameters().get(name)

    def parameters(self) -> dict[str, str]:
        if not self.query:
            return {}
        text = self.query.decode("utf-8", "replace")
        if "%" not in text and "+" not in text:  # the usual query, and much cheaper
            pairs = (item.partition("=") for item in text.split("&") if item)
            return {name: value for name, _, value in pairs}
        return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}

    @property
    def content_type(self) -> str:
        return self.headers.get(b"content-type", b"").decode("latin-1")

    def accepts_gzip(self) -> bool:
        encodings = self.headers.get(b"accept-encoding")
        return encodings is not None and b"gzip" in encodings and b"gzip;q=0" not in encodings.replace(b" ", b"")

    def presents(self, etag: bytes) -> bool:
        """Whether `If-None-Match` names this entity."""
        known = self.headers.get(b"if-none-match")
        if known is None:
            return False
        if known == etag:
            return True
        return any(tag.strip().removeprefix(b"W/") in {etag, b"*"} for tag in known.split(b","))


def header_map(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers by lower-case name; a repeated one is joined, so that no second value can hide behind the first."""
    found = dict(headers)
    if len(found) != len(headers):
        joined: dict[bytes, bytes] = {}
        for name, value in headers:
            joined[name] = joined[name] + b"," + value if name in joined else value
        return joined
    return found


def decoded_path(path: bytes) -> str:
    return unquote_to_bytes(path).decode("utf-8", "replace")


@lru_cache(maxsize=512)
def accepts(accept: bytes, media_type: bytes) -> bool:
    """Whether an Accept header takes this media type; an empty one takes everything."""
    wanted = {media_type, media_type.partition(b"/")[0] + b"/*", b"*/*"}
    ranges = {item.split(b";")[0].strip().lower() for item in accept.split(b",")}
    return ranges == {b""} or not ranges.isdisjoint(wanted)
