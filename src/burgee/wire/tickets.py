"""Tickets of the dashboard's live stream: issued by the control plane, checked by the data plane without a database."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

CONNECT_SECONDS: Final = 60
"""How long a ticket opens a stream."""


class Ticket(Struct, frozen=True, array_like=True):
    """`expires_at` is a unix time in seconds; `environments` are the ids that its bearer may hear of."""

    expires_at: int
    environments: tuple[int, ...]


_read: Final = msgspec.json.Decoder(Ticket)


def sign(ticket: Ticket, key: bytes) -> str:
    """The ticket as text that fits into a query."""
    body = _encoded(msgspec.json.encode(ticket))
    return f"{body}.{_signature(body, key)}"


def verify(text: str, keys: Iterable[bytes], *, now: float) -> Ticket | None:
    """The ticket, if one of the keys signed it and it has not expired."""
    body, _, signature = text.partition(".")
    if not text.isascii() or not any(hmac.compare_digest(signature, _signature(body, key)) for key in keys):
        return None
    try:
        ticket = _read.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, msgspec.DecodeError):
        return None
    return ticket if now < ticket.expires_at else None


def _signature(body: str, key: bytes) -> str:
    return _encoded(hmac.digest(key, b"live:" + body.encode(), hashlib.sha256))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
