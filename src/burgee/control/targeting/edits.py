"""Typed edits of one flag in one environment: all that `services.apply` can be asked to do."""

from msgspec import UNSET, Struct, UnsetType

from burgee.control.kit.values import FlagValue


class Everyone(Struct, frozen=True, tag=True):
    """The environment default."""


class ForSegment(Struct, frozen=True, tag=True):
    """The override of a segment. ``priority`` places it (0 is the strongest) and moves the others; None leaves it."""

    segment_id: int
    priority: int | None = None


class ForIdentity(Struct, frozen=True, tag=True):
    """The override of an identity."""

    identity_id: int


Target = Everyone | ForSegment | ForIdentity


class Set(Struct, frozen=True, kw_only=True, tag=True):
    """Give `target` a state, made if there is none.

    What is left unset stays as it is; a new override is disabled, with the feature's initial value and no weights.
    ``weights`` maps option ids to percentages; options that are not named keep their weight.
    ``must_be_new`` refuses a target that has a state already, ``must_exist`` one that has none.
    """

    target: Target
    enabled: bool | UnsetType = UNSET
    value: FlagValue | UnsetType = UNSET
    weights: dict[int, float] | UnsetType = UNSET
    must_be_new: bool = False
    must_exist: bool = False


class Remove(Struct, frozen=True, kw_only=True, tag=True):
    """Take away an override with its place in the order; nothing happens when there is none."""

    target: ForSegment | ForIdentity


class AddSegment(Struct, frozen=True, kw_only=True, tag=True):
    """Give a segment a place in the order without a state: the first of two steps of the older API."""

    segment_id: int
    priority: int | None = None


class Reorder(Struct, frozen=True, kw_only=True, tag=True):
    """Move feature segments (by id) to a priority by insertion, the strongest first."""

    priorities: dict[int, int]


Edit = Set | Remove | AddSegment | Reorder
