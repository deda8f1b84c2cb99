"""States and places as lists and single reads ask for them."""

from django.db.models import QuerySet

from burgee.control.environments.models import Environment
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Target
from burgee.control.targeting.models import FeatureSegment, FeatureState, FeatureStateQuerySet, VersionStatus


def served_states(environment: Environment) -> FeatureStateQuerySet:
    """Every state of living flags that is served, with its version and place, oldest first."""
    states = FeatureState.objects.live().filter(environment=environment, feature__deleted_at=None)
    return states.select_related("version", "feature_segment", "feature__project").order_by("pk")


def served_places(environments: QuerySet[Environment]) -> QuerySet[FeatureSegment]:
    """The places of segments in live versions of living flags, the strongest first."""
    places = FeatureSegment.objects.filter(environment__in=environments, version__status=VersionStatus.LIVE)
    living = places.filter(feature__deleted_at=None, segment__deleted_at=None)
    return living.select_related("segment", "environment__project", "feature__project").order_by("priority", "pk")


def target_of(state: FeatureState) -> Target:
    """For whom a state is."""
    if state.identity_id is not None:
        return ForIdentity(state.identity_id)
    if state.feature_segment is not None:
        return ForSegment(state.feature_segment.segment_id)
    return Everyone()
