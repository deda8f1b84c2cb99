"""What a line of the audit log records: which fields would go back, and what has touched them since."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.db.models import Q
from msgspec import Struct

from burgee.control.events.catalog import ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of
from burgee.control.kit.errors import Conflict, DomainError
from burgee.control.targeting.history import PastEdit

LOOKED_THROUGH: Final = 500
"""How many later events are read at most to see whether one touched the same."""

FEATURE_FIELDS: Final = ("description", "is_archived", "is_server_key_only", "tags")
SEGMENT_FIELDS: Final = ("name", "description", "rules")
STATE_FIELDS: Final = ("enabled", "value", "weights")
EXISTENCE: Final = "override"


NAMES: Final[Mapping[ObjectType, tuple[str, ...]]] = {
    ObjectType.FEATURE_STATE: STATE_FIELDS,
    ObjectType.FEATURE: FEATURE_FIELDS,
    ObjectType.SEGMENT: SEGMENT_FIELDS,
}

REVERTIBLE: Final = frozenset({*NAMES, ObjectType.FEATURE_SEGMENT})


class NotRevertible(DomainError):
    code = "not_revertible"
    message = "{reason}"


class ChangedSince(Conflict):
    """Later changes touched the same fields."""

    code = "changed_since"
    message = "This has changed again since then."

    def __init__(self, fields: Sequence[str], later: Sequence[PastEdit]) -> None:
        self.fields = fields
        self.later = later
        super().__init__()


class Recorded(Struct, frozen=True, kw_only=True):
    """What one line of the audit log tells: some changes of an event, all of the same thing."""

    event: Event
    changes: Sequence[Change]

    @property
    def kind(self) -> ObjectType:
        return self.changes[0].object


class FieldReverted(Struct, frozen=True):
    field: str
    was: Any
    becomes: Any


class Reverted(Struct, frozen=True, kw_only=True):
    """``changed`` is False when everything was as before already."""

    changed: bool
    fields: Sequence[FieldReverted]


def is_revertible(recorded: Recorded) -> bool:
    """Whether the kind of change has an opposite; what it is about may be gone nevertheless."""
    return hindrance(recorded) is None


def hindrance(recorded: Recorded) -> str | None:
    change = recorded.changes[0]
    if change.object not in REVERTIBLE:
        return f"A change of this kind ({change.object.value.replace('_', ' ')}) cannot be taken back."
    if change.object == ObjectType.FEATURE_STATE:
        is_default = change.segment_id is None and change.identity_id is None
        return "A flag's default cannot be taken away." if is_default and change.action != "updated" else None
    if change.action != "updated":
        return f"What was {change.action} cannot be brought to what it was before."
    if change.object == ObjectType.FEATURE and not fields_of(change):
        return "Nothing that changed here can be taken back by itself."
    return None


def fields_of(change: Change) -> list[FieldReverted]:
    """What goes back, from what to what."""
    before, after = change.before or {}, change.after or {}
    if change.action != "updated":
        return [FieldReverted(EXISTENCE, change.action == "created", change.action == "deleted")]
    if change.object == ObjectType.FEATURE_SEGMENT:
        name = f"priority of {(after.get('segment') or {}).get('name')}"
        return [FieldReverted(name, after.get("priority"), before.get("priority"))]
    if change.object == ObjectType.SEGMENT:
        before, after = ({**told, "name": (told.get("segment") or {}).get("name")} for told in (before, after))
    return [
        FieldReverted(name, after.get(name), before.get(name))
        for name in NAMES[change.object]
        if name in before and _differ(before.get(name), after.get(name))
    ]


def _differ(old: Any, new: Any) -> bool:
    # 1 and true are different values of a flag.
    return old != new or type(old) is not type(new)


def later_edits(recorded: Recorded, fields: set[str]) -> Iterator[PastEdit]:
    """Changes since then of the same fields of the same things, oldest first."""
    event = recorded.event
    keys = {_key(change) for change in recorded.changes}
    here = Q(project_id=event.project_id) if event.project_id else Q(environment_id=event.environment_id)
    events = Event.objects.filter(here, organisation_id=event.organisation_id, id__gt=event.pk).order_by("id")
    for other in events[:LOOKED_THROUGH]:
        for change in changes_of(other):
            if _key(change) in keys and fields & _touched(change):
                yield PastEdit(
                    at=other.occurred_at,
                    author=other.actor_label or "",
                    object=change.object.value,
                    action=change.action,
                    before=change.before,
                    after=change.after,
                )


def _touched(change: Change) -> set[str]:
    """A state that came or went had all of its fields touched."""
    named = {field.field for field in fields_of(change)}
    return named if change.action == "updated" else named | set(STATE_FIELDS)


def _key(change: Change) -> tuple[Any, ...]:
    if change.object in {ObjectType.SEGMENT, ObjectType.FEATURE}:
        return change.object, change.id
    return change.object, change.environment_id, change.feature_id, change.segment_id, change.identity_id
