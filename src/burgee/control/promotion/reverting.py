"""Taking a recorded change back: the opposite edit is made from what the record says was there before."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from msgspec import UNSET, Struct

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of
from burgee.control.features.models import Feature, Tag
from burgee.control.features.services import FeatureChanges, change_feature
from burgee.control.identities.models import Identity
from burgee.control.kit.actor import Actor
from burgee.control.promotion.recorded import (
    EXISTENCE,
    STATE_FIELDS,
    ChangedSince,
    NotRevertible,
    Recorded,
    Reverted,
    fields_of,
    hindrance,
    later_edits,
)
from burgee.control.segments.models import Segment
from burgee.control.segments.rollouts import is_rollout
from burgee.control.segments.rules import ConditionDraft, RuleDraft
from burgee.control.segments.services import SegmentChanges, change_segment
from burgee.control.targeting.edits import Edit, Everyone, ForIdentity, ForSegment, Remove, Set, Target
from burgee.control.targeting.services import apply
from burgee.control.targeting.versions import lock_flag


class Place(Struct, frozen=True):
    """What a recorded change is about, as it is today."""

    feature: Feature | None = None
    environment: Environment | None = None
    segment: Segment | None = None


def place_of(recorded: Recorded) -> Place:
    """Raises NotRevertible for changes that have no opposite, or whose objects are gone."""
    reason = hindrance(recorded)
    if reason is not None:
        raise NotRevertible(reason=reason)
    change = recorded.changes[0]
    if change.object == ObjectType.SEGMENT:
        segment = Segment.objects.living().select_related("project").filter(pk=change.id).first()
        return Place(segment=_found(segment, "segment"))
    features = Feature.objects.living().select_related("project").filter(pk=change.feature_id or 0)
    feature = _found(features.first(), "feature")
    if change.object == ObjectType.FEATURE:
        return Place(feature=feature)
    environments = Environment.objects.living().select_related("project__organisation")
    environment = _found(environments.filter(pk=change.environment_id or 0).first(), "environment")
    return Place(feature=feature, environment=environment)


@transaction.atomic
def revert(recorded: Recorded, *, actor: Actor, force: bool = False) -> Reverted:
    """Make the opposite edit; raises NotRevertible, or ChangedSince unless it is forced."""
    place = place_of(recorded)
    if place.environment is not None and place.feature is not None:
        lock_flag(place.environment.pk, place.feature.pk)
    fields = [field for change in recorded.changes for field in fields_of(change)]
    later = [] if force else list(later_edits(recorded, {field.field for field in fields}))
    if later:
        raise ChangedSince([field.field for field in fields], later)
    changed = _MAKERS[recorded.kind](recorded, place, actor)
    return Reverted(changed=changed, fields=fields)


def _found(row: Any, what: str) -> Any:
    if row is None:
        raise NotRevertible(reason=f"The {what} is not there any more.")
    return row


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
    fields = {field.field for field in fields_of(change)} - {EXISTENCE}
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
    ordered = sorted(
        (priority, segment_id) for segment_id, priority in before.items() if segment_id and priority is not None
    )
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
    if is_rollout(place.segment):
        raise NotRevertible(reason="A roll-out is taken back by saving the flag with the percentage that it had.")
    (change,) = recorded.changes
    back = {field.field: field.becomes for field in fields_of(change)}
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
    back = {field.field: field.becomes for field in fields_of(change)}
    if "tags" in back:
        labels = back.pop("tags")
        tags = Tag.objects.filter(project=place.feature.project_id, label__in=labels)
        back["tag_ids"] = tuple(tags.order_by("pk").values_list("pk", flat=True))
    latest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    change_feature(place.feature, FeatureChanges(**back), actor=actor)
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() != latest


_MAKERS: Final[Mapping[ObjectType, Callable[[Recorded, Place, Actor], bool]]] = {
    ObjectType.FEATURE_STATE: _revert_state,
    ObjectType.FEATURE_SEGMENT: _revert_order,
    ObjectType.SEGMENT: _revert_segment,
    ObjectType.FEATURE: _revert_feature,
}
