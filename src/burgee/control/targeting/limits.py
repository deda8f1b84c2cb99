"""How much an environment may hold."""

from burgee.control.environments.models import Environment
from burgee.control.targeting.errors import TooManyOverrides
from burgee.control.targeting.models import FeatureSegment, VersionStatus
from burgee.control.targeting.sheet import Sheet


def check_room_for_overrides(environment: Environment, before: Sheet, after: Sheet) -> None:
    """Refuse to serve more segment overrides than the project allows; what is there already stays."""
    more = len(after.places) - len(before.places)
    if more <= 0:
        return
    # One at a time: two that begin together must count each other.
    Environment.objects.select_for_update().get(pk=environment.pk)
    limit = environment.project.max_segment_overrides_allowed
    served = FeatureSegment.objects.filter(
        environment=environment, version__status=VersionStatus.LIVE, feature__deleted_at=None
    )
    if served.count() + more > limit:
        raise TooManyOverrides(limit=limit)
