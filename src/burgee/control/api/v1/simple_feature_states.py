"""States of every kind across the environments that the caller sees; values stand in typed columns."""

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
from burgee.control.api.base import ApiView, NoScope, get_or_missing, integer_from_query, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.change_numbers import etag, meant_for
from burgee.control.api.v1.fields import IdField
from burgee.control.api.v1.state_json import TypedStateInput, typed_state_json, weights_of
from burgee.control.api.v1.state_writes import feature_in, require_override_rights, write_state
from burgee.control.environments.models import Environment
from burgee.control.identities.models import Identity
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Target
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.queries import change_number, served_places, served_states, target_of
from burgee.control.targeting.services import AppliedEdit


class NewTypedStateInput(TypedStateInput):
    feature = IdField()
    environment = IdField()
    identity = IdField(required=False, allow_null=True)
    identifier = serializers.CharField(required=False, allow_null=True, max_length=2000)
    feature_segment = IdField(required=False, allow_null=True)


class SimpleFeatureStates(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("feature-states",)
    accepts = NewTypedStateInput

    def get(self, request: Request) -> Response:
        environment = _environment(self.principal, integer_from_query(request, "environment"))
        states: QuerySet[FeatureState] = served_states(environment)
        for name, column in (("feature", "feature_id"), ("feature_segment", "feature_segment_id")):
            wanted = integer_from_query(request, name)
            if wanted is not None:
                states = states.filter(**{column: wanted})

        def present(rows: list[FeatureState]) -> list[dict[str, Any]]:
            weights = weights_of(rows)
            return [typed_state_json(state, environment, weights) for state in rows]

        return paginated(request, states, present)

    def post(self, request: Request) -> Response:
        facts = parsed(NewTypedStateInput, request)
        environment = _environment(self.principal, facts["environment"])
        feature = feature_in(environment, facts["feature"])
        target = _target(environment, facts)
        self.require_about(_needed(target), environment, feature)
        require_override_rights(self, target, environment, feature)
        with meant_for(request, environment, feature) as expected:
            applied = write_state(
                environment, feature, target, facts, actor=self.actor, must_be_new=True, expected=expected
            )
        return Response(_shown(environment, applied, target), status=201, headers=etag(applied.flag.change_number))


class OneSimpleFeatureState(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("feature-states",)
    accepts = TypedStateInput

    def get(self, request: Request, state_id: int) -> Response:  # noqa: ARG002
        state, environment = _state(self.principal, pk=state_id)
        tag = etag(change_number(environment.pk, state.feature_id))
        return Response(typed_state_json(state, environment, weights_of([state])), headers=tag)

    def put(self, request: Request, state_id: int) -> Response:
        return self._change(request, state_id)

    def patch(self, request: Request, state_id: int) -> Response:
        return self._change(request, state_id)

    def _change(self, request: Request, state_id: int) -> Response:
        state, environment = _state(self.principal, pk=state_id)
        target = target_of(state)
        self.require_about(_needed(target), environment, state.feature)
        require_override_rights(self, target, environment, state.feature)
        facts = parsed(TypedStateInput, request)
        with meant_for(request, environment, state.feature) as expected:
            applied = write_state(environment, state.feature, target, facts, actor=self.actor, expected=expected)
        return Response(_shown(environment, applied, target), headers=etag(applied.flag.change_number))


class FeatureStateByUuid(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("feature-states",)

    def get(self, request: Request, uuid: UUID) -> Response:  # noqa: ARG002
        state, environment = _state(self.principal, uuid=uuid)
        return Response(typed_state_json(state, environment, weights_of([state])))


def _needed(target: Target) -> Permission:
    is_override = isinstance(target, ForSegment)
    return Permission.MANAGE_SEGMENT_OVERRIDES if is_override else Permission.UPDATE_FEATURE_STATE


def _environment(principal: Principal, environment_id: int | None) -> Environment:
    visible = visible_environments(principal).select_related("project")
    environment = visible.filter(pk=environment_id).first() if environment_id is not None else None
    if environment is None:
        raise PermissionDenied
    return environment


def _state(principal: Principal, **lookup: Any) -> tuple[FeatureState, Environment]:
    visible = FeatureState.objects.live().filter(
        environment__in=visible_environments(principal), feature__deleted_at=None
    )
    found = get_or_missing(visible.select_related("environment__project"), **lookup)
    environment = found.environment
    return served_states(environment).get(pk=found.pk), environment


def _target(environment: Environment, facts: dict[str, Any]) -> Target:
    if facts.get("feature_segment") is not None:
        places = served_places(Environment.objects.filter(pk=environment.pk)).filter(feature_id=facts["feature"])
        place = places.filter(pk=facts["feature_segment"]).first()
        if place is None:
            raise ValidationError({"feature_segment": [_unknown(facts["feature_segment"])]})
        return ForSegment(place.segment_id)
    if facts.get("identity") is not None:
        known = Identity.objects.in_environment(environment.pk).filter(pk=facts["identity"]).exists()
        if not known:
            raise ValidationError({"identity": [_unknown(facts["identity"])]})
        return ForIdentity(facts["identity"])
    if facts.get("identifier"):
        identity = Identity.objects.identified(environment.pk, facts["identifier"])
        if identity is None:
            raise ValidationError({"identifier": ["No identity has this identifier in this environment."]})
        return ForIdentity(identity.pk)
    return Everyone()


def _unknown(id_: int) -> str:
    return f'Invalid pk "{id_}" - object does not exist.'


def _shown(environment: Environment, applied: AppliedEdit, target: Target) -> dict[str, Any]:
    state = served_states(environment).get(pk=applied.state(target).pk)
    return typed_state_json(state, environment, weights_of([state]))


routes = [
    path("features/featurestates/", SimpleFeatureStates),
    path("features/featurestates/get-by-uuid/<uuid:uuid>/", FeatureStateByUuid),
    path("features/featurestates/<int:state_id>/", OneSimpleFeatureState),
]
