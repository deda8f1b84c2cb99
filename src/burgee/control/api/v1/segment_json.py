"""Segments as JSON, in and out."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from rest_framework import serializers

from burgee.control.api.v1.custom_field_json import ValueInput, given_values, metadata_of
from burgee.control.api.v1.fields import IdField, ItemsByPosition
from burgee.control.custom_fields.models import Kind
from burgee.control.segments.models import Segment
from burgee.control.segments.rules import (
    OPERATORS,
    RULE_TYPES,
    ConditionDraft,
    RuleDraft,
    refused_pattern,
    unusable_patterns,
)
from burgee.control.segments.services import NewSegment, SegmentChanges

WITHOUT_VALUE = frozenset({"IS_SET", "IS_NOT_SET"})


class ConditionValueField(serializers.CharField):
    """Whatever is given is kept as Python writes it: 5 as "5", null as "None"."""

    def __init__(self, **options: Any) -> None:
        limit = settings.CONTROL.segment_condition_value_limit
        super().__init__(max_length=limit, allow_blank=True, trim_whitespace=False, **options)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return super().validate_empty_values("None" if data is None else data)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(str(data))


class ConditionInput(serializers.Serializer[Any]):
    id = serializers.IntegerField(required=False, allow_null=True)
    operator = serializers.ChoiceField(OPERATORS)
    property = serializers.CharField(max_length=1000, required=False, allow_null=True)
    value = ConditionValueField(required=False)
    description = serializers.CharField(max_length=20000, required=False, allow_null=True, allow_blank=True)
    delete = serializers.BooleanField(required=False, write_only=True)

    class Meta:
        list_serializer_class = ItemsByPosition

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["operator"] in WITHOUT_VALUE and attrs.get("value") == "None":
            # What was read as null stays null when it is sent back.
            attrs["value"] = None
        if attrs["operator"] == "REGEX" and not attrs.get("delete"):
            reason = refused_pattern(attrs.get("value") or "")
            if reason is not None:
                raise serializers.ValidationError({"value": [f"This regular expression cannot be used: {reason}"]})
        return attrs


class NestedRuleInput(serializers.Serializer[Any]):
    id = serializers.IntegerField(required=False, allow_null=True)
    type = serializers.ChoiceField(RULE_TYPES)
    rules = serializers.ListField(required=False)
    conditions = ConditionInput(many=True, required=False)
    delete = serializers.BooleanField(required=False, write_only=True)

    class Meta:
        list_serializer_class = ItemsByPosition


class RuleInput(NestedRuleInput):
    rules = NestedRuleInput(many=True, required=False)  # type: ignore[assignment]  # one level is typed, deeper ones are refused


class SegmentInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=2000)
    description = serializers.CharField(max_length=20000, required=False, allow_null=True, allow_blank=True)
    feature = IdField(required=False, allow_null=True)
    rules = RuleInput(many=True, allow_empty=False)
    metadata = ValueInput(many=True, required=False)


class SegmentChangesInput(SegmentInput):
    """What is named changes; a rule or condition within must be complete."""

    name = serializers.CharField(max_length=2000, required=False)
    rules = RuleInput(many=True, allow_empty=False, required=False)


class SegmentCloneInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=2000)


def new_segment(facts: dict[str, Any]) -> NewSegment:
    return NewSegment(
        name=facts["name"],
        description=facts.get("description"),
        feature_id=facts.get("feature"),
        rules=drafts(facts["rules"]),
        custom_values=given_values(facts),
    )


def segment_changes(facts: dict[str, Any]) -> SegmentChanges:
    """What may change once a segment exists: it stays with its feature."""
    given: dict[str, Any] = {name: facts[name] for name in ("name", "description") if name in facts}
    if "rules" in facts:
        given["rules"] = drafts(facts["rules"])
    if "metadata" in facts:
        given["custom_values"] = given_values(facts)
    return SegmentChanges(**given)


def drafts(rules: list[dict[str, Any]]) -> tuple[RuleDraft, ...]:
    """The tree without what is marked with ``delete``."""
    return tuple(
        _draft(rule, rules=tuple(map(_nested_draft, filter(_stays, rule.get("rules", [])))))
        for rule in rules
        if _stays(rule)
    )


def _nested_draft(rule: dict[str, Any]) -> RuleDraft:
    # What stands below the second level was not read; that it is there is enough to refuse it.
    return _draft(rule, rules=tuple(RuleDraft(type="ALL") for _ in rule.get("rules", [])))


def _draft(rule: dict[str, Any], *, rules: tuple[RuleDraft, ...]) -> RuleDraft:
    conditions = tuple(
        ConditionDraft(
            id=item.get("id"),
            operator=item["operator"],
            property=item.get("property"),
            value=item.get("value"),
            description=item.get("description"),
        )
        for item in filter(_stays, rule.get("conditions", []))
    )
    return RuleDraft(id=rule.get("id"), type=rule["type"], rules=rules, conditions=conditions)


def _stays(item: dict[str, Any]) -> bool:
    return not item.get("delete")


def segment_json(segment: Segment) -> dict[str, Any]:
    return segments_json([segment])[0]


def segments_json(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    metadata = metadata_of(Kind.SEGMENT, [segment.pk for segment in segments])
    return [_segment_json(segment, metadata[segment.pk]) for segment in segments]


def _segment_json(segment: Segment, metadata: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": segment.pk,
        "uuid": str(segment.uuid),
        "created_at": segment.created_at,
        "updated_at": segment.updated_at,
        "name": segment.name,
        "description": segment.description,
        "project": segment.project_id,
        "feature": segment.feature_id,
        "version_of": segment.pk,
        "rules": segment.rules,
        "unusable_patterns": unusable_patterns(segment.rules),
        "metadata": metadata,
        "membership_counts": [],
        "managed_by": (segment.managed_by or "").partition(":")[0],
    }
