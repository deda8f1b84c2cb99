"""States and places as lists and single reads ask for them."""

from typing import Final

from django.db.models import F, Q, QuerySet

from burgee.control.environments.models import Environment
from burgee.control.kit.prepared import Prepared
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Target
from burgee.control.targeting.models import (
    FeatureSegment,
    FeatureState,
    FeatureStateQuerySet,
    Flag,
    FlagVersion,
    VersionStatus,
)

EVER_SERVED: Final = (VersionStatus.LIVE, VersionStatus.SUPERSEDED)


def served_states(environment: Environment) -> FeatureStateQuerySet:
    """Every state of living flags that is served, with its version and place, oldest first."""
    return _served_at(environment.pk)


def served_state(environment: Environment, state_id: int) -> FeatureState | None:
    """One of the `served_states`."""
    return _SERVED_STATE.first(environment_id=environment.pk, state_id=state_id)


def _served_at(environment_id: int) -> FeatureStateQuerySet:
    states = FeatureState.objects.live().filter(environment_id=environment_id, feature__deleted_at=None)
    return states.select_related("version", "feature_segment", "feature__project").order_by("pk")


_SERVED_STATE = Prepared(lambda environment_id, state_id: _served_at(environment_id).filter(pk=state_id))


def served_places(environments: QuerySet[Environment]) -> QuerySet[FeatureSegment]:
    """The places of segments in live versions of living flags, the strongest first."""
    places = FeatureSegment.objects.filter(environment__in=environments, version__status=VersionStatus.LIVE)
    living = places.filter(feature__deleted_at=None, segment__deleted_at=None)
    return living.select_related("segment", "environment__project", "feature__project").order_by("priority", "pk")


def change_number(environment_id: int, feature_id: int) -> int:
    """How often the flag was edited."""
    return Flag.objects.get(environment_id=environment_id, feature_id=feature_id).change_number


def versions_of(environments: QuerySet[Environment]) -> QuerySet[FlagVersion]:
    """The versions of living flags in those `environments` that use versions: drafts, then the newest first."""
    found = FlagVersion.objects.filter(
        environment__in=environments.filter(use_v2_feature_versioning=True), feature__deleted_at=None
    )
    return found.order_by(F("live_from").desc(nulls_first=True), "-number")


def previous_version(version: FlagVersion) -> FlagVersion | None:
    """What was served before `version`; for one that was never served, what is now."""
    same_flag = FlagVersion.objects.filter(environment_id=version.environment_id, feature_id=version.feature_id)
    if version.status not in EVER_SERVED:
        return same_flag.filter(status=VersionStatus.LIVE).first()
    earlier = Q(live_from__lt=version.live_from) | Q(live_from=version.live_from, number__lt=version.number)
    return same_flag.filter(earlier, status__in=EVER_SERVED).order_by("-live_from", "-number").first()


def states_of_version(version: FlagVersion) -> QuerySet[FeatureState]:
    """The default and the overrides of a version, with what it takes to show them, oldest first."""
    states = FeatureState.objects.filter(version=version)
    return states.select_related("version", "feature_segment", "feature__project").order_by("pk")


def target_of(state: FeatureState) -> Target:
    """For whom a state is."""
    if state.identity_id is not None:
        return ForIdentity(state.identity_id)
    if state.feature_segment is not None:
        return ForSegment(state.feature_segment.segment_id)
    return Everyone()
