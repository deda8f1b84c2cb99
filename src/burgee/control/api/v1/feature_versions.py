"""Versions of a flag (v2 versioning): history, drafts, publishing, and turning them on and off."""

from uuid import UUID

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.api.base import (
    ApiView,
    EnvironmentByIdFromUrl,
    EnvironmentFromUrl,
    NoScope,
    get_or_missing,
    paginated,
    parsed,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1.change_numbers import meant_for
from burgee.control.api.v1.state_writes import require_override_rights
from burgee.control.api.v1.version_json import PublishInput, VersionInput, edits_in, version_json
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.targeting.adoption import disable_versions, enable_versions
from burgee.control.targeting.drafts import NewVersion, create_version, discard, release
from burgee.control.targeting.edits import Remove, Set
from burgee.control.targeting.errors import StateExists, StateMissing
from burgee.control.targeting.models import FlagVersion
from burgee.control.targeting.queries import EVER_SERVED, previous_version, versions_of

NOT_FOUND = "No EnvironmentFeatureVersion matches the given query."
CONFLICT = "An unresolvable conflict occurred: {reason}"
CHOICES = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


def feature_of(environment: Environment, feature_id: int) -> Feature:
    """A living feature of the environment's project, or 404."""
    living = Feature.objects.filter(project_id=environment.project_id, deleted_at=None)
    return get_or_missing(living.select_related("project"), pk=feature_id)


def version_of(environment: Environment, feature_id: int, version_uuid: UUID) -> FlagVersion:
    """A version of the flag, or 404; there are none where versions are not used."""
    here = Environment.objects.filter(pk=environment.pk)
    version = versions_of(here).filter(feature_id=feature_id, uuid=version_uuid).first()
    if version is None:
        raise NotFound(NOT_FOUND)
    return version


class FeatureVersions(ApiView):
    scope = EnvironmentByIdFromUrl()
    permission = {"get": Permission.VIEW_ENVIRONMENT, "post": Permission.UPDATE_FEATURE_STATE}
    tags = ("versioning",)
    asks_about_features = True
    accepts = VersionInput

    def get(self, request: Request, environment: Environment, feature_id: int) -> Response:
        feature = feature_of(environment, feature_id)
        found = versions_of(Environment.objects.filter(pk=environment.pk)).filter(feature=feature)
        wanted = CHOICES.get(request.query_params.get("is_live", ""))
        if wanted is not None:
            found = found.filter(status__in=EVER_SERVED) if wanted else found.exclude(status__in=EVER_SERVED)
        return paginated(request, found, lambda rows: list(map(version_json, rows)))

    def post(self, request: Request, environment: Environment, feature_id: int) -> Response:
        feature = feature_of(environment, feature_id)
        self.require_about(Permission.UPDATE_FEATURE_STATE, environment, feature)
        if not environment.use_v2_feature_versioning:
            raise ValidationError({"environment": "Environment must use v2 feature versioning."})
        facts = parsed(VersionInput, request)
        edits = edits_in(facts)
        for edit in edits:
            if isinstance(edit, Set | Remove):
                require_override_rights(self, edit.target, environment, feature)
        new = NewVersion(
            edits=edits,
            description=facts.get("description"),
            live_from=facts.get("live_from"),
            publish=facts["publish_immediately"],
        )
        try:
            with meant_for(request, environment, feature) as expected:
                version = create_version(environment, feature, new, actor=self.actor, expected=expected)
        except (StateExists, StateMissing) as error:
            raise ValidationError({"message": CONFLICT.format(reason=error)}) from error
        return Response(version_json(version), status=201)


class OneFeatureVersion(ApiView):
    """Reading one version has a route of its own: see `VersionByUuid`."""

    scope = EnvironmentByIdFromUrl()
    permission = {"delete": Permission.UPDATE_FEATURE_STATE}
    tags = ("versioning",)
    asks_about_features = True

    def delete(self, request: Request, environment: Environment, feature_id: int, version_uuid: UUID) -> Response:  # noqa: ARG002
        version = version_of(environment, feature_id, version_uuid)
        self.require_about(Permission.UPDATE_FEATURE_STATE, environment, version.feature)
        discard(version, actor=self.actor)
        return Response(status=204)


class PublishVersion(ApiView):
    scope = EnvironmentByIdFromUrl()
    permission = Permission.UPDATE_FEATURE_STATE
    tags = ("versioning",)
    asks_about_features = True
    accepts = PublishInput

    def post(self, request: Request, environment: Environment, feature_id: int, version_uuid: UUID) -> Response:
        version = version_of(environment, feature_id, version_uuid)
        self.require_about(Permission.UPDATE_FEATURE_STATE, environment, version.feature)
        live_from = parsed(PublishInput, request).get("live_from")
        with meant_for(request, environment, version.feature) as expected:
            released = release(version, live_from, actor=self.actor, expected=expected)
        return Response({"live_from": released.live_from})


class VersionByUuid(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("versioning",)

    def get(self, request: Request, version_uuid: UUID) -> Response:  # noqa: ARG002
        version = versions_of(visible_environments(self.principal)).filter(uuid=version_uuid).first()
        if version is None:
            raise NotFound(NOT_FOUND)
        previous = previous_version(version)
        told = version_json(version) | {
            "previous_version_uuid": str(previous.uuid) if previous else None,
            "feature": version.feature_id,
            "environment": version.environment_id,
        }
        return Response(told)


class EnableVersioning(ApiView):
    scope = EnvironmentFromUrl()
    permission = Permission.ENVIRONMENT_ADMIN
    tags = ("versioning",)
    succeeds = {"post": (202,)}

    def post(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002
        enable_versions(environment, actor=self.actor)
        return Response(status=202)


class DisableVersioning(ApiView):
    scope = EnvironmentFromUrl()
    permission = Permission.ENVIRONMENT_ADMIN
    tags = ("versioning",)
    succeeds = {"post": (202,)}

    def post(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002
        disable_versions(environment, actor=self.actor)
        return Response(status=202)


BASE = "environments/<int:environment_id>/features/<int:feature_id>/versions/"

routes = [
    path(BASE, FeatureVersions),
    path(f"{BASE}<uuid:version_uuid>/", OneFeatureVersion),
    path(f"{BASE}<uuid:version_uuid>/publish/", PublishVersion),
    path("environment-feature-versions/<uuid:version_uuid>/", VersionByUuid),
    path("environments/<str:environment_key>/enable-v2-versioning/", EnableVersioning),
    path("environments/<str:environment_key>/disable-v2-versioning/", DisableVersioning),
]
