"""Reports taken in and dismissed. Saying again what is known changes nothing."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.feature_health.errors import UnknownEnvironment, UnknownFeature
from burgee.control.feature_health.marks import refresh_marks
from burgee.control.feature_health.models import HealthEvent, HealthProvider, HealthStatus, subject_key
from burgee.control.features.models import Feature, feature_key
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.projects.models import Project

DISMISSED: Final = {"text_blocks": [{"text": "Dismissed by hand.", "title": "Dismissed"}], "url_blocks": []}


class Report(Struct, frozen=True, kw_only=True):
    """What a monitor says: feature and environment by name, the reason as it shall be shown."""

    feature: str
    status: HealthStatus
    environment: str | None = None
    external_id: str | None = None
    reason: dict[str, Any] | None = None


@transaction.atomic
def take_reports(provider: HealthProvider, reports: Sequence[Report], *, skip_unknown: bool) -> list[HealthEvent]:
    """Keep what is news, all or nothing.

    With `skip_unknown` reports about features or environments that are not there are passed over; otherwise they
    are refused.
    """
    actor = Actor(kind="system", label=f"Feature health: {provider.name}")
    project = _locked(provider.project)
    taken = []
    for report in reports:
        try:
            event = _taken(provider, report)
        except (UnknownFeature, UnknownEnvironment):
            if not skip_unknown:
                raise
            continue
        taken += [event] if event else []
    _settle(project, taken, actor)
    return taken


@transaction.atomic
def dismiss(event: HealthEvent, *, actor: Actor) -> None:
    """Take it that the subject of `event` is healthy, until something else is reported."""
    project = _locked(event.feature.project)
    key = subject_key(event.provider_id, event.feature_id, event.environment_id, event.external_id)
    latest = HealthEvent.objects.get(latest_key=key)
    if latest.type == HealthStatus.UNHEALTHY:
        _settle(project, [_succeed(latest, key, HealthStatus.HEALTHY, DISMISSED)], actor)


def _locked(project: Project) -> Project:
    # Reports about one project wait for each other, so that one event is the latest.
    return Project.objects.select_for_update().get(pk=project.pk)


def _taken(provider: HealthProvider, report: Report) -> HealthEvent | None:
    feature = Feature.objects.living().filter(live_key=feature_key(provider.project_id, report.feature)).first()
    if feature is None:
        raise UnknownFeature
    environment = _environment(provider.project, report.environment)
    key = subject_key(provider.pk, feature.pk, environment.pk if environment else None, report.external_id)
    latest = HealthEvent.objects.filter(latest_key=key).first()
    if latest is not None and (latest.type, latest.reason) == (report.status, report.reason):
        return None
    subject = HealthEvent(provider=provider, feature=feature, environment=environment, external_id=report.external_id)
    return _succeed(subject, key, report.status, report.reason)


def _environment(project: Project, name: str | None) -> Environment | None:
    if not name:
        return None
    living = Environment.objects.living().filter(project=project, name=name)
    found = next((environment for environment in living.order_by("pk") if environment.name == name), None)
    if found is None:
        raise UnknownEnvironment
    return found


def _succeed(former: HealthEvent, key: str, status: HealthStatus, reason: dict[str, Any] | None) -> HealthEvent:
    """The event that takes the place of `former`."""
    HealthEvent.objects.filter(latest_key=key).update(latest_key=None)
    return HealthEvent.objects.create(
        provider=former.provider,
        feature=former.feature,
        environment=former.environment,
        external_id=former.external_id,
        latest_key=key,
        type=status,
        reason=reason,
        created_at=clock.now(),
    )


def _settle(project: Project, events: Sequence[HealthEvent], actor: Actor) -> None:
    """Tell what is news, and let the tags follow."""
    if not events:
        return
    scope = Scope(organisation_id=project.organisation_id, project_id=project.pk)
    changes = [_change(event) for event in events]
    publish(EventType.FEATURE_HEALTH_CHANGED, scope=scope, changes=changes, actor=actor)
    refresh_marks(project, {event.feature_id for event in events}, actor=actor)


def _change(event: HealthEvent) -> Change:
    named = {"feature": {"id": event.feature_id, "name": event.feature.name}, "provider": event.provider.name}
    if event.environment is not None:
        named["environment"] = {"id": event.environment_id, "name": event.environment.name}
    return Change(
        object=ObjectType.FEATURE_HEALTH,
        action="updated",
        id=event.pk,
        feature_id=event.feature_id,
        environment_id=event.environment_id,
        after=named | {"status": event.type},
    )
