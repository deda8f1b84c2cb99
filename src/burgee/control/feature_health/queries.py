"""The health of a project's features."""

from django.db.models import Q, QuerySet

from burgee.control.feature_health.models import HealthEvent, HealthEventQuerySet, HealthProvider
from burgee.control.projects.models import Project


def providers_of(project: Project) -> QuerySet[HealthProvider]:
    return HealthProvider.objects.filter(project=project).select_related("created_by").order_by("pk")


def events_of(project: Project) -> HealthEventQuerySet:
    """The events of living features in living environments, each with what it takes to show it."""
    alive = Q(environment=None) | Q(environment__deleted_at=None)
    events = HealthEvent.objects.filter(alive, feature__project=project, feature__deleted_at=None)
    return events.select_related("provider", "environment", "feature__project").order_by("pk")
