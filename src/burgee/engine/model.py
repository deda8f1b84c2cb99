"""What the engine decides about: the words of the domain as frozen values.

Nothing is checked here: an operator nobody knows, a literal of a wrong type or a missing property
is a condition that does not hold, never an error.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

Scalar = str | int | float | bool | None
"""A trait, a flag's value, or what a condition sees."""

SegmentId = int | str
RuleType = Literal["ALL", "ANY", "NONE"]


class Environment(Struct, frozen=True):
    key: str
    name: str = ""


class Identity(Struct, frozen=True):
    """Who asks. An empty `key` becomes ``<environment key>_<identifier>``; splits hash the key."""

    identifier: str
    key: str = ""
    traits: Mapping[str, Scalar] = {}


class Condition(Struct, frozen=True, kw_only=True):
    operator: str
    property: str | None = None
    value: str | Sequence[str] | None = None


class Rule(Struct, frozen=True, kw_only=True):
    """Holds if its conditions combine to true and its rules do; a group without members is true."""

    type: RuleType
    rules: tuple["Rule", ...] = ()
    conditions: tuple[Condition, ...] = ()


class Segment(Struct, frozen=True, kw_only=True):
    """All rules must hold; without rules nobody is in it. `key` seeds its percentage splits."""

    key: str
    name: str
    rules: tuple[Rule, ...] = ()


class Variant(Struct, frozen=True, kw_only=True):
    """`priority` orders the options of a split, ascending; `weight` is in percent."""

    value: Scalar
    weight: float
    priority: float
    key: str | None = None


class State(Struct, frozen=True, kw_only=True):
    """A feature state; `key` is the bucketing seed, `value` the control when there are variants."""

    enabled: bool
    value: Scalar
    key: str
    variants: tuple[Variant, ...] = ()


class Override(Struct, frozen=True, kw_only=True):
    """The state for members of a segment. The lowest priority wins, then the segment listed first."""

    segment: SegmentId
    state: State
    priority: float = float("inf")
    segment_name: str = ""


class Flag(Struct, frozen=True, kw_only=True):
    name: str
    state: State
    overrides: tuple[Override, ...] = ()
