"""What became of a flag, read out of what was told: its state, its value and where they came from."""

from hashlib import sha256
from typing import Final, NamedTuple

from burgee.edge.counting import AnyFlag
from burgee.engine import Scalar
from burgee.wire import ofrep
from burgee.wire.told import ToldFlag, read_fragment

PREVIEW: Final = 200
"""Characters of a value that are kept; a digest tells longer ones apart."""

UNTOLD: Final = "untold"
OTHER: Final = "other"


class Outcome(NamedTuple):
    """``form`` is what kind of value it is, or why there is none; ``reason`` is None where the answer hides it."""

    feature_id: int
    enabled: bool | None
    reason: str | None
    variant: str | None
    form: str
    value: str | None
    length: int
    digest: str


def others(feature_id: int) -> Outcome:
    """All outcomes of a flag that are not told apart."""
    return Outcome(feature_id, None, None, None, OTHER, None, 0, "")


def outcome_of(flag: AnyFlag) -> Outcome:
    if isinstance(flag, ofrep.OfrepFlag):
        return _outcome(flag.feature_id, flag.value, enabled=flag.enabled, variant=flag.variant, reason=flag.origin)
    told = read_fragment(flag)
    return _outcome(
        told.feature.id, told.feature_state_value, enabled=told.enabled, variant=told.variant, reason=_reason(told)
    )


def _reason(told: ToldFlag) -> str | None:
    if told.environment is None:
        return None
    if told.identity is not None:
        return ofrep.IDENTITY
    return ofrep.DEFAULT if told.feature_segment is None else ofrep.SEGMENT


def _outcome(feature_id: int, value: Scalar, *, enabled: bool, variant: str | None, reason: str | None) -> Outcome:
    if reason == ofrep.IDENTITY:
        # Who may look at the environment need not be allowed to look at its identities.
        return Outcome(feature_id, enabled, reason, None, UNTOLD, None, 0, "")
    form, text = _text(value)
    digest = sha256(f"{form} {text}".encode(errors="replace")).hexdigest()[:32]
    return Outcome(feature_id, enabled, reason, variant, form, text[:PREVIEW], len(text), digest)


def _text(value: Scalar) -> tuple[str, str]:
    if value is None:
        return "nothing", ""
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, str):
        return "text", value
    return "number", str(value)
