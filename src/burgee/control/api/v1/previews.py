"""What would happen: who flips when a draft is saved, who is in a segment with these rules."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.api.base import ApiView, EnvironmentFromUrl, ProjectFromUrl, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import PreviewThrottle
from burgee.control.api.v1.draft_json import DraftInput, draft_of
from burgee.control.api.v1.feature_versions import feature_of
from burgee.control.api.v1.fields import IdField
from burgee.control.api.v1.insight_json import (
    NamedJson,
    OutcomeJson,
    PersonJson,
    PlainValueField,
    environment_of,
    from_and_to,
    named,
    people_json,
)
from burgee.control.api.v1.segment_json import RuleInput, drafts
from burgee.control.environments.models import Environment
from burgee.control.insight.previews import Seen, preview_flag
from burgee.control.insight.reach import Reach, Tally, overridden_flags, preview_segment
from burgee.control.projects.models import Project
from burgee.control.segments.models import Segment
from burgee.control.segments.rules import check_rules, stored
from burgee.control.segments.services import condition_limit
from burgee.control.targeting.models import FeatureState

FlipGroupJson = from_and_to(
    "FlipGroup",
    source_side=OutcomeJson(),
    target_side=OutcomeJson(),
    count=serializers.IntegerField(),
    samples=PersonJson(many=True),
)
AnonymousFlipJson = from_and_to(
    "AnonymousFlip", source_side=OutcomeJson(), target_side=OutcomeJson(), changed=serializers.BooleanField()
)


class FlagPreviewJson(serializers.Serializer[Any]):
    examined = serializers.IntegerField()
    total = serializers.IntegerField()
    estimated = serializers.BooleanField()
    changed = serializers.IntegerField()
    changed_enabled = serializers.IntegerField()
    changed_value = serializers.IntegerField()
    changed_variant = serializers.IntegerField()
    groups = FlipGroupJson(many=True)
    anonymous = AnonymousFlipJson()


class SegmentPreviewInput(serializers.Serializer[Any]):
    rules = RuleInput(many=True, allow_empty=False)
    environment = serializers.CharField(max_length=100)
    segment = IdField(required=False, allow_null=True)


class OverriddenFlagJson(serializers.Serializer[Any]):
    feature = NamedJson()
    environment = NamedJson()
    priority = serializers.IntegerField()
    enabled = serializers.BooleanField()
    value = PlainValueField(allow_null=True)


class ReplacedSegmentJson(NamedJson):
    matching = serializers.IntegerField(allow_null=True)
    entering = serializers.IntegerField(allow_null=True)
    leaving = serializers.IntegerField(allow_null=True)
    entering_samples = PersonJson(many=True)
    leaving_samples = PersonJson(many=True)
    flags = OverriddenFlagJson(many=True)


class SegmentPreviewJson(serializers.Serializer[Any]):
    examined = serializers.IntegerField()
    total = serializers.IntegerField()
    matching = serializers.IntegerField(allow_null=True)
    samples = PersonJson(many=True)
    segment = ReplacedSegmentJson(allow_null=True)


class FlagPreview(ApiView):
    """Who among the stored identities would get something else with this draft. Nothing is written."""

    scope = EnvironmentFromUrl()
    permission = Permission.VIEW_ENVIRONMENT
    throttle_classes = (PreviewThrottle,)
    tags = ("insight",)
    accepts = DraftInput
    answers = FlagPreviewJson

    def post(self, request: Request, environment: Environment, feature_id: int) -> Response:
        feature = feature_of(environment, feature_id)
        draft = draft_of(environment, feature, parsed(DraftInput, request))
        if draft.identities:
            self.require(Permission.VIEW_IDENTITIES, environment)
        seen = preview_flag(environment, feature, draft)
        groups = [
            {
                "from": _seen_json(group.was),
                "to": _seen_json(group.becomes),
                "count": group.count,
                "samples": people_json(self, environment, group.samples),
            }
            for group in seen.groups
        ]
        was, becomes = seen.anonymous
        return Response(
            {
                "examined": seen.examined,
                "total": seen.total,
                "estimated": seen.estimated,
                "changed": sum(group.count for group in seen.groups),
                "changed_enabled": seen.count_where("enabled"),
                "changed_value": seen.count_where("typed"),
                "changed_variant": seen.count_where("variant"),
                "groups": groups,
                "anonymous": {"from": _seen_json(was), "to": _seen_json(becomes), "changed": was != becomes},
            }
        )


class SegmentPreview(ApiView):
    """Who among the stored identities matches these rules, and who would enter or leave. Nothing is written.

    Callers who may not view identities are told the flags alone; the numbers are null.
    """

    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    throttle_classes = (PreviewThrottle,)
    tags = ("insight",)
    accepts = SegmentPreviewInput
    answers = SegmentPreviewJson

    def post(self, request: Request, project: Project) -> Response:
        facts = parsed(SegmentPreviewInput, request)
        environment = environment_of(self, project, facts["environment"])
        living = Segment.objects.filter(project=project, deleted_at=None)
        segment_id = facts.get("segment")
        segment = None if segment_id is None else get_or_missing(living, pk=segment_id)
        rules = drafts(facts["rules"])
        check_rules(rules, condition_limit=condition_limit(segment))
        # A count alone would tell a stored trait: whose address is this, in a rule, and is it one or none.
        reach = (
            preview_segment(environment, stored(rules), segment)
            if self.allows(Permission.VIEW_IDENTITIES, environment)
            else None
        )
        replaced = None if segment is None else self._replaced(segment, reach)
        return Response(_reach_json(reach) | {"segment": replaced})

    def _replaced(self, segment: Segment, reach: Reach | None) -> dict[str, Any]:
        visible = visible_environments(self.principal).filter(project_id=segment.project_id)
        states = overridden_flags(segment, list(visible.values_list("pk", flat=True)))
        return {
            "id": segment.pk,
            "name": segment.name,
            "matching": reach.before.count if reach else None,
            "entering": reach.entering.count if reach else None,
            "leaving": reach.leaving.count if reach else None,
            "entering_samples": _samples_json(reach.entering if reach else None),
            "leaving_samples": _samples_json(reach.leaving if reach else None),
            "flags": [_overridden_json(state) for state in states],
        }


def _reach_json(reach: Reach | None) -> dict[str, Any]:
    return {
        "examined": reach.examined if reach else 0,
        "total": reach.total if reach else 0,
        "matching": reach.matching.count if reach else None,
        "samples": _samples_json(reach.matching if reach else None),
    }


def _samples_json(tally: Tally | None) -> list[dict[str, Any]]:
    return [{"id": person.id, "identifier": person.identifier} for person in (tally.samples if tally else ())]


def _seen_json(seen: Seen) -> dict[str, Any]:
    return {"enabled": seen.enabled, "value": seen.value, "variant": seen.variant}


def _overridden_json(state: FeatureState) -> dict[str, Any]:
    return {
        "feature": named(state.feature),
        "environment": named(state.environment),
        "priority": state.feature_segment.priority if state.feature_segment else 0,
        "enabled": state.enabled,
        "value": state.value,
    }


routes = [
    path("environments/<str:environment_key>/features/<int:feature_id>/preview/", FlagPreview),
    path("projects/<int:project_id>/segments/preview/", SegmentPreview),
]
