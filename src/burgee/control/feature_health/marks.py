"""The tag of unhealthy features follows what was reported last."""

from collections.abc import Collection

from django.db.models import Q

from burgee.control.feature_health.models import HealthEvent, HealthStatus
from burgee.control.features.models import TagType
from burgee.control.features.system_tags import mark, unmark
from burgee.control.kit.actor import Actor
from burgee.control.projects.models import Project


def refresh_marks(project: Project, feature_ids: Collection[int], *, actor: Actor) -> None:
    """Tag those of the features with which something is wrong, and untag the others."""
    alive = Q(environment=None) | Q(environment__deleted_at=None)
    wrong = HealthEvent.objects.newest().filter(alive, feature_id__in=feature_ids, type=HealthStatus.UNHEALTHY)
    unhealthy = set(wrong.values_list("feature_id", flat=True))
    healthy = set(feature_ids) - unhealthy
    if unhealthy:
        mark(project, unhealthy, TagType.UNHEALTHY, actor=actor)
    if healthy:
        unmark(project, healthy, TagType.UNHEALTHY, actor=actor)
