"""A flag compiled once: every outcome it can have, rendered beforehand."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from burgee.engine.bucketing import place_of, places_below
from burgee.engine.model import Flag, Override, Scalar, SegmentId, State, Variant

DEFAULT: Final = "DEFAULT"
CONTROL: Final = "control"

T = TypeVar("T")


class Outcome(Struct, frozen=True, kw_only=True):
    """One thing a flag can turn out to be. `option` is the chosen variant, `segment` the override's."""

    flag: str
    enabled: bool
    value: Scalar
    reason: str
    variant: str | None
    state: State
    segment: SegmentId | None = None
    option: Variant | None = None


Render = Callable[[Outcome], T]


class Choice(Struct, Generic[T], frozen=True):
    """What one state can turn out to be: without an identity, in no share of the split, or in one.

    ``shares[i]`` belongs to the places from ``edges[i]`` on; a state without variants has neither.
    """

    anonymous: T
    control: T
    seed: bytes
    edges: tuple[int, ...]
    shares: tuple[T, ...]
    anonymous_outcome: Outcome
    control_outcome: Outcome
    share_outcomes: tuple[Outcome, ...]

    def pick(self, hashed: bytes) -> T:
        """What the identity with this hashing key gets, where there is a split."""
        return self.shares[bisect_right(self.edges, place_of(self.seed + hashed)) - 1]

    def outcome(self, key: str | None) -> Outcome:
        """The same decision as data; None is nobody."""
        if key is None:
            return self.anonymous_outcome
        if not self.edges:
            return self.control_outcome
        try:
            place = place_of(self.seed + key.encode())
        except UnicodeEncodeError:
            return self.control_outcome
        return self.share_outcomes[bisect_right(self.edges, place) - 1]


class OverrideUnit(Struct, Generic[T], frozen=True):
    source: Override
    choice: Choice[T]


class FlagUnit(Struct, Generic[T], frozen=True):
    """One compiled flag with all its segment overrides; it may be shared by revisions."""

    name: str
    source: Flag
    choice: Choice[T]
    overrides: tuple[OverrideUnit[T], ...]


def compile_flag(flag: Flag, render: Render[T]) -> FlagUnit[T]:
    """Compile a flag, calling `render` once for every outcome it can have."""
    overrides = tuple(
        OverrideUnit(
            override,
            compile_state(flag.name, override.state, render, targeting_reason(override), segment=override.segment),
        )
        for override in flag.overrides
    )
    return FlagUnit(flag.name, flag, compile_state(flag.name, flag.state, render, DEFAULT), overrides)


def targeting_reason(override: Override) -> str:
    return f"TARGETING_MATCH; segment={override.segment_name}"


def compile_state(
    flag: str, state: State, render: Render[T], reason: str, *, segment: SegmentId | None = None
) -> Choice[T]:
    """Compile one state, as a flag's default or as what overrides it for an identity."""
    nobody = Outcome(
        flag=flag,
        enabled=state.enabled,
        value=state.value,
        reason=reason,
        variant=None,
        state=state,
        segment=segment,
    )
    anonymous = render(nobody)
    if not state.variants:
        return Choice(anonymous, anonymous, b"", (), (), nobody, nobody, ())
    control_outcome = replace(nobody, variant=CONTROL)
    control = render(control_outcome)
    try:
        seed = state.key.encode() + b","
    except UnicodeEncodeError:  # text that UTF-8 cannot hold has no place in a split
        return Choice(anonymous, control, b"", (), (), nobody, control_outcome, ())
    edges, options = _split(state.variants)
    outcomes = [control_outcome if option is None else _option_outcome(nobody, option) for option in options]
    return Choice(
        anonymous=anonymous,
        control=control,
        seed=seed,
        edges=edges,
        shares=tuple(control if outcome is control_outcome else render(outcome) for outcome in outcomes),
        anonymous_outcome=nobody,
        control_outcome=control_outcome,
        share_outcomes=tuple(outcomes),
    )


def _option_outcome(nobody: Outcome, option: Variant) -> Outcome:
    reason = f"SPLIT; weight={option.weight}"
    return replace(nobody, value=option.value, reason=reason, variant=option.key, option=option)


def _split(variants: tuple[Variant, ...]) -> tuple[tuple[int, ...], list[Variant | None]]:
    """Where shares begin, and whose each is; None is control. The first option that covers a place has it."""
    spans: list[tuple[int, int, Variant]] = []
    start: float = 0
    for option in sorted(variants, key=lambda option: option.priority):
        stop = start + option.weight
        spans.append((places_below(start), places_below(stop), option))
        start = stop
    edges = sorted({0, *(span[0] for span in spans), *(span[1] for span in spans)})
    owners = [next((option for low, high, option in spans if low <= edge < high), None) for edge in edges]
    return tuple(edges), owners
