"""What one identity gets, and its overrides, which stand outside versions."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, Missing, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.change_numbers import meant_for
from burgee.control.api.v1.feature_states import matching_states
from burgee.control.api.v1.fields import IdField
from burgee.control.api.v1.identities import identity_in
from burgee.control.api.v1.state_json import StateInput, listed_states_json, state_json, weights_of
from burgee.control.api.v1.state_writes import delete_state, feature_in, shown, write_state
from burgee.control.environments.models import Environment
from burgee.control.identities.evaluation import Effective, effective_states
from burgee.control.identities.models import Identity
from burgee.control.identities.overrides import copy_overrides
from burgee.control.targeting.edits import ForIdentity
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.queries import served_states


class SourceInput(serializers.Serializer[Any]):
    source_identity_id = IdField()


def effective_json(effective: Effective) -> dict[str, Any]:
    feature, segment = effective.feature, effective.segment
    return {
        "feature": {"id": feature.pk, "name": feature.name, "type": feature.type},
        "enabled": effective.state.enabled,
        "feature_state_value": effective.value,
        "overridden_by": effective.overridden_by,
        "segment": None if segment is None else {"id": segment.pk, "name": segment.name},
        "multivariate_feature_state_values": [
            {
                "multivariate_feature_option": {"value": weight.option.value},
                "percentage_allocation": weight.percentage_allocation,
            }
            for weight in effective.weights
        ],
    }


def _all_json(environment: Environment, identity: Identity) -> list[dict[str, Any]]:
    return [effective_json(effective) for effective in effective_states(environment, identity)]


def _override(environment: Environment, identity_id: int, state_id: int) -> FeatureState:
    identity = identity_in(environment, identity_id)
    return get_or_missing(served_states(environment).filter(identity_id=identity.pk), pk=state_id)


class IdentityFeatureStates(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {"get": Permission.VIEW_IDENTITIES, "post": Permission.MANAGE_IDENTITIES}
    tags = ("identities",)
    accepts = StateInput

    def get(self, request: Request, environment: Environment, identity_id: int) -> Response:
        identity = identity_in(environment, identity_id)
        found = matching_states(request, served_states(environment).filter(identity_id=identity.pk))
        return paginated(request, found, lambda rows: listed_states_json(rows, environment))

    def post(self, request: Request, environment: Environment, identity_id: int) -> Response:
        identity = identity_in(environment, identity_id)
        facts = parsed(StateInput, request)
        if "feature" not in facts:
            return Response({"detail": "Feature not provided"}, status=400)
        feature = feature_in(environment, facts["feature"])
        target = ForIdentity(identity.pk)
        with meant_for(request, environment, feature) as expected:
            applied = write_state(
                environment, feature, target, facts, actor=self.actor, must_be_new=True, expected=expected
            )
        return Response(shown(environment, applied, target), status=201)


class OneIdentityFeatureState(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {
        "get": Permission.VIEW_IDENTITIES,
        "put": Permission.MANAGE_IDENTITIES,
        "patch": Permission.MANAGE_IDENTITIES,
        "delete": Permission.MANAGE_IDENTITIES,
    }
    tags = ("identities",)
    accepts = StateInput

    def get(self, request: Request, environment: Environment, identity_id: int, state_id: int) -> Response:  # noqa: ARG002
        state = _override(environment, identity_id, state_id)
        return Response(state_json(state, environment, weights_of([state])))

    def put(self, request: Request, environment: Environment, identity_id: int, state_id: int) -> Response:
        return Response(self._change(request, environment, _override(environment, identity_id, state_id)))

    def patch(self, request: Request, environment: Environment, identity_id: int, state_id: int) -> Response:
        told = self._change(request, environment, _override(environment, identity_id, state_id))
        return Response({"feature": told["feature"], "enabled": told["enabled"]})

    def delete(self, request: Request, environment: Environment, identity_id: int, state_id: int) -> Response:
        state = _override(environment, identity_id, state_id)
        with meant_for(request, environment, state.feature) as expected:
            delete_state(environment, state, actor=self.actor, expected=expected)
        return Response(status=204)

    def _change(self, request: Request, environment: Environment, state: FeatureState) -> dict[str, Any]:
        target, facts = ForIdentity(state.identity_id or 0), parsed(StateInput, request)
        with meant_for(request, environment, state.feature) as expected:
            applied = write_state(environment, state.feature, target, facts, actor=self.actor, expected=expected)
        return shown(environment, applied, target)


class AllFeatureStates(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = Permission.VIEW_IDENTITIES
    tags = ("identities",)

    def get(self, request: Request, environment: Environment, identity_id: int) -> Response:  # noqa: ARG002
        return Response(_all_json(environment, identity_in(environment, identity_id)))


class CloneFromGivenIdentity(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = Permission.MANAGE_IDENTITIES
    tags = ("identities",)
    accepts = SourceInput

    def post(self, request: Request, environment: Environment, identity_id: int) -> Response:
        identity = identity_in(environment, identity_id)
        source_id = parsed(SourceInput, request)["source_identity_id"]
        source = Identity.objects.in_environment(environment.pk).filter(pk=source_id).first()
        if source is None:
            raise ValidationError({"source_identity_id": [f'Invalid pk "{source_id}" - object does not exist.']})
        copy_overrides(environment, source, identity, actor=self.actor)
        return Response(_all_json(environment, identity))


STATES = "environments/<str:environment_key>/identities/<int:identity_id>/featurestates/"

routes = [
    path(STATES, IdentityFeatureStates),
    path(f"{STATES}all/", AllFeatureStates),
    path(f"{STATES}clone-from-given-identity/", CloneFromGivenIdentity),
    path(f"{STATES}<int:state_id>/", OneIdentityFeatureState),
]
