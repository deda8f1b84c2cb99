"""What happened to a flag since somebody read it, from the events themselves."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of

LOOKED_THROUGH: Final = 500
"""How many of the latest events are read for it at most."""

OBJECTS: Final = frozenset({ObjectType.FEATURE_STATE, ObjectType.FEATURE_SEGMENT, ObjectType.OPTION})


class PastEdit(Struct, frozen=True, kw_only=True):
    """One change of a flag's states, places, options or live version, with its author."""

    at: datetime
    author: str
    object: str
    action: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def latest_edits(environment: Environment, feature_id: int, count: int) -> list[PastEdit]:
    """What the last `count` edits of the flag changed, in their order."""
    found: list[list[PastEdit]] = []
    if not count:
        return []
    here = Q(environment_id=environment.pk) | Q(environment_id=None, project_id=environment.project_id)
    organisation_id = environment.project.organisation_id
    events = Event.objects.filter(here, organisation_id=organisation_id).order_by("-id")[:LOOKED_THROUGH]
    for event in events:
        if len(found) >= count:
            break
        edits = list(_edits(event, environment.pk, feature_id))
        if edits:
            found.append(edits)
    return [edit for edits in reversed(found) for edit in edits]


def _edits(event: Event, environment_id: int, feature_id: int) -> Iterator[PastEdit]:
    for change in changes_of(event):
        if _is_about(change, environment_id, feature_id):
            yield PastEdit(
                at=event.occurred_at,
                author=event.actor_label or "",
                object=change.object.value,
                action=change.action,
                before=change.before,
                after=change.after,
            )


def _is_about(change: Change, environment_id: int, feature_id: int) -> bool:
    somewhere_else = change.environment_id not in {None, environment_id}
    is_edit = change.object in OBJECTS or change.action == "published"
    return change.feature_id == feature_id and is_edit and not somewhere_else
