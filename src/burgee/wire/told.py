"""What statistics read out of a flag that was told."""

from typing import Final

import msgspec
from msgspec import Struct

from burgee.engine import Scalar


class ToldFeature(Struct, frozen=True):
    id: int


class ToldFlag(Struct, frozen=True, kw_only=True):
    """Without an `environment` it hides where its state comes from."""

    feature: ToldFeature
    feature_state_value: Scalar
    environment: int | None
    identity: int | None
    feature_segment: int | None
    enabled: bool
    variant: str | None = None


_decoder: Final = msgspec.json.Decoder(ToldFlag)


def read_fragment(fragment: bytes) -> ToldFlag:
    """What `sdk.flag_fragment` or `sdk.identity_flag_fragment` made."""
    return _decoder.decode(fragment)
