"""Copying the flags of an environment into another: the same states in new rows, many at a time."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from msgspec import structs

from burgee.control.environments.models import Environment
from burgee.control.targeting.flags import insert_flags
from burgee.control.targeting.models import (
    FeatureSegment,
    FeatureState,
    Flag,
    FlagVersion,
    VariantWeight,
    VersionStatus,
)
from burgee.control.targeting.rows import created, insert_states, state_sheet, versioned, weights_by_state

LIVE: Final[dict[str, Any]] = {"version__status": VersionStatus.LIVE, "feature__deleted_at": None}


def copy_flags(source: Environment, target: Environment, feature_ids: Collection[int] | None = None) -> None:
    """Give `target` the flags of the live versions of `source`: all, or those of some features. It has none of them."""
    own: dict[str, Any] = {"environment": source}
    if feature_ids is not None:
        own["feature_id__in"] = feature_ids
    list(Flag.objects.select_for_update().filter(**own).order_by("id"))
    old = list(
        FlagVersion.objects.filter(**own, status=VersionStatus.LIVE, feature__deleted_at=None)
        .select_related("feature")
        .order_by("feature_id")
    )
    new = insert_flags([(target, version.feature) for version in old])
    versions = {was.pk: now for was, now in zip(old, new, strict=True)}
    places = _copy_places(FeatureSegment.objects.filter(**own, **LIVE).order_by("id"), versions)
    states = FeatureState.objects.filter(**own, **LIVE)
    weights = weights_by_state(VariantWeight.objects.filter(state__in=states))
    insert_states(
        [
            versioned(
                versions[state.version_id or 0],
                structs.replace(state_sheet(state, weights.get(state.pk, {})), row_id=0),
                places[state.feature_segment_id] if state.feature_segment_id else None,
            )
            for state in states.order_by("id")
        ]
    )


def _copy_places(rows: QuerySet[FeatureSegment], versions: Mapping[int, FlagVersion]) -> dict[int, FeatureSegment]:
    old = list(rows)
    new = created(
        FeatureSegment,
        [
            FeatureSegment(
                version=versions[place.version_id],
                environment_id=versions[place.version_id].environment_id,
                feature_id=place.feature_id,
                segment_id=place.segment_id,
                priority=place.priority,
            )
            for place in old
        ],
    )
    return {was.pk: now for was, now in zip(old, new, strict=True)}
