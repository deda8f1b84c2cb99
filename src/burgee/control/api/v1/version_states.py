"""The states of one version of a flag; those of a draft may be edited."""

from typing import Any
from uuid import UUID

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentByIdFromUrl, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.feature_versions import BASE, version_of
from burgee.control.api.v1.state_json import Weights, segment_override_json, state_edit, typed_state_json, weights_of
from burgee.control.api.v1.state_writes import DefaultStays, require_override_rights
from burgee.control.api.v1.version_json import VersionStateChanges, VersionStateInput, target_in
from burgee.control.environments.models import Environment
from burgee.control.targeting.drafts import edit_draft
from burgee.control.targeting.edits import Everyone, ForSegment, Remove, Target
from burgee.control.targeting.errors import VersionPublished
from burgee.control.targeting.models import FeatureState, FlagVersion, VersionStatus
from burgee.control.targeting.queries import states_of_version, target_of


class VersionStates(ApiView):
    scope = EnvironmentByIdFromUrl()
    permission = {"get": Permission.VIEW_ENVIRONMENT, "post": Permission.UPDATE_FEATURE_STATE}
    tags = ("versioning",)
    asks_about_features = True
    accepts = VersionStateInput

    def get(self, request: Request, environment: Environment, feature_id: int, version_uuid: UUID) -> Response:  # noqa: ARG002
        states = list(states_of_version(version_of(environment, feature_id, version_uuid)))
        weights = weights_of(states)
        return Response([_told(state, environment, weights) for state in states])

    def post(self, request: Request, environment: Environment, feature_id: int, version_uuid: UUID) -> Response:
        version = _draft(self, environment, feature_id, version_uuid)
        facts = parsed(VersionStateInput, request)
        target = target_in(facts)
        if isinstance(target, Everyone):
            raise ValidationError({"feature_segment": ["This field is required."]})
        require_override_rights(self, target, environment, version.feature)
        edit_draft(version, [state_edit(target, facts, must_be_new=True)], actor=self.actor)
        return Response(_shown(version, environment, target), status=201)


class OneVersionState(ApiView):
    scope = EnvironmentByIdFromUrl()
    permission = Permission.UPDATE_FEATURE_STATE
    tags = ("versioning",)
    asks_about_features = True
    accepts = VersionStateInput

    def put(
        self, request: Request, environment: Environment, feature_id: int, version_uuid: UUID, state_id: int
    ) -> Response:
        version = _draft(self, environment, feature_id, version_uuid)
        return self._change(version, environment, state_id, parsed(VersionStateInput, request))

    def patch(
        self, request: Request, environment: Environment, feature_id: int, version_uuid: UUID, state_id: int
    ) -> Response:
        version = _draft(self, environment, feature_id, version_uuid)
        return self._change(version, environment, state_id, parsed(VersionStateChanges, request))

    def delete(
        self,
        request: Request,  # noqa: ARG002
        environment: Environment,
        feature_id: int,
        version_uuid: UUID,
        state_id: int,
    ) -> Response:
        version = _draft(self, environment, feature_id, version_uuid)
        target = target_of(get_or_missing(states_of_version(version), pk=state_id))
        if not isinstance(target, ForSegment):
            raise DefaultStays
        require_override_rights(self, target, environment, version.feature)
        edit_draft(version, [Remove(target=target)], actor=self.actor)
        return Response(status=204)

    def _change(self, version: FlagVersion, environment: Environment, state_id: int, facts: dict[str, Any]) -> Response:
        target = target_of(get_or_missing(states_of_version(version), pk=state_id))
        if facts.get("feature_segment") is not None:
            target = _moved(target, target_in(facts))
        require_override_rights(self, target, environment, version.feature)
        edit_draft(version, [state_edit(target, facts)], actor=self.actor)
        return Response(_shown(version, environment, target))


def _draft(view: ApiView, environment: Environment, feature_id: int, version_uuid: UUID) -> FlagVersion:
    version = version_of(environment, feature_id, version_uuid)
    view.require_about(Permission.UPDATE_FEATURE_STATE, environment, version.feature)
    if version.status != VersionStatus.DRAFT:
        raise VersionPublished
    return version


def _moved(target: Target, wanted: Target) -> Target:
    if isinstance(target, ForSegment) and isinstance(wanted, ForSegment) and target.segment_id == wanted.segment_id:
        return wanted
    raise ValidationError({"feature_segment": ["This cannot be changed: delete the override and make another."]})


def _shown(version: FlagVersion, environment: Environment, target: Target) -> dict[str, Any]:
    states = states_of_version(version)
    if isinstance(target, ForSegment):
        state = states.filter(feature_segment__segment_id=target.segment_id).first()
    else:
        state = states.filter(feature_segment=None).first()
    if state is None:
        raise NotFound
    return _told(state, environment, weights_of([state]))


def _told(state: FeatureState, environment: Environment, weights: Weights) -> dict[str, Any]:
    if state.feature_segment is None:
        return typed_state_json(state, environment, weights)
    return segment_override_json(state, state.feature_segment, environment, weights)


STATES = f"{BASE}<uuid:version_uuid>/featurestates/"

routes = [path(STATES, VersionStates), path(f"{STATES}<int:state_id>/", OneVersionState)]
