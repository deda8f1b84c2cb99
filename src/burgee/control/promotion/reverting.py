"""Taking a recorded change back: the opposite edit is made from what the record says was there before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from msgspec import UNSET, Struct

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of
from burgee.control.features.models import Feature, Tag
from burgee.control.features.services import FeatureChanges, change_feature
from burgee.control.identities.models import Identity
from burgee.control.kit.actor import Actor
from burgee.control.kit.errors import Conflict, DomainError
from burgee.control.segments.models import Segment
from burgee.control.segments.rules import ConditionDraft, RuleDraft
from burgee.control.segments.services import SegmentChanges, change_segment
from burgee.control.targeting.edits import Edit, Everyone, ForIdentity, ForSegment, Remove, Set, Target
from burgee.control.targeting.history import PastEdit
from burgee.control.targeting.services import apply
from burgee.control.targeting.versions import lock_flag

LOOKED_THROUGH: Final = 500
"""How many later events are read at most to see whether one touched the same."""

FEATURE_FIELDS: Final = ("description", "is_archived", "is_server_key_only", "tags")
SEGMENT_FIELDS: Final = ("name", "description", "rules")
STATE_FIELDS: Final = ("enabled", "value", "weights")
EXISTENCE: Final = "override"


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


class Place(Struct, frozen=True):
    """What a recorded change is about, as it is today."""

    feature: Feature | None = None
    environment: Environment | None = None
    segment: Segment | None = None


def place_of(recorded: Recorded) -> Place:
    """Raises NotRevertible for changes that have no opposite, or whose objects are gone."""
    reason = _hindrance(recorded)
    if reason is not None:
        raise NotRevertible(reason=reason)
    change = recorded.changes[0]
    if change.object == ObjectType.SEGMENT:
        segment = Segment.objects.living().select_related("project").filter(pk=change.id).first()
        return Place(segment=_found(segment, "segment"))
    features = Feature.objects.living().select_related("project").filter(pk=change.feature_id)
    feature = _found(features.first(), "feature")
    if change.object == ObjectType.FEATURE:
        return Place(feature=feature)
    environments = Environment.objects.living().select_related("project__organisation")
    environment = _found(environments.filter(pk=change.environment_id).first(), "environment")
    return Place(feature=feature, environment=environment)


def is_revertible(recorded: Recorded) -> bool:
    """Whether the kind of change has an opposite; what it is about may be gone nevertheless."""
    return _hindrance(recorded) is None


@transaction.atomic
def revert(recorded: Recorded, *, actor: Actor, force: bool = False) -> Reverted:
    """Make the opposite edit; raises NotRevertible, or ChangedSince unless it is forced."""
    place = place_of(recorded)
    if place.environment is not None and place.feature is not None:
        lock_flag(place.environment.pk, place.feature.pk)
    fields = [field for change in recorded.changes for field in _fields(change)]
    later = [] if force else list(_later(recorded, {field.field for field in fields}))
    if later:
        raise ChangedSince([field.field for field in fields], later)
    changed = _MAKERS[recorded.kind](recorded, place, actor)
    return Reverted(changed=changed, fields=fields)


def _hindrance(recorded: Recorded) -> str | None:
    change = recorded.changes[0]
    if change.object not in _MAKERS:
        return f"A change of this kind ({change.object.value.replace('_', ' ')}) cannot be taken back."
    if change.object == ObjectType.FEATURE_STATE:
        is_default = change.segment_id is None and change.identity_id is None
        return "A flag's default cannot be taken away." if is_default and change.action != "updated" else None
    if change.action != "updated":
        return f"What was {change.action} cannot be brought to what it was before."
    if change.object == ObjectType.FEATURE and not _fields(change):
        return "Nothing that changed here can be taken back by itself."
    return None


def _found(row: Any, what: str) -> Any:
    if row is None:
        raise NotRevertible(reason=f"The {what} is not there any more.")
    return row


def _fields(change: Change) -> list[FieldReverted]:
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
        for name in _NAMES[change.object]
        if name in before and _differ(before.get(name), after.get(name))
    ]


def _differ(old: Any, new: Any) -> bool:
    # 1 and true are different values of a flag.
    return old != new or type(old) is not type(new)


def _later(recorded: Recorded, fields: set[str]) -> Iterator[PastEdit]:
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
    named = {field.field for field in _fields(change)}
    return named if change.action == "updated" else named | set(STATE_FIELDS)


def _key(change: Change) -> tuple[Any, ...]:
    if change.object in {ObjectType.SEGMENT, ObjectType.FEATURE}:
        return change.object, change.id
    return change.object, change.environment_id, change.feature_id, change.segment_id, change.identity_id


def _revert_state(recorded: Recorded, place: Place, actor: Actor) -> bool:
    (change, *_) = recorded.changes
    target = _target(change)
    edit: Edit
    if change.action == "created" and not isinstance(target, Everyone):
        edit = Remove(target=target)
    else:
        _require_there(target, place)
        if change.action == "deleted" and isinstance(target, ForSegment):
            target = ForSegment(target.segment_id, _old_priority(recorded))
        edit = _set(change, target)
    return _apply(place, [edit], actor)


def _set(change: Change, target: Target) -> Set:
    fields = {field.field for field in _fields(change)} - {EXISTENCE}
    told, wanted = change.before or {}, fields or set(STATE_FIELDS)
    return Set(
        target=target,
        enabled=told["enabled"] if "enabled" in wanted else UNSET,
        value=told["value"] if "value" in wanted else UNSET,
        weights=_weights(change) if "weights" in wanted else UNSET,
        must_exist=change.action == "updated",
    )


def _weights(change: Change) -> dict[int, float]:
    """The shares as they were; of options that had none, nothing."""
    before, after = (
        {item["option"]: item["percentage"] for item in (told or {}).get("weights") or ()}
        for told in (change.before, change.after)
    )
    return dict.fromkeys(after, 0.0) | before


def _target(change: Change) -> Target:
    if change.identity_id is not None:
        return ForIdentity(change.identity_id)
    return Everyone() if change.segment_id is None else ForSegment(change.segment_id)


def _require_there(target: Target, place: Place) -> None:
    if isinstance(target, ForSegment) and not Segment.objects.living().filter(pk=target.segment_id).exists():
        raise NotRevertible(reason="The segment is not there any more.")
    if isinstance(target, ForIdentity):
        environment_id = place.environment.pk if place.environment else 0
        _found(Identity.objects.in_environment(environment_id).filter(pk=target.identity_id).first(), "identity")


def _old_priority(recorded: Recorded) -> int | None:
    """Where the override stood: another record of the same event says so."""
    gone = recorded.changes[0]
    for change in changes_of(recorded.event):
        same = (change.environment_id, change.feature_id, change.segment_id) == (
            gone.environment_id,
            gone.feature_id,
            gone.segment_id,
        )
        if same and change.object == ObjectType.FEATURE_SEGMENT and change.before:
            priority: int | None = change.before.get("priority")
            return priority
    return None


def _revert_order(recorded: Recorded, place: Place, actor: Actor) -> bool:
    before = {change.segment_id: (change.before or {}).get("priority") for change in recorded.changes}
    # The strongest first: placing one by insertion does not move those placed before.
    ordered = sorted((priority, segment_id) for segment_id, priority in before.items() if segment_id and priority is not None)
    edits = [Set(target=ForSegment(segment_id, priority), must_exist=True) for priority, segment_id in ordered]
    return _apply(place, edits, actor)


def _apply(place: Place, edits: Sequence[Edit], actor: Actor) -> bool:
    if place.environment is None or place.feature is None:
        raise NotRevertible(reason="The flag is not there any more.")
    applied = apply(place.environment, place.feature, edits, actor=actor)
    return bool(applied.changes)


def _revert_segment(recorded: Recorded, place: Place, actor: Actor) -> bool:
    if place.segment is None:
        return False
    (change,) = recorded.changes
    back = {field.field: field.becomes for field in _fields(change)}
    if not back:
        raise NotRevertible(reason="Nothing that changed here can be taken back by itself.")
    if "rules" in back:
        back["rules"] = tuple(map(_rule, back["rules"]))
    version = place.segment.version
    return change_segment(place.segment, SegmentChanges(**back), actor=actor).version != version


def _rule(told: Mapping[str, Any]) -> RuleDraft:
    conditions = (
        ConditionDraft(
            id=item["id"],
            operator=item["operator"],
            property=item["property"],
            value=item["value"],
            description=item.get("description"),
        )
        for item in told.get("conditions", ())
    )
    nested = tuple(map(_rule, told.get("rules", ())))
    return RuleDraft(id=told["id"], type=told["type"], rules=nested, conditions=tuple(conditions))


def _revert_feature(recorded: Recorded, place: Place, actor: Actor) -> bool:
    if place.feature is None:
        return False
    (change,) = recorded.changes
    back = {field.field: field.becomes for field in _fields(change)}
    if "tags" in back:
        labels = back.pop("tags")
        tags = Tag.objects.filter(project=place.feature.project_id, label__in=labels)
        back["tag_ids"] = tuple(tags.order_by("pk").values_list("pk", flat=True))
    latest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    change_feature(place.feature, FeatureChanges(**back), actor=actor)
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() != latest


_NAMES: Final[Mapping[ObjectType, tuple[str, ...]]] = {
    ObjectType.FEATURE_STATE: STATE_FIELDS,
    ObjectType.FEATURE: FEATURE_FIELDS,
    ObjectType.SEGMENT: SEGMENT_FIELDS,
}

_MAKERS: Final[Mapping[ObjectType, Callable[[Recorded, Place, Actor], bool]]] = {
    ObjectType.FEATURE_STATE: _revert_state,
    ObjectType.FEATURE_SEGMENT: _revert_order,
    ObjectType.SEGMENT: _revert_segment,
    ObjectType.FEATURE: _revert_feature,
}
