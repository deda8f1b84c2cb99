"""Features seen from one environment: what a list shows beside them, and filters and orders that read states."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.kit.prepared import About
from burgee.control.kit.values import FlagValue
from burgee.control.targeting.models import FeatureSegment, FeatureState, FeatureStateQuerySet, VersionStatus


class SeenState(NamedTuple):
    """A state as lists show it."""

    pk: int
    feature_id: int
    environment_id: int
    identity_id: int | None
    feature_segment_id: int | None
    enabled: bool
    value: FlagValue


class Overview(Struct, frozen=True, kw_only=True):
    default: SeenState | None = None
    for_segment: SeenState | None = None
    segment_overrides: int = 0
    identity_overrides: int = 0


NOTHING_KNOWN = Overview()


def with_default_enabled(features: QuerySet[Feature], environment: Environment, *, enabled: bool) -> QuerySet[Feature]:
    """Features whose environment default is on, or off."""
    return features.filter(Exists(_defaults(environment).filter(feature=OuterRef("pk"), enabled=enabled)))


def with_value_like(features: QuerySet[Feature], environment: Environment, text: str) -> QuerySet[Feature]:
    """Features whose default, a segment override or an identity override here has `text` in its value."""
    spelled = json.dumps(text, ensure_ascii=False)[1:-1]
    found = _served(environment).filter(feature=OuterRef("pk"), value__icontains=spelled)
    return features.filter(Exists(found))


def overridden_for_segment_first(
    features: QuerySet[Feature], environment: Environment, segment_id: int
) -> QuerySet[Feature]:
    found = _served(environment).filter(feature=OuterRef("pk"), feature_segment__segment_id=segment_id)
    return features.annotate(is_overridden_for_segment=Exists(found)).order_by(
        F("is_overridden_for_segment").desc(), *features.query.order_by
    )


def overridden_for_identity_first(
    features: QuerySet[Feature], environment: Environment, identity_id: int
) -> QuerySet[Feature]:
    found = _served(environment).filter(feature=OuterRef("pk"), identity_id=identity_id)
    return features.annotate(is_overridden_for_identity=Exists(found)).order_by(
        F("is_overridden_for_identity").desc(), *features.query.order_by
    )


def overviews(
    feature_ids: Iterable[int], environment: Environment, *, segment_id: int | None = None
) -> dict[int, Overview]:
    """By feature id, in four queries however many features there are."""
    ids = list(feature_ids)
    defaults = _by_feature(_SEEN_DEFAULTS.all(ids, environment_id=environment.pk))
    of_segment: dict[int, SeenState] = {}
    if segment_id is not None:
        of_segment = _by_feature(_SEEN_OF_SEGMENT.all(ids, environment_id=environment.pk, segment_id=segment_id))
    segment_counts = dict(_SEGMENT_COUNTS.all(ids, environment_id=environment.pk))
    identity_counts = dict(_IDENTITY_COUNTS.all(ids, environment_id=environment.pk))
    return {
        id_: Overview(
            default=defaults.get(id_),
            for_segment=of_segment.get(id_),
            segment_overrides=segment_counts.get(id_, 0),
            identity_overrides=identity_counts.get(id_, 0),
        )
        for id_ in ids
    }


def _served(environment: Environment) -> FeatureStateQuerySet:
    return FeatureState.objects.live().filter(environment=environment)


def _defaults(environment: Environment) -> FeatureStateQuerySet:
    return FeatureState.objects.live().defaults().filter(environment=environment)


def _by_feature(rows: Iterable[tuple[Any, ...]]) -> dict[int, SeenState]:
    return {state.feature_id: state for state in (SeenState(*row) for row in rows)}


def _live(about: Q, environment_id: int) -> FeatureStateQuerySet:
    return FeatureState.objects.filter(about, environment_id=environment_id, version__status=VersionStatus.LIVE)


def _counts(rows: QuerySet[Any]) -> Any:
    return rows.values_list("feature_id").annotate(count=Count("pk")).order_by()


_SEEN_DEFAULTS = About(
    "feature_id",
    lambda about, environment_id: _live(about, environment_id).defaults().values_list(*SeenState._fields),
    within_project=True,
)
_SEEN_OF_SEGMENT = About(
    "feature_id",
    lambda about, environment_id, segment_id: (
        _live(about, environment_id).filter(feature_segment__segment_id=segment_id).values_list(*SeenState._fields)
    ),
    within_project=True,
)
_SEGMENT_COUNTS = About(
    "feature_id",
    lambda about, environment_id: _counts(
        FeatureSegment.objects.filter(
            about,
            environment_id=environment_id,
            version__status=VersionStatus.LIVE,
            segment__deleted_at=None,
            state__isnull=False,
        )
    ),
    within_project=True,
)
_IDENTITY_COUNTS = About(
    "feature_id",
    lambda about, environment_id: _counts(
        FeatureState.objects.filter(about, environment_id=environment_id).of_identities()
    ),
    within_project=True,
)
