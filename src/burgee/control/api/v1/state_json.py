"""Feature states as JSON, in the two spellings that the routes have."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from msgspec import UNSET, UnsetType
from rest_framework import serializers

from burgee.control.api.v1.feature_json import COLUMN_OF_TYPE, VALUE_TYPES, columns
from burgee.control.api.v1.fields import FeatureTextField, IdField, ItemsByPosition, PercentageField
from burgee.control.environments.models import Environment
from burgee.control.identities.models import Identity
from burgee.control.kit.values import FlagValue
from burgee.control.targeting.edits import Set, Target
from burgee.control.targeting.models import FeatureSegment, FeatureState, VariantWeight
from burgee.control.targeting.rows import stored_weights

Weights = Mapping[int, list[VariantWeight]]


class ScalarValueField(serializers.Field[FlagValue, Any, FlagValue, Any]):
    """A bare value: a boolean, an integer, or text; anything else is kept as the text that Python writes."""

    default_error_messages = {
        "max_length": "Ensure this field has no more than {max_length} characters.",
        "out_of_range": "Ensure this value is between -2147483648 and 2147483647.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_internal_value(self, data: Any) -> FlagValue:
        if isinstance(data, bool):
            return data
        if isinstance(data, int):
            if not -(2**31) <= data < 2**31:
                self.fail("out_of_range")
            return data
        text = str(data)
        limit = settings.CONTROL.feature_value_limit
        if len(text) > limit:
            self.fail("max_length", max_length=limit)
        return text

    def to_representation(self, value: FlagValue) -> FlagValue:
        return value


class WeightInput(serializers.Serializer[Any]):
    multivariate_feature_option = IdField()
    percentage_allocation = PercentageField()

    class Meta:
        list_serializer_class = ItemsByPosition


class TypedValueInput(serializers.Serializer[Any]):
    """A value in typed columns; ``type`` names the one that counts."""

    type = serializers.ChoiceField(VALUE_TYPES, required=False, allow_null=True)
    string_value = FeatureTextField(required=False)
    integer_value = serializers.IntegerField(required=False, allow_null=True, min_value=-(2**31), max_value=2**31 - 1)
    boolean_value = serializers.BooleanField(required=False, allow_null=True)


class StateInput(serializers.Serializer[Any]):
    """A state with a bare value; everything is optional but what the route itself demands."""

    feature = IdField(required=False)
    enabled = serializers.BooleanField(required=False)
    feature_state_value = ScalarValueField(required=False)
    multivariate_feature_state_values = WeightInput(many=True, required=False)


class TypedStateInput(serializers.Serializer[Any]):
    enabled = serializers.BooleanField(required=False)
    feature_state_value = TypedValueInput(required=False)
    multivariate_feature_state_values = WeightInput(many=True, required=False)


def typed_input(facts: Mapping[str, Any]) -> FlagValue:
    """The value that ``type`` points at."""
    value: FlagValue = facts.get(COLUMN_OF_TYPE.get(facts.get("type") or "", "string_value"))
    return value


def state_edit(target: Target, facts: Mapping[str, Any], *, must_be_new: bool = False, must_exist: bool = False) -> Set:
    """The edit that the body asks for; what it leaves out stays."""
    value: FlagValue | UnsetType = UNSET
    if "feature_state_value" in facts:
        given = facts["feature_state_value"]
        value = typed_input(given) if isinstance(given, Mapping) else given
    weights: dict[int, float] | UnsetType = UNSET
    if "multivariate_feature_state_values" in facts:
        shares = facts["multivariate_feature_state_values"]
        weights = {item["multivariate_feature_option"]: item["percentage_allocation"] for item in shares}
    return Set(
        target=target,
        enabled=facts.get("enabled", UNSET),
        value=value,
        weights=weights,
        must_be_new=must_be_new,
        must_exist=must_exist,
    )


def weights_of(states: Iterable[FeatureState]) -> dict[int, list[VariantWeight]]:
    """The weights of these states, by state, in one query."""
    found: dict[int, list[VariantWeight]] = {}
    for row in stored_weights(states):
        found.setdefault(row.state_id, []).append(row)
    return found


def weight_json(weight: VariantWeight) -> dict[str, Any]:
    return {
        "id": weight.pk,
        "multivariate_feature_option": weight.option_id,
        "percentage_allocation": weight.percentage_allocation,
    }


def state_json(state: FeatureState, environment: Environment, weights: Weights) -> dict[str, Any]:
    """A state with its bare value; the version must be loaded with the state."""
    version = state.version if environment.use_v2_feature_versioning else None
    # Clients have learnt that only the states of a flag's first version carry a time and a number of their own.
    is_first = version is None or version.number == 1
    return {
        "id": state.pk,
        "feature_state_value": state.value,
        "multivariate_feature_state_values": [weight_json(row) for row in weights.get(state.pk, ())],
        "deleted_at": None,
        "uuid": str(state.uuid),
        "enabled": state.enabled,
        "created_at": state.created_at,
        "updated_at": state.updated_at,
        "live_from": state.created_at if is_first else None,
        "version": 1 if is_first else None,
        "feature": state.feature_id,
        "environment": state.environment_id,
        "identity": state.identity_id,
        "feature_segment": state.feature_segment_id,
        "change_request": None,
        "environment_feature_version": str(version.uuid) if version else None,
    }


def listed_states_json(states: list[FeatureState], environment: Environment) -> list[dict[str, Any]]:
    """States as lists show them: with the identity spelled out."""
    weights = weights_of(states)
    ids = {state.identity_id for state in states if state.identity_id is not None}
    people = {row.pk: row for row in Identity.objects.filter(pk__in=ids)} if ids else {}
    return [
        state_json(state, environment, weights) | {"identity": _identity_json(people.get(state.identity_id or 0))}
        for state in states
    ]


def typed_state_json(state: FeatureState, environment: Environment, weights: Weights) -> dict[str, Any]:
    """A state with its value in typed columns."""
    return state_json(state, environment, weights) | {"feature_state_value": columns(state.value)}


def segment_override_json(
    state: FeatureState, place: FeatureSegment, environment: Environment, weights: Weights
) -> dict[str, Any]:
    """A segment override with its place in the order."""
    told = typed_state_json(state, environment, weights)
    told["feature_segment"] = {
        "id": place.pk,
        "segment": place.segment_id,
        "priority": place.priority,
        "uuid": str(place.uuid),
    }
    return told


def _identity_json(identity: Identity | None) -> dict[str, Any] | None:
    return None if identity is None else {"id": identity.pk, "identifier": identity.identifier}
