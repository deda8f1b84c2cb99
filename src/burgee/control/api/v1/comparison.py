"""Two environments side by side, and carrying flags from one to the other."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, ProjectFromUrl, integer_from_query, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import InsightThrottle
from burgee.control.api.v1.addressed_feature import features_of
from burgee.control.api.v1.draft_json import FlagStateJson, flag_state_json
from burgee.control.api.v1.fields import IdListField
from burgee.control.api.v1.flag_save import LONGEST_NOTE, permit_draft
from burgee.control.api.v1.insight_json import (
    NamedJson,
    PlaceJson,
    PlainValueField,
    environment_of,
    from_and_to,
    named,
    place_json,
)
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.projects.models import Project
from burgee.control.promotion.carrying import promote
from burgee.control.promotion.comparing import Comparison, FlagComparison, FlagSide, Part, compare

MOST_FEATURES: Final = 1000

DifferenceJson = from_and_to(
    "FlagDifference",
    source_side=PlainValueField(allow_null=True),
    target_side=PlainValueField(allow_null=True),
    part=serializers.ChoiceField(list(Part)),
    segment=NamedJson(allow_null=True),
    field=serializers.CharField(),
)
ComparedFlagJson = from_and_to(
    "ComparedFlag",
    source_side=FlagStateJson(),
    target_side=FlagStateJson(),
    feature=NamedJson(),
    differences=DifferenceJson(many=True),
)
ComparisonJson = from_and_to(
    "EnvironmentComparison",
    source_side=PlaceJson(),
    target_side=PlaceJson(),
    compared=serializers.IntegerField(),
    features=ComparedFlagJson(many=True),
)
PromotionJson = from_and_to(
    "Promotion",
    source_side=PlaceJson(),
    target_side=PlaceJson(),
    dry_run=serializers.BooleanField(),
    features=ComparedFlagJson(many=True),
)


class _PromotionFields(serializers.Serializer[Any]):
    features = IdListField()
    parts = serializers.ListField(
        child=serializers.ChoiceField([part.value for part in Part]), required=False, allow_empty=False
    )
    dry_run = serializers.BooleanField(default=False)
    note = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=LONGEST_NOTE)


class PromotionInput(_PromotionFields):
    def get_fields(self) -> dict[str, Any]:
        # Python keeps the name for itself.
        return {"from": serializers.CharField(max_length=100), **super().get_fields()}

    def validate_features(self, given: Sequence[int]) -> Sequence[int]:
        if not 0 < len(given) <= MOST_FEATURES:
            raise ValidationError([f"Name at least one feature, and at most {MOST_FEATURES}."])
        return given


class Compare(ApiView):
    """The features that are served differently by two environments of the project, field by field."""

    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    throttle_classes = (InsightThrottle,)
    tags = ("insight",)
    answers = ComparisonJson

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, required=True, description="The key of an environment."),
            OpenApiParameter("to", str, required=True, description="The key of another."),
            OpenApiParameter("feature", int, description="The id of the only feature to compare."),
        ]
    )
    def get(self, request: Request, project: Project) -> Response:
        source, target = (environment_of(self, project, _key(request, name)) for name in ("from", "to"))
        features = features_of(project).order_by("name", "pk")
        feature_id = integer_from_query(request, "feature")
        if feature_id is not None:
            features = features.filter(pk=feature_id)
        found = compare(source, target, list(features))
        return Response(_comparison_json(source, target, found) | {"compared": found.compared})


class Promote(ApiView):
    """Copies chosen flags from another environment into this one; a dry run only says what differs."""

    scope = EnvironmentFromUrl()
    permission = Permission.VIEW_ENVIRONMENT
    throttle_classes = (InsightThrottle,)
    tags = ("insight",)
    accepts = PromotionInput
    answers = PromotionJson

    def post(self, request: Request, environment: Environment) -> Response:
        facts = parsed(PromotionInput, request)
        source = environment_of(self, environment.project, facts["from"])
        features = self._features(environment, facts["features"])
        parts = frozenset(Part(name) for name in facts.get("parts", list(Part)))
        if facts["dry_run"]:
            found = compare(source, environment, features, parts)
        else:
            for feature in features:
                permit_draft(self, environment, feature, _named_in(parts))
            note = facts.get("note") or None
            found = promote(source, environment, features, parts, actor=self.actor, note=note)
        return Response(_comparison_json(source, environment, found) | {"dry_run": facts["dry_run"]})

    @staticmethod
    def _features(environment: Environment, ids: Sequence[int]) -> list[Feature]:
        found = {feature.pk: feature for feature in features_of(environment.project).filter(pk__in=ids)}
        missing = [id_ for id_ in ids if id_ not in found]
        if missing:
            raise ValidationError({"features": [f'Invalid pk "{missing[0]}" - object does not exist.']})
        return [found[id_] for id_ in ids]


def _named_in(parts: frozenset[Part]) -> Mapping[str, Any]:
    """What a draft with these parts would name."""
    named_parts: dict[str, Any] = {"segment_overrides": ()} if Part.SEGMENT_OVERRIDES in parts else {}
    return named_parts | ({"environment_default": {}} if parts - {Part.SEGMENT_OVERRIDES} else {})


def _key(request: Request, name: str) -> str:
    key = request.query_params.get(name)
    if not key:
        raise ValidationError({name: ["This field is required."]})
    return key


def _comparison_json(source: Environment, target: Environment, found: Comparison) -> dict[str, Any]:
    return {
        "from": place_json(source),
        "to": place_json(target),
        "features": [_flag_json(flag, found) for flag in found.flags],
    }


def _flag_json(flag: FlagComparison, found: Comparison) -> dict[str, Any]:
    def side(one: FlagSide) -> dict[str, Any]:
        options = found.option_ids.get(flag.feature.pk, ())
        return flag_state_json(one.sheet, one.change_number, found.segments, options)

    return {
        "feature": named(flag.feature),
        "from": side(flag.source),
        "to": side(flag.target),
        "differences": [
            {
                "part": one.part.value,
                "segment": None if one.segment is None else {"id": one.segment.pk, "name": one.segment.name},
                "field": one.field,
                "from": one.source,
                "to": one.target,
            }
            for one in flag.differences
        ],
    }


routes = [
    path("projects/<int:project_id>/compare/", Compare),
    path("environments/<str:environment_key>/promote/", Promote),
]
