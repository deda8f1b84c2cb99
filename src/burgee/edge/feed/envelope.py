"""A snapshot or delta in a file or on a line, with the version of its format."""

from typing import Final

import msgspec
from msgspec import Struct

from burgee.wire.snapshot import FORMAT, Delta

_OLDEST: Final = FORMAT - 1


class _Envelope(Struct, frozen=True):
    format: int
    delta: Delta


class _FormatOnly(Struct, frozen=True):
    format: int


_encoder = msgspec.json.Encoder()
_format = msgspec.json.Decoder(_FormatOnly)
_decoder = msgspec.json.Decoder(_Envelope)


class UnknownFormat(ValueError):  # reads as the condition it is
    """Written by a release whose format this one does not read."""


def encode_delta(delta: Delta) -> bytes:
    return _encoder.encode(_Envelope(FORMAT, delta))


def decode_delta(body: bytes | str) -> Delta:
    """Raises UnknownFormat, or msgspec.DecodeError for what is no delta."""
    version = _format.decode(body).format
    if not _OLDEST <= version <= FORMAT:
        raise UnknownFormat(f"format {version} is not between {_OLDEST} and {FORMAT}")
    return _decoder.decode(body).delta
