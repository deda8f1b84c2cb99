"""Test as: what somebody gets, and why."""

from collections.abc import Sequence
from typing import Any, Final

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import InsightThrottle
from burgee.control.api.v1.insight_json import NamedJson, OutcomeJson, PlainValueField
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.identities.models import Identity
from burgee.control.identities.rules import IDENTIFIER_LENGTH
from burgee.control.insight.explaining import Asker, Explained, explain
from burgee.engine import (
    ConditionExplanation,
    FlagExplanation,
    OverrideExplanation,
    RuleExplanation,
    SegmentExplanation,
)
from burgee.wire.snapshot import SegmentPart

MOST_TRAITS: Final = 1000


class TraitValueField(PlainValueField):
    """Text, a number, true, false or null: what SDKs send as traits."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict | list):
            raise serializers.ValidationError("Must be a text, a number, true, false or null.")
        return data


class ExplainInput(serializers.Serializer[Any]):
    identifier = serializers.CharField(
        required=False, allow_null=True, max_length=IDENTIFIER_LENGTH, trim_whitespace=False
    )
    traits = serializers.DictField(child=TraitValueField(allow_null=True), required=False)
    use_stored = serializers.BooleanField(default=True)
    feature = serializers.CharField(required=False, allow_null=True, help_text="The name or the id of a feature.")

    def validate_traits(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) > MOST_TRAITS:
            raise serializers.ValidationError([f"There can be at most {MOST_TRAITS} traits."])
        return given


class UsedTraitJson(serializers.Serializer[Any]):
    key = serializers.CharField()
    value = PlainValueField(allow_null=True)
    origin = serializers.ChoiceField(["given", "stored"])


class AskerJson(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True)
    identifier = serializers.CharField(allow_null=True)
    stored = serializers.BooleanField()
    traits = UsedTraitJson(many=True)


class ExplainedFeatureJson(NamedJson):
    type = serializers.CharField()


class DeciderJson(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["identity_override", "segment", "split", "default"])
    segment = NamedJson(allow_null=True)
    priority = serializers.IntegerField(allow_null=True)
    place = serializers.FloatField(allow_null=True)


class ConsideredOverrideJson(serializers.Serializer[Any]):
    segment = NamedJson()
    priority = serializers.IntegerField(allow_null=True)
    matched = serializers.BooleanField()
    decided = serializers.BooleanField()


class ExplainedFlagJson(OutcomeJson):
    feature = ExplainedFeatureJson()
    reason = serializers.CharField()
    decided_by = DeciderJson()
    overrides = ConsideredOverrideJson(many=True)


class ExplainedConditionJson(serializers.Serializer[Any]):
    operator = serializers.CharField()
    property = serializers.CharField(allow_null=True)
    wanted = serializers.CharField(allow_null=True)
    seen = PlainValueField(allow_null=True)
    held = serializers.BooleanField()
    place = serializers.FloatField(allow_null=True)


class ExplainedNestedRuleJson(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["ALL", "ANY", "NONE"])
    held = serializers.BooleanField()
    conditions = ExplainedConditionJson(many=True)
    rules = serializers.ListField(child=serializers.DictField())


class ExplainedRuleJson(ExplainedNestedRuleJson):
    rules = ExplainedNestedRuleJson(many=True)  # type: ignore[assignment]  # rules have two levels


class ExplainedSegmentJson(NamedJson):
    feature = serializers.IntegerField(allow_null=True)
    matched = serializers.BooleanField()
    rules = ExplainedRuleJson(many=True)


class ExplainJson(serializers.Serializer[Any]):
    identity = AskerJson()
    flags = ExplainedFlagJson(many=True)
    segments = ExplainedSegmentJson(many=True)


class Explain(ApiView):
    """What an identity, stored or made up, gets for every flag, with the rule that decided. Nothing is written."""

    scope = EnvironmentFromUrl()
    permission = Permission.VIEW_ENVIRONMENT
    throttle_classes = (InsightThrottle,)
    tags = ("insight",)
    accepts = ExplainInput
    answers = ExplainJson

    def post(self, request: Request, environment: Environment) -> Response:
        facts = parsed(ExplainInput, request)
        identifier = facts.get("identifier")
        stored = None
        if identifier is not None and facts["use_stored"]:
            self.require(Permission.VIEW_IDENTITIES, environment)
            stored = Identity.objects.identified(environment.pk, identifier)
        asker = Asker(identifier=identifier, given=facts.get("traits") or {}, stored=stored)
        told = explain(environment, asker, feature_ids=_feature_ids(environment, facts.get("feature")))
        return Response(
            {
                "identity": _asker_json(asker),
                "flags": [_flag_json(flag, told) for flag in told.explanation.flags],
                "segments": [_segment_json(segment, told) for segment in told.explanation.segments],
            }
        )


def _feature_ids(environment: Environment, text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    living = Feature.objects.filter(project_id=environment.project_id, deleted_at=None)
    by_name = living.filter(name=text).first()
    if by_name is not None:
        return frozenset({by_name.pk})
    is_id = text.isascii() and text.isdigit() and len(text) < 20
    return frozenset({get_or_missing(living, pk=int(text) if is_id else 0).pk})


def _asker_json(asker: Asker) -> dict[str, Any]:
    traits = [
        {"key": key, "value": value, "origin": "given" if key in asker.given else "stored"}
        for key, value in sorted(asker.traits.items())
    ]
    stored = asker.stored
    return {
        "id": stored.pk if stored else None,
        "identifier": asker.identifier,
        "stored": stored is not None,
        "traits": traits,
    }


def _flag_json(flag: FlagExplanation, told: Explained) -> dict[str, Any]:
    part, place = told.flags[flag.name], told.places.get(flag.name)
    winner = next((override for override in flag.overrides if override.decided), None)
    kind = {"identity": "identity_override", "segment": "segment"}.get(
        flag.decided_by, "default" if place is None else "split"
    )
    return {
        "feature": {"id": part.feature_id, "name": part.name, "type": part.type},
        "enabled": flag.enabled,
        "value": flag.value,
        "variant": flag.variant,
        "reason": _reason(flag, told),
        "decided_by": {
            "kind": kind,
            "segment": None if flag.segment is None else _named_segment(flag.segment, told),
            "priority": winner.priority if winner else None,
            "place": place,
        },
        "overrides": [_override_json(override, told) for override in flag.overrides],
    }


def _reason(flag: FlagExplanation, told: Explained) -> str:
    """As SDKs are told it; a segment is called by its name."""
    if flag.segment is None or not flag.reason.startswith("TARGETING_MATCH"):
        return flag.reason
    return f"TARGETING_MATCH; segment={_named_segment(flag.segment, told)['name']}"


def _override_json(override: OverrideExplanation, told: Explained) -> dict[str, Any]:
    return {
        "segment": _named_segment(override.segment, told),
        "priority": override.priority,
        "matched": override.matched,
        "decided": override.decided,
    }


def _named_segment(segment_id: Any, told: Explained) -> dict[str, Any]:
    part = told.segments.get(segment_id)
    return {"id": segment_id, "name": part.name if part else ""}


def _segment_json(segment: SegmentExplanation, told: Explained) -> dict[str, Any]:
    part = told.segments[int(segment.id)]
    return {
        "id": part.segment_id,
        "name": part.name,
        "feature": part.feature_id,
        "matched": segment.held,
        "rules": _rules_json(segment.rules, part, told),
    }


def _rules_json(rules: Sequence[RuleExplanation], part: SegmentPart, told: Explained) -> list[dict[str, Any]]:
    return [
        {
            "type": rule.type,
            "held": rule.held,
            "conditions": [_condition_json(condition, part, told) for condition in rule.conditions],
            "rules": _rules_json(rule.rules, part, told),
        }
        for rule in rules
    ]


def _condition_json(condition: ConditionExplanation, part: SegmentPart, told: Explained) -> dict[str, Any]:
    splits_key = condition.operator == "PERCENTAGE_SPLIT" and not condition.property
    return {
        "operator": condition.operator,
        "property": condition.property,
        "wanted": condition.value,
        "seen": condition.seen,
        "held": condition.held,
        "place": told.split_place(part) if splits_key else None,
    }


routes = [path("environments/<str:environment_key>/explain/", Explain)]
