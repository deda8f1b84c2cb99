"""States of an environment: defaults and, when asked for, identity overrides; values are bare."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import (
    ApiView,
    EnvironmentFromUrl,
    Missing,
    found_or_missing,
    get_or_missing,
    integer_from_query,
    paginated,
    parsed,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1.change_numbers import ETag, etag, meant_for
from burgee.control.api.v1.fields import IdField
from burgee.control.api.v1.state_json import StateInput, listed_states_json, state_json, weights_of
from burgee.control.api.v1.state_writes import delete_state, feature_in, require_override_rights, shown, write_state
from burgee.control.environments.models import Environment
from burgee.control.identities.queries import identities_in
from burgee.control.targeting.edits import Everyone, ForSegment, Target
from burgee.control.targeting.models import FeatureSegment, FeatureState, FeatureStateQuerySet
from burgee.control.targeting.queries import change_number, served_places, served_state, served_states, target_of


class NewStateInput(StateInput):
    feature_segment = IdField(required=False, allow_null=True)


def matching_states(request: Request, states: FeatureStateQuerySet) -> QuerySet[FeatureState]:
    """The states that ``feature`` and ``feature_name`` ask for."""
    feature_id = integer_from_query(request, "feature")
    if feature_id is not None:
        states = states.filter(feature_id=feature_id)
    name = request.query_params.get("feature_name")
    return states.filter(feature__name__iexact=name) if name else states


class FeatureStates(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {"get": Permission.VIEW_ENVIRONMENT, "post": Permission.UPDATE_FEATURE_STATE}
    asks_about_features = True
    tags = ("feature-states",)
    accepts = NewStateInput

    def get(self, request: Request, environment: Environment) -> Response:
        states = served_states(environment)
        of_identities = "anyIdentity" in request.query_params
        if of_identities:
            self.require(Permission.VIEW_IDENTITIES, environment)
        kind = states.of_identities() if of_identities else states.defaults()
        found = matching_states(request, kind)
        search = request.query_params.get("q")
        if of_identities and search:
            found = found.filter(identity_id__in=identities_in(environment, search=search).values("pk"))
        return paginated(request, found, lambda rows: listed_states_json(rows, environment))

    def post(self, request: Request, environment: Environment) -> Response:
        facts = parsed(NewStateInput, request)
        if "feature" not in facts:
            return Response({"detail": "Feature not provided"}, status=400)
        feature = feature_in(environment, facts["feature"])
        self.require_about(Permission.UPDATE_FEATURE_STATE, environment, feature)
        target = _new_target(environment, feature.pk, facts.get("feature_segment"))
        require_override_rights(self, target, environment, feature)
        with meant_for(request, environment, feature) as expected:
            applied = write_state(
                environment, feature, target, facts, actor=self.actor, must_be_new=True, expected=expected
            )
        return Response(shown(environment, applied, target), status=201)


class OneFeatureState(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {
        "get": Permission.VIEW_ENVIRONMENT,
        "put": Permission.UPDATE_FEATURE_STATE,
        "patch": Permission.UPDATE_FEATURE_STATE,
        "delete": Permission.UPDATE_FEATURE_STATE,
    }
    asks_about_features = True
    tags = ("feature-states",)
    accepts = StateInput

    def get(self, request: Request, environment: Environment, state_id: int) -> Response:  # noqa: ARG002
        state = _served(environment, state_id)
        tag = etag(change_number(environment.pk, state.feature_id))
        return Response(state_json(state, environment, weights_of([state])), headers=tag)

    def put(self, request: Request, environment: Environment, state_id: int) -> Response:
        told, tag = self._change(request, environment, state_id)
        return Response(told, headers=tag)

    def patch(self, request: Request, environment: Environment, state_id: int) -> Response:
        told, tag = self._change(request, environment, state_id)
        return Response({"feature": told["feature"], "enabled": told["enabled"]}, headers=tag)

    def delete(self, request: Request, environment: Environment, state_id: int) -> Response:
        state = _served(environment, state_id)
        self.require_about(Permission.UPDATE_FEATURE_STATE, environment, state.feature)
        require_override_rights(self, target_of(state), environment, state.feature)
        with meant_for(request, environment, state.feature) as expected:
            delete_state(environment, state, actor=self.actor, expected=expected)
        return Response(status=204)

    def _change(self, request: Request, environment: Environment, state_id: int) -> tuple[dict[str, Any], ETag]:
        state = _served(environment, state_id)
        self.require_about(Permission.UPDATE_FEATURE_STATE, environment, state.feature)
        target = target_of(state)
        require_override_rights(self, target, environment, state.feature)
        facts = parsed(StateInput, request)
        with meant_for(request, environment, state.feature) as expected:
            applied = write_state(environment, state.feature, target, facts, actor=self.actor, expected=expected)
        return shown(environment, applied, target), etag(applied.flag.change_number)


def _served(environment: Environment, state_id: int) -> FeatureState:
    return found_or_missing(served_state(environment, state_id), FeatureState)


def _new_target(environment: Environment, feature_id: int, feature_segment_id: int | None) -> Target:
    if feature_segment_id is None:
        return Everyone()
    places = served_places(Environment.objects.filter(pk=environment.pk)).filter(feature_id=feature_id)
    place: FeatureSegment = get_or_missing(places, pk=feature_segment_id)
    return ForSegment(place.segment_id)


routes = [
    path("environments/<str:environment_key>/featurestates/", FeatureStates),
    path("environments/<str:environment_key>/featurestates/<int:state_id>/", OneFeatureState),
]
