"""The order of segment overrides, and overrides made in one call."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.access.standing import Principal
from burgee.control.api.base import (
    ApiView,
    EnvironmentFromUrl,
    Missing,
    NoScope,
    get_or_missing,
    paginated,
    parsed,
)
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.api.base.routing import path
from burgee.control.api.v1.change_numbers import meant_for
from burgee.control.api.v1.fields import IdField, ItemsByPosition
from burgee.control.api.v1.state_json import TypedStateInput, TypedValueInput, segment_override_json, weights_of
from burgee.control.api.v1.state_writes import feature_in, refuse_versioned, write_state
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.targeting.edits import AddSegment, ForSegment, Remove, Reorder
from burgee.control.targeting.errors import SegmentNotFound, SegmentOfAnotherFeature
from burgee.control.targeting.models import FeatureSegment
from burgee.control.targeting.queries import served_places, served_states
from burgee.control.targeting.services import apply

LARGEST_PRIORITY = 2**31 - 1


class FeatureSegmentQuery(serializers.Serializer[Any]):
    environment = serializers.IntegerField(max_value=LARGEST_ID)
    feature = serializers.IntegerField(max_value=LARGEST_ID)


class FeatureSegmentInput(serializers.Serializer[Any]):
    feature = IdField()
    segment = IdField()
    environment = IdField()


class PriorityInput(serializers.Serializer[Any]):
    id = IdField()
    priority = serializers.IntegerField(min_value=0, max_value=LARGEST_PRIORITY)

    class Meta:
        list_serializer_class = ItemsByPosition


class PlaceInput(serializers.Serializer[Any]):
    segment = IdField()
    priority = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST_PRIORITY)


class SegmentOverrideInput(TypedStateInput):
    feature_segment = PlaceInput(required=False, allow_null=True)
    feature_state_value = TypedValueInput()


def listed_json(place: FeatureSegment) -> dict[str, Any]:
    return {
        "id": place.pk,
        "uuid": str(place.uuid),
        "segment": place.segment_id,
        "priority": place.priority,
        "environment": place.environment_id,
        "segment_name": place.segment.name,
        "is_feature_specific": place.segment.feature_id is not None,
    }


def created_json(place: FeatureSegment) -> dict[str, Any]:
    return {
        "id": place.pk,
        "uuid": str(place.uuid),
        "feature": place.feature_id,
        "segment": place.segment_id,
        "environment": place.environment_id,
        "priority": place.priority,
    }


def _places(principal: Principal) -> QuerySet[FeatureSegment]:
    return served_places(visible_environments(principal))


class FeatureSegments(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("feature-segments",)
    accepts = FeatureSegmentInput

    def get(self, request: Request) -> Response:
        reader = FeatureSegmentQuery(data=request.query_params.dict())
        reader.is_valid(raise_exception=True)
        wanted = reader.validated_data
        _visible(self.principal, wanted["environment"])
        found = _places(self.principal).filter(environment_id=wanted["environment"], feature_id=wanted["feature"])
        return paginated(request, found, lambda rows: list(map(listed_json, rows)))

    def post(self, request: Request) -> Response:
        facts = parsed(FeatureSegmentInput, request)
        environment = _visible(self.principal, facts["environment"])
        feature = feature_in(environment, facts["feature"])
        self.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, environment, feature)
        refuse_versioned(environment)
        edit = AddSegment(segment_id=facts["segment"])
        with meant_for(request, environment, feature) as expected:
            applied = apply(environment, feature, [edit], actor=self.actor, expected=expected)
        return Response(created_json(applied.feature_segment(facts["segment"])), status=201)


class OneFeatureSegment(ApiView):
    """A place keeps its feature, segment and environment; a change of priority has its own route."""

    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("feature-segments",)
    accepts = FeatureSegmentInput

    def get(self, request: Request, place_id: int) -> Response:  # noqa: ARG002
        return Response(listed_json(get_or_missing(_places(self.principal), pk=place_id)))

    def put(self, request: Request, place_id: int) -> Response:
        return self._unchanged(request, place_id, partial=False)

    def patch(self, request: Request, place_id: int) -> Response:
        return self._unchanged(request, place_id, partial=True)

    def delete(self, request: Request, place_id: int) -> Response:
        place = get_or_missing(_places(self.principal), pk=place_id)
        self.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, place.environment, place.feature)
        refuse_versioned(place.environment)
        edit = Remove(target=ForSegment(place.segment_id))
        with meant_for(request, place.environment, place.feature) as expected:
            apply(place.environment, place.feature, [edit], actor=self.actor, expected=expected)
        return Response(status=204)

    def _unchanged(self, request: Request, place_id: int, *, partial: bool) -> Response:
        place = get_or_missing(_places(self.principal), pk=place_id)
        self.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, place.environment, place.feature)
        refuse_versioned(place.environment)
        told = created_json(place)
        for name, value in parsed(FeatureSegmentInput, request, partial=partial).items():
            if value != told[name]:
                raise ValidationError({name: ["This cannot be changed: delete the override and make another."]})
        return Response(told)


class FeatureSegmentByUuid(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("feature-segments",)

    def get(self, request: Request, uuid: UUID) -> Response:  # noqa: ARG002
        return Response(listed_json(get_or_missing(_places(self.principal), uuid=uuid)))


class UpdatePriorities(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("feature-segments",)
    accepts = PriorityInput

    def post(self, request: Request) -> Response:
        reader = PriorityInput(data=request.data, many=True)
        reader.is_valid(raise_exception=True)
        priorities = {item["id"]: item["priority"] for item in reader.validated_data}
        if not priorities:
            return Response([])
        place = self._one_flag(priorities)
        self.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, place.environment, place.feature)
        refuse_versioned(place.environment)
        edit = Reorder(priorities=priorities)
        with meant_for(request, place.environment, place.feature) as expected:
            apply(place.environment, place.feature, [edit], actor=self.actor, expected=expected)
        moved = _places(self.principal).filter(pk__in=list(priorities))
        return Response([listed_json(row) for row in moved])

    def _one_flag(self, priorities: dict[int, int]) -> FeatureSegment:
        places = list(_places(self.principal).filter(pk__in=list(priorities)))
        missing = set(priorities) - {place.pk for place in places}
        if missing:
            raise ValidationError({"id": [f'Invalid pk "{min(missing)}" - object does not exist.']})
        if len({(place.environment_id, place.feature_id) for place in places}) > 1:
            raise ValidationError("All feature segments must belong to the same feature and environment.")
        return places[0]


class CreateSegmentOverride(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = Permission.MANAGE_SEGMENT_OVERRIDES
    asks_about_features = True
    tags = ("feature-segments",)
    succeeds = {"post": (201,)}
    accepts = SegmentOverrideInput

    def post(self, request: Request, environment: Environment, feature_id: int) -> Response:
        refuse_versioned(environment)
        living = Feature.objects.filter(project_id=environment.project_id, deleted_at=None)
        feature = get_or_missing(living.select_related("project"), pk=feature_id)
        self.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, environment, feature)
        facts = parsed(SegmentOverrideInput, request)
        place = facts.get("feature_segment")
        if place is None:
            raise ValidationError({"feature_segment": ["This field is required."]})
        target = ForSegment(place["segment"], priority=place.get("priority"))
        try:
            with meant_for(request, environment, feature) as expected:
                applied = write_state(environment, feature, target, facts, actor=self.actor, expected=expected)
        except (SegmentNotFound, SegmentOfAnotherFeature) as error:
            raise ValidationError({"feature_segment": {"segment": [str(error)]}}) from error
        state = served_states(environment).get(pk=applied.state(target).pk)
        made = applied.feature_segment(place["segment"])
        return Response(segment_override_json(state, made, environment, weights_of([state])), status=201)


def _visible(principal: Principal, environment_id: int) -> Environment:
    environment = visible_environments(principal).select_related("project").filter(pk=environment_id).first()
    if environment is None:
        raise PermissionDenied
    return environment


routes = [
    path("features/feature-segments/", FeatureSegments),
    path("features/feature-segments/update-priorities/", UpdatePriorities),
    path("features/feature-segments/get-by-uuid/<uuid:uuid>/", FeatureSegmentByUuid),
    path("features/feature-segments/<int:place_id>/", OneFeatureSegment),
    path(
        "environments/<str:environment_key>/features/<int:feature_id>/create-segment-override/",
        CreateSegmentOverride,
    ),
]
