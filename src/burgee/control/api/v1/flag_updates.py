"""Newer writes of a flag: by name or id, with or without versions, and in one piece."""

from collections.abc import Sequence
from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.change_numbers import etag, meant_for
from burgee.control.api.v1.feature_versions import feature_of
from burgee.control.api.v1.fields import IdField, ItemsByPosition
from burgee.control.api.v1.flag_json import (
    LARGEST_PRIORITY,
    FlagInput,
    FlagValueInput,
    IdInput,
    desired_flag,
    flag_json,
    typed_value_in,
)
from burgee.control.api.v1.state_json import WeightInput
from burgee.control.api.v1.version_json import strongest_first
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.targeting.desired import merge_flag, replace_flag
from burgee.control.targeting.edits import Edit, Everyone, ForSegment, Remove, Set, Target
from burgee.control.targeting.errors import FeatureSegmentNotFound
from burgee.control.targeting.queries import change_number
from burgee.control.targeting.services import AppliedEdit, apply

WRITES: Final = (Permission.UPDATE_FEATURE_STATE, Permission.MANAGE_SEGMENT_OVERRIDES)


class FeatureIdentifier(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, max_length=2000, trim_whitespace=False)
    id = IdField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise ValidationError("Name the feature by either its name or its id.")
        return attrs


class PrioritisedSegment(IdInput):
    priority = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST_PRIORITY)


class FlagStateInput(serializers.Serializer[Any]):
    enabled = serializers.BooleanField()
    value = FlagValueInput()


class UpdateFlagInput(FlagStateInput):
    feature = FeatureIdentifier()
    segment = PrioritisedSegment(required=False)


class SegmentStateInput(FlagStateInput):
    segment_id = IdField()
    priority = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST_PRIORITY)
    multivariate_feature_state_values = WeightInput(many=True, required=False)

    class Meta:
        list_serializer_class = ItemsByPosition


class UpdateWholeFlagInput(serializers.Serializer[Any]):
    feature = FeatureIdentifier()
    environment_default = FlagStateInput()
    segment_overrides = SegmentStateInput(many=True, required=False)

    def validate_segment_overrides(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({item["segment_id"] for item in given}) < len(given):
            raise ValidationError(["Each segment can be named only once."])
        return given


class OverrideIdentifier(serializers.Serializer[Any]):
    feature = FeatureIdentifier()
    segment = IdInput()


class ChangeRequestsInUse(APIException):
    status_code = 409

    def __init__(self) -> None:
        text = "Change requests are enabled for this environment: flags are changed by committing one."
        super().__init__({"detail": text, "code": "change_requests_enabled"})


class FlagUpdate(ApiView):
    """What the three routes share that answer 204."""

    scope = EnvironmentFromUrl()
    permission = Permission.UPDATE_FEATURE_STATE
    tags = ("flag-update",)
    succeeds = {"post": (204,)}
    asks_about_features = True

    def parsed_for(
        self, environment: Environment, serializer: type[serializers.Serializer[Any]]
    ) -> tuple[Feature, dict[str, Any]]:
        """The feature that the body names, and the body."""
        if environment.minimum_change_request_approvals is not None:
            raise PermissionDenied
        facts = parsed(serializer, self.request)
        living = Feature.objects.filter(project_id=environment.project_id, deleted_at=None)
        named = {"pk" if name == "id" else name: value for name, value in facts["feature"].items()}
        feature = get_or_missing(living.select_related("project"), **named)
        self.require_about(Permission.UPDATE_FEATURE_STATE, environment, feature)
        return feature, facts

    def applied(self, environment: Environment, feature: Feature, edits: Sequence[Edit]) -> AppliedEdit:
        with meant_for(self.request, environment, feature) as expected:
            return apply(environment, feature, edits, actor=self.actor, expected=expected)


class UpdateFlag(FlagUpdate):
    accepts = UpdateFlagInput

    def post(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002
        feature, facts = self.parsed_for(environment, UpdateFlagInput)
        segment = facts.get("segment")
        target: Target = Everyone() if segment is None else ForSegment(segment["id"], segment.get("priority"))
        self.applied(environment, feature, [_set(target, facts)])
        return Response(status=204)


class UpdateWholeFlag(FlagUpdate):
    accepts = UpdateWholeFlagInput

    def post(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002
        feature, facts = self.parsed_for(environment, UpdateWholeFlagInput)
        overrides = [
            _set(ForSegment(item["segment_id"], item.get("priority")), item)
            for item in facts.get("segment_overrides", ())
        ]
        default = _set(Everyone(), facts["environment_default"])
        self.applied(environment, feature, [default, *strongest_first(overrides)])
        return Response(status=204)


class DeleteSegmentOverride(FlagUpdate):
    accepts = OverrideIdentifier

    def post(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002
        feature, facts = self.parsed_for(environment, OverrideIdentifier)
        edit = Remove(target=ForSegment(facts["segment"]["id"]))
        if not self.applied(environment, feature, [edit]).changes:
            raise FeatureSegmentNotFound
        return Response(status=204)


class FlagView(ApiView):
    """Which of the two permissions to write is needed depends on the body; who has neither finds nothing."""

    scope = EnvironmentFromUrl()
    permission = Permission.VIEW_ENVIRONMENT
    tags = ("flag-update",)

    def writable_feature(self, environment: Environment, feature_id: int) -> Feature:
        """The feature, when the caller may write anything of its flag; 409 where change requests are the way."""
        feature = feature_of(environment, feature_id)
        if not any(self._may(permission, environment, feature) for permission in WRITES):
            raise NotFound("No Environment matches the given query.")
        if environment.minimum_change_request_approvals is not None:
            raise ChangeRequestsInUse
        return feature

    def _may(self, permission: Permission, environment: Environment, feature: Feature) -> bool:
        try:
            self.require_about(permission, environment, feature)
        except PermissionDenied:
            return False
        return True


class OneFlag(FlagView):
    accepts = FlagInput

    def get(self, request: Request, environment: Environment, feature_id: int) -> Response:  # noqa: ARG002
        feature = feature_of(environment, feature_id)
        tag = etag(change_number(environment.pk, feature.pk))
        return Response(flag_json(environment, feature), headers=tag)

    def put(self, request: Request, environment: Environment, feature_id: int) -> Response:
        return self._write(request, environment, feature_id, whole=True)

    def patch(self, request: Request, environment: Environment, feature_id: int) -> Response:
        return self._write(request, environment, feature_id, whole=False)

    def _write(self, request: Request, environment: Environment, feature_id: int, *, whole: bool) -> Response:
        feature = self.writable_feature(environment, feature_id)
        facts = parsed(FlagInput, request)
        if "environment_default" in facts:
            self.require_about(Permission.UPDATE_FEATURE_STATE, environment, feature)
        if "segment_overrides" in facts:
            self.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, environment, feature)
        write = replace_flag if whole else merge_flag
        wanted = desired_flag(feature, facts)
        with meant_for(request, environment, feature) as expected:
            applied = write(environment, feature, wanted, actor=self.actor, expected=expected)
        return _answer(environment, feature, applied)


class OneSegmentOverride(FlagView):
    succeeds = {"delete": (200,)}

    def delete(self, request: Request, environment: Environment, feature_id: int, segment_id: int) -> Response:
        feature = self.writable_feature(environment, feature_id)
        self.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, environment, feature)
        edit = Remove(target=ForSegment(segment_id))
        with meant_for(request, environment, feature) as expected:
            applied = apply(environment, feature, [edit], actor=self.actor, expected=expected)
        if not applied.changes:
            raise FeatureSegmentNotFound
        return _answer(environment, feature, applied)


def _answer(environment: Environment, feature: Feature, applied: AppliedEdit) -> Response:
    return Response(flag_json(environment, feature), headers=etag(applied.flag.change_number))


def _set(target: Target, facts: dict[str, Any]) -> Set:
    edit = Set(target=target, enabled=facts["enabled"], value=typed_value_in(facts))
    shares = facts.get("multivariate_feature_state_values")
    if shares is None:
        return edit
    weights = {item["multivariate_feature_option"]: item["percentage_allocation"] for item in shares}
    return Set(target=target, enabled=edit.enabled, value=edit.value, weights=weights)


EXPERIMENTS = "api/experiments/environments/<str:environment_key>"
FLAG = "api/__future__/environments/<str:environment_key>/features/<int:feature_id>"

root_routes = [
    path(f"{EXPERIMENTS}/update-flag-v1/", UpdateFlag),
    path(f"{EXPERIMENTS}/update-flag-v2/", UpdateWholeFlag),
    path(f"{EXPERIMENTS}/delete-segment-override/", DeleteSegmentOverride),
    path(f"{FLAG}/", OneFlag),
    path(f"{FLAG}/segment-overrides/<int:segment_id>/", OneSegmentOverride),
]
