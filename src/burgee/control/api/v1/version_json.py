"""Feature versions as JSON, in and out."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from burgee.control.api.v1.feature_segments import PlaceInput
from burgee.control.api.v1.fields import IdListField, ItemsByPosition
from burgee.control.api.v1.state_json import TypedStateInput, TypedValueInput, state_edit
from burgee.control.targeting.edits import Edit, Everyone, ForSegment, Remove, Set, Target
from burgee.control.targeting.models import FlagVersion, VersionStatus
from burgee.control.targeting.queries import EVER_SERVED

WEAKEST: Final = 2**31


class VersionStateInput(TypedStateInput):
    """A state of a version; without ``feature_segment`` it is the environment default."""

    feature_segment = PlaceInput(required=False, allow_null=True)
    feature_state_value = TypedValueInput()

    class Meta:
        list_serializer_class = ItemsByPosition


class VersionStateChanges(VersionStateInput):
    feature_state_value = TypedValueInput(required=False)


class VersionInput(serializers.Serializer[Any]):
    description = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=20_000)
    live_from = serializers.DateTimeField(required=False, allow_null=True)
    feature_states_to_create = VersionStateInput(many=True, required=False, allow_null=True)
    feature_states_to_update = VersionStateInput(many=True, required=False, allow_null=True)
    segment_ids_to_delete_overrides = IdListField(required=False, allow_null=True)
    publish_immediately = serializers.BooleanField(default=False)


class PublishInput(serializers.Serializer[Any]):
    live_from = serializers.DateTimeField(required=False, allow_null=True)


def target_in(facts: Mapping[str, Any]) -> Target:
    """For whom a state in the body is."""
    place = facts.get("feature_segment")
    return Everyone() if place is None else ForSegment(place["segment"], priority=place.get("priority"))


def edits_in(facts: Mapping[str, Any]) -> list[Edit]:
    """How the live states differ from those of the version that the body describes."""
    made = facts.get("feature_states_to_create") or []
    if any(item.get("feature_segment") is None for item in made):
        wrong = [
            {"feature_segment": ["This field is required."]} if not item.get("feature_segment") else {} for item in made
        ]
        raise ValidationError({"feature_states_to_create": wrong})
    gone = facts.get("segment_ids_to_delete_overrides") or ()
    changed = facts.get("feature_states_to_update") or []
    return [
        *(Remove(target=ForSegment(segment_id)) for segment_id in gone),
        *strongest_first(state_edit(target_in(item), item, must_exist=True) for item in changed),
        *strongest_first(state_edit(target_in(item), item, must_be_new=True) for item in made),
    ]


def strongest_first(edits: Iterable[Set]) -> list[Set]:
    """In the order of priorities, so that placing one by insertion does not move those placed before."""
    return sorted(edits, key=_priority)


def _priority(edit: Set) -> int:
    named = edit.target.priority if isinstance(edit.target, ForSegment) else None
    return WEAKEST if named is None else named


def version_json(version: FlagVersion) -> dict[str, Any]:
    return {
        "created_at": version.created_at,
        "updated_at": version.published_at or version.created_at,
        "published": version.status != VersionStatus.DRAFT,
        "live_from": version.live_from,
        "uuid": str(version.uuid),
        # Clients call everything live that was ever served.
        "is_live": version.status in EVER_SERVED,
        "published_by": version.published_by_id,
        "created_by": version.created_by_id,
        "description": version.description,
    }
