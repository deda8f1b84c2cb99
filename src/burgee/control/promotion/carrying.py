"""Carrying flags over: chosen features become in one environment what they are in another."""

from collections.abc import Collection, Sequence

from django.db import transaction
from msgspec import UNSET

from burgee.control.environments.models import Environment
from burgee.control.events.publish import Change
from burgee.control.features.models import Feature
from burgee.control.kit.actor import Actor
from burgee.control.promotion.comparing import Comparison, Part, compare
from burgee.control.segments.models import Segment
from burgee.control.segments.rollouts import percentage_of
from burgee.control.targeting.desired import DesiredState
from burgee.control.targeting.saving import Draft, DraftOverride, tell_together, write_draft
from burgee.control.targeting.sheet import Sheet, StateSheet
from burgee.control.targeting.versions import lock_flag


@transaction.atomic
def promote(
    source: Environment,
    target: Environment,
    features: Sequence[Feature],
    parts: Collection[Part],
    *,
    actor: Actor,
    note: str | None = None,
) -> Comparison:
    """Copy `parts` of these flags from `source` to `target`, all or nothing, as one event; returns what differed."""
    ordered = sorted(features, key=lambda feature: feature.pk)
    for feature in ordered:
        lock_flag(target.pk, feature.pk)
    found = compare(source, target, ordered, parts)
    changes: list[Change] = []
    for flag in found.flags:
        source_rollout = _rollout(flag.source.sheet, found)
        split_key = None if source_rollout is None else source_rollout.split_key or source_rollout.pk
        draft = _draft(flag.source.sheet, parts, found)
        changes += write_draft(target, flag.feature, draft, actor=actor, split_key=split_key)[1]
    tell_together([target], changes, actor=actor, note=note)
    return found


def _draft(sheet: Sheet, parts: Collection[Part], found: Comparison) -> Draft:
    default = DesiredState(
        enabled=sheet.default.enabled if Part.ENABLED in parts else UNSET,
        value=sheet.default.value if Part.VALUE in parts else UNSET,
        weights=_weights(sheet.default) if Part.MULTIVARIATE in parts else UNSET,
    )
    if Part.SEGMENT_OVERRIDES not in parts:
        return Draft(default=default)
    ordered = sorted(sheet.places.items(), key=lambda item: (item[1].priority, item[1].row_id))
    overrides = [
        _override(found.segments[segment_id], place.state)
        for segment_id, place in ordered
        if place.state and segment_id in found.segments
    ]
    return Draft(default=default, overrides=overrides)


def _override(segment: Segment, state: StateSheet) -> DraftOverride:
    percentage = percentage_of(segment)
    return DraftOverride(
        segment_id=segment.pk if percentage is None else None,
        rollout=percentage,
        enabled=state.enabled,
        value=state.value,
        weights=_weights(state),
    )


def _rollout(sheet: Sheet, found: Comparison) -> Segment | None:
    placed = (found.segments[key] for key in sheet.places if key in found.segments)
    return next((segment for segment in placed if percentage_of(segment) is not None), None)


def _weights(state: StateSheet) -> dict[int, float]:
    return {option_id: weight.percentage for option_id, weight in state.weights.items()}
