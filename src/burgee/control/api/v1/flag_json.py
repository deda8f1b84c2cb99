"""A flag in one piece, in the spelling of the newer routes: values as a type and a text."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import UNSET
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from burgee.control.api.v1.fields import FeatureTextField, IdField, ItemsByPosition, PercentageField
from burgee.control.api.v1.state_json import Weights, weights_of
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.kit.values import FlagValue
from burgee.control.targeting.desired import DesiredFlag, DesiredOverride, DesiredState
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.queries import served_states

TYPES: Final = ("integer", "string", "boolean")
BOOLEANS: Final = {"true": True, "false": False}
LARGEST_PRIORITY: Final = 2**31 - 1
DUPLICATE: Final = "Each {what} can be named only once."


class TextOfValueField(FeatureTextField):
    """Text; numbers and booleans as JSON writes them, because clients send those too."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool):
            data = "true" if data else "false"
        return super().to_internal_value(data)


class FlagValueInput(serializers.Serializer[Any]):
    """Validates to the value itself, wrapped so that null is a value too."""

    type = serializers.ChoiceField(TYPES)
    value = TextOfValueField(allow_null=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {"typed": _typed(attrs["type"], attrs["value"])}


class VariantInput(serializers.Serializer[Any]):
    id = IdField()
    weight = PercentageField()

    class Meta:
        list_serializer_class = ItemsByPosition


class IdInput(serializers.Serializer[Any]):
    id = IdField()


class DefaultInput(serializers.Serializer[Any]):
    enabled = serializers.BooleanField(required=False)
    value = FlagValueInput(required=False, allow_null=True)
    variants = VariantInput(many=True, required=False)


class OverrideInput(DefaultInput):
    segment = IdInput()
    priority = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST_PRIORITY)

    class Meta:
        list_serializer_class = ItemsByPosition


class FlagInput(serializers.Serializer[Any]):
    environment_default = DefaultInput(required=False)
    segment_overrides = OverrideInput(many=True, required=False)

    def validate_segment_overrides(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        _refuse_repeated([item["segment"]["id"] for item in given], "segment")
        _refuse_repeated([item["priority"] for item in given if item.get("priority") is not None], "priority")
        return given


def typed_value_in(facts: Mapping[str, Any]) -> FlagValue:
    """The value of a state in the body; null is a value."""
    value: FlagValue = facts["value"]["typed"] if facts["value"] is not None else None
    return value


def desired_flag(feature: Feature, facts: Mapping[str, Any]) -> DesiredFlag:
    """What the body asks for; variants must name every option of the feature."""
    options = set(MultivariateOption.objects.filter(feature=feature).values_list("pk", flat=True))
    default, overrides = facts.get("environment_default"), facts.get("segment_overrides")
    return DesiredFlag(
        default=None if default is None else DesiredState(**state_facts(default, options, "environment_default")),
        overrides=None
        if overrides is None
        else [
            DesiredOverride(
                segment_id=item["segment"]["id"],
                priority=item.get("priority"),
                **state_facts(item, options, "segment_overrides"),
            )
            for item in overrides
        ],
    )


def flag_json(environment: Environment, feature: Feature) -> dict[str, Any]:
    """A flag as it is served, its overrides the strongest first, with a share for every option."""
    states = list(served_states(environment).filter(feature=feature, identity_id=None))
    weights = weights_of(states)
    options = list(MultivariateOption.objects.filter(feature=feature).order_by("pk").values_list("pk", flat=True))
    default = next(state for state in states if state.feature_segment is None)
    overrides = sorted(
        ((state.feature_segment, state) for state in states if state.feature_segment is not None),
        key=lambda pair: (pair[0].priority, pair[0].pk),
    )
    return {
        "environment_default": _state_json(default, weights, options),
        "segment_overrides": [
            {"segment": {"id": place.segment_id}, "priority": place.priority} | _state_json(state, weights, options)
            for place, state in overrides
        ],
    }


def _state_json(state: FeatureState, weights: Weights, options: Sequence[int]) -> dict[str, Any]:
    shares = {row.option_id: row.percentage_allocation for row in weights.get(state.pk, ())}
    return {
        "enabled": state.enabled,
        "value": value_json(state.value),
        "variants": [{"id": option_id, "weight": shares.get(option_id, 0.0)} for option_id in options],
    }


def value_json(value: FlagValue) -> dict[str, str] | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return {"type": "boolean", "value": "true" if value else "false"}
    return {"type": "integer" if isinstance(value, int) else "string", "value": str(value)}


def _typed(kind: str, text: str) -> FlagValue:
    if kind == "string":
        return text
    if kind == "boolean":
        if text.strip().lower() not in BOOLEANS:
            raise ValidationError({"value": ['Must be "true" or "false".']})
        return BOOLEANS[text.strip().lower()]
    try:
        number = int(text) if len(text) < 20 else LARGEST_PRIORITY + 1
    except ValueError as error:
        raise ValidationError({"value": ["A valid integer is required."]}) from error
    if not -(2**31) <= number < 2**31:
        raise ValidationError({"value": ["Ensure this value is between -2147483648 and 2147483647."]})
    return number


def state_facts(facts: Mapping[str, Any], options: set[int], field: str) -> dict[str, Any]:
    """What a body says of a state: what is not there is unset; `field` is where errors are told."""
    return {
        "enabled": facts.get("enabled", UNSET),
        "value": typed_value_in(facts) if "value" in facts else UNSET,
        "weights": _weights(facts["variants"], options, field) if "variants" in facts else UNSET,
    }


def _weights(variants: Sequence[Mapping[str, Any]], options: set[int], field: str) -> dict[int, float]:
    named = [item["id"] for item in variants]
    _refuse_repeated(named, "variant")
    if set(named) != options:
        raise ValidationError({field: {"variants": ["All variants of the feature must be named, and no others."]}})
    return {item["id"]: item["weight"] for item in variants}


def _refuse_repeated(named: Sequence[int], what: str) -> None:
    if len(set(named)) < len(named):
        raise ValidationError([DUPLICATE.format(what=what)])
