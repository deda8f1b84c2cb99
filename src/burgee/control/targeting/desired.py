"""A flag described in one piece, default and overrides: merged into what there is, or put in its place."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from msgspec import UNSET, Struct, UnsetType, structs

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.kit.actor import Actor
from burgee.control.kit.values import FlagValue
from burgee.control.targeting.edits import Edit, Everyone, ForSegment, Remove, Set, Target
from burgee.control.targeting.flags import opening_state
from burgee.control.targeting.models import FeatureSegment
from burgee.control.targeting.services import AppliedEdit, apply
from burgee.control.targeting.sheet import StateSheet
from burgee.control.targeting.versions import live_version, lock_flag


class DesiredState(Struct, frozen=True, kw_only=True):
    """A state; ``weights`` maps option ids to percentages."""

    enabled: bool | UnsetType = UNSET
    value: FlagValue | UnsetType = UNSET
    weights: dict[int, float] | UnsetType = UNSET


class DesiredOverride(DesiredState, frozen=True, kw_only=True):
    """A segment override; a new one without ``priority`` takes its position in the list."""

    segment_id: int
    priority: int | None = None


class DesiredFlag(Struct, frozen=True, kw_only=True):
    """What is None is left as it is."""

    default: DesiredState | None = None
    overrides: Sequence[DesiredOverride] | None = None


@transaction.atomic
def merge_flag(
    environment: Environment,
    feature: Feature,
    desired: DesiredFlag,
    *,
    actor: Actor,
    expected: Collection[int] | None = None,
) -> AppliedEdit:
    """Change what `desired` names; overrides that it does not name stay."""
    lock_flag(environment.pk, feature.pk, expected=expected)
    known = _known_segments(environment, feature)
    default = [] if desired.default is None else [_set(Everyone(), desired.default)]
    edits = [*default, *_overrides(desired.overrides or (), known)]
    return apply(environment, feature, edits, actor=actor)


@transaction.atomic
def replace_flag(
    environment: Environment,
    feature: Feature,
    desired: DesiredFlag,
    *,
    actor: Actor,
    expected: Collection[int] | None = None,
) -> AppliedEdit:
    """Make the flag as `desired` says: what a state leaves out is as in a new one, other overrides go."""
    lock_flag(environment.pk, feature.pk, expected=expected)
    known = _known_segments(environment, feature)
    opening = opening_state(feature, list(MultivariateOption.objects.filter(feature=feature)))
    edits: list[Edit] = []
    if desired.default is not None:
        edits.append(_set(Everyone(), _completed(desired.default, opening)))
    if desired.overrides is not None:
        bare = structs.replace(opening, enabled=False, weights={})
        named = {override.segment_id for override in desired.overrides}
        edits += [Remove(target=ForSegment(segment_id)) for segment_id in known if segment_id not in named]
        edits += _overrides([_completed_override(override, bare, opening) for override in desired.overrides], known)
    return apply(environment, feature, edits, actor=actor)


def _known_segments(environment: Environment, feature: Feature) -> set[int]:
    places = FeatureSegment.objects.filter(version=live_version(environment.pk, feature.pk))
    return set(places.values_list("segment_id", flat=True))


def _overrides(overrides: Iterable[DesiredOverride], known: set[int]) -> list[Edit]:
    # The strongest first: placing one by insertion does not move those placed before.
    placed: list[tuple[bool, int, Edit]] = []
    for position, override in enumerate(overrides):
        priority = override.priority
        if priority is None and override.segment_id not in known:
            priority = position
        edit = _set(ForSegment(override.segment_id, priority), override)
        placed.append((priority is None, priority or 0, edit))
    return [edit for _, _, edit in sorted(placed, key=lambda item: item[:2])]


def _set(target: Target, state: DesiredState) -> Set:
    return Set(target=target, enabled=state.enabled, value=state.value, weights=state.weights)


def _completed(state: DesiredState, opening: StateSheet) -> DesiredState:
    return DesiredState(
        enabled=opening.enabled if state.enabled is UNSET else state.enabled,
        value=opening.value if state.value is UNSET else state.value,
        weights=_percentages(opening) if state.weights is UNSET else state.weights,
    )


def _completed_override(override: DesiredOverride, bare: StateSheet, opening: StateSheet) -> DesiredOverride:
    state = _completed(override, bare)
    nothing = dict.fromkeys(opening.weights, 0.0)
    return DesiredOverride(
        segment_id=override.segment_id,
        priority=override.priority,
        enabled=state.enabled,
        value=state.value,
        weights=nothing if override.weights is UNSET else override.weights,
    )


def _percentages(state: StateSheet) -> dict[int, float]:
    return {option_id: weight.percentage for option_id, weight in state.weights.items()}
