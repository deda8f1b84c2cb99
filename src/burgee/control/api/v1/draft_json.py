"""Drafts of flags, in; and flags as compared and saved, out."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from burgee.control.api.v1.fields import IdField, ItemsByPosition, PercentageField
from burgee.control.api.v1.flag_json import DefaultInput, IdInput, state_facts, value_json
from burgee.control.api.v1.insight_json import NamedJson
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.identities.models import Identity
from burgee.control.segments.models import Segment
from burgee.control.segments.rollouts import percentage_of
from burgee.control.targeting.desired import DesiredState
from burgee.control.targeting.saving import Draft, DraftIdentity, DraftOverride
from burgee.control.targeting.sheet import Sheet, StateSheet


class RolloutInput(serializers.Serializer[Any]):
    percentage = PercentageField()


class DraftOverrideInput(DefaultInput):
    """Of a segment, or the flag's own roll-out."""

    segment = IdInput(required=False)
    rollout = RolloutInput(required=False)

    class Meta:
        list_serializer_class = ItemsByPosition

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("segment" in attrs) == ("rollout" in attrs):
            raise ValidationError("Name either a segment or a rollout.")
        return attrs


class DraftIdentityInput(DefaultInput):
    identity = IdInput(help_text="The id of a stored identity.")
    remove = serializers.BooleanField(required=False)

    class Meta:
        list_serializer_class = ItemsByPosition


class DraftInput(serializers.Serializer[Any]):
    """What is left out stays; `segment_overrides` are all that there shall be, the strongest first."""

    environment_default = DefaultInput(required=False)
    segment_overrides = DraftOverrideInput(many=True, required=False)
    identity_overrides = DraftIdentityInput(many=True, required=False)

    def validate_segment_overrides(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        _refuse_repeated([item["segment"]["id"] if "segment" in item else 0 for item in given], "segment")
        return given

    def validate_identity_overrides(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        _refuse_repeated([item["identity"]["id"] for item in given], "identity")
        return given


class PlannedDraftInput(DraftInput):
    expected = serializers.IntegerField(required=False, allow_null=True, min_value=0)


class TypedValueJson(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["string", "integer", "boolean"])
    value = serializers.CharField()


class ShareJson(serializers.Serializer[Any]):
    id = IdField()
    weight = serializers.FloatField()


class StateJson(serializers.Serializer[Any]):
    enabled = serializers.BooleanField()
    value = TypedValueJson(allow_null=True)
    variants = ShareJson(many=True)


class ReachJson(serializers.Serializer[Any]):
    percentage = serializers.FloatField()


class OverrideJson(StateJson):
    segment = NamedJson()
    rollout = ReachJson(allow_null=True)
    priority = serializers.IntegerField()


class FlagStateJson(serializers.Serializer[Any]):
    change_number = serializers.IntegerField()
    environment_default = StateJson()
    segment_overrides = OverrideJson(many=True)


def draft_of(environment: Environment, feature: Feature, facts: Mapping[str, Any]) -> Draft:
    """The draft in a body; variants must name every option of the feature, identities must be of the environment."""
    options = set(MultivariateOption.objects.filter(feature=feature).values_list("pk", flat=True))
    default, overrides = facts.get("environment_default"), facts.get("segment_overrides")
    own = facts.get("identity_overrides") or ()
    _refuse_foreign(environment, [item["identity"]["id"] for item in own])
    return Draft(
        default=None if default is None else DesiredState(**state_facts(default, options, "environment_default")),
        overrides=None if overrides is None else [_override(item, options) for item in overrides],
        identities=[
            DraftIdentity(
                identity_id=item["identity"]["id"],
                remove=item.get("remove", False),
                **state_facts(item, options, "identity_overrides"),
            )
            for item in own
        ],
    )


def flag_state_json(
    sheet: Sheet, change_number: int, segments: Mapping[int, Segment], option_ids: Sequence[int]
) -> dict[str, Any]:
    """A flag as it is served, its overrides the strongest first, with a share for every option."""
    ordered = sorted(sheet.places.items(), key=lambda item: (item[1].priority, item[1].row_id))
    return {
        "change_number": change_number,
        "environment_default": _state_json(sheet.default, option_ids),
        "segment_overrides": [
            {
                "segment": {"id": segment_id, "name": segments[segment_id].name},
                "rollout": _rollout_json(segments[segment_id]),
                "priority": place.priority,
            }
            | _state_json(place.state, option_ids)
            for segment_id, place in ordered
            if place.state is not None and segment_id in segments
        ],
    }


def _override(item: Mapping[str, Any], options: set[int]) -> DraftOverride:
    return DraftOverride(
        segment_id=item["segment"]["id"] if "segment" in item else None,
        rollout=item["rollout"]["percentage"] if "rollout" in item else None,
        **state_facts(item, options, "segment_overrides"),
    )


def _rollout_json(segment: Segment) -> dict[str, float] | None:
    percentage = percentage_of(segment)
    return None if percentage is None else {"percentage": percentage}


def _state_json(state: StateSheet, option_ids: Sequence[int]) -> dict[str, Any]:
    shares = {option_id: weight.percentage for option_id, weight in state.weights.items()}
    return {
        "enabled": state.enabled,
        "value": value_json(state.value),
        "variants": [{"id": option_id, "weight": shares.get(option_id, 0.0)} for option_id in option_ids],
    }


def _refuse_foreign(environment: Environment, identity_ids: Sequence[int]) -> None:
    known = Identity.objects.in_environment(environment.pk).filter(pk__in=identity_ids)
    missing = set(identity_ids) - set(known.values_list("pk", flat=True)) if identity_ids else None
    if missing:
        raise ValidationError({"identity_overrides": [f'Invalid pk "{min(missing)}" - object does not exist.']})


def _refuse_repeated(ids: Sequence[int], what: str) -> None:
    if len(set(ids)) < len(ids):
        raise ValidationError([f"Each {what} can be named only once."])
