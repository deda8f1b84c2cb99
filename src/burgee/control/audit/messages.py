"""Lines of the log as receivers of webhooks get them."""

from typing import Any

from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import Surroundings
from burgee.control.audit.services import lines_about
from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.projects.models import Project


def lines_for_receivers(event: Event) -> list[dict[str, Any]]:
    """The lines that tell `event`."""
    lines = lines_about(event)
    around = Surroundings.of(lines)
    return [_told(line, around) for line in lines]


def _told(line: AuditLog, around: Surroundings) -> dict[str, Any]:
    return {
        "id": line.pk,
        "created_date": line.occurred_at,
        "log": line.log,
        "author": around.author(line),
        "environment": _environment(around.environments.get(line.environment_id or 0)),
        "project": _project(around.projects.get(line.project_id or 0)),
        "related_object_id": line.object_id,
        "related_object_uuid": line.object_uuid,
        "related_object_type": line.object_type,
        "is_system_event": line.is_system_event,
    }


def _environment(row: Environment | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.pk,
        "uuid": row.uuid,
        "name": row.name,
        "api_key": row.api_key,
        "description": row.description,
        "project": row.project_id,
    }


def _project(row: Project | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"id": row.pk, "uuid": row.uuid, "name": row.name, "organisation": row.organisation_id}
