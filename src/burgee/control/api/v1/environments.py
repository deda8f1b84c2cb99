"""Environments."""

import uuid
from typing import Any, Final

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.api.base import (
    ApiView,
    EnvironmentFromUrl,
    Missing,
    NoScope,
    ProjectFromBody,
    get_or_missing,
    paginated,
    parsed,
)
from burgee.control.api.base.parsing import id_in
from burgee.control.api.base.routing import path
from burgee.control.api.v1.custom_field_json import ValueInput, given_values
from burgee.control.api.v1.environment_shape import present_environment, present_environments
from burgee.control.environments.models import Environment
from burgee.control.environments.services import change_environment
from burgee.control.jobs.models import Job, JobStatus
from burgee.control.projects.models import Project
from burgee.control.publishing.queries import snapshot
from burgee.control.targeting.background_clones import CLONE
from burgee.control.targeting.models import FeatureState, FeatureStateQuerySet
from burgee.control.targeting.openings import clone_environment, create_environment, delete_environment
from burgee.wire.document import Document
from burgee.wire.snapshot import SettingsPart

NO_PROJECT: Final = "Invalid or missing value for project parameter."


class EnvironmentInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=2000)
    description = serializers.CharField(max_length=20000, required=False, allow_null=True, allow_blank=True)
    is_protected = serializers.BooleanField(required=False)
    allow_client_traits = serializers.BooleanField(required=False)
    banner_text = serializers.CharField(max_length=255, required=False, allow_null=True, allow_blank=True)
    banner_colour = serializers.CharField(max_length=7, required=False, allow_null=True, allow_blank=True)
    hide_disabled_flags = serializers.BooleanField(required=False, allow_null=True)
    hide_sensitive_data = serializers.BooleanField(required=False)
    use_identity_composite_key_for_hashing = serializers.BooleanField(required=False)
    use_identity_overrides_in_local_eval = serializers.BooleanField(required=False)
    metadata = ValueInput(many=True, required=False)


class EnvironmentCloneInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=2000)
    clone_feature_states_async = serializers.BooleanField(default=False)


class Environments(ApiView):
    permission = {"get": Permission.SIGNED_IN, "post": Permission.CREATE_ENVIRONMENT}
    scope = {"get": NoScope(), "post": ProjectFromBody()}
    tags = ("environments",)
    accepts = EnvironmentInput

    def get(self, request: Request) -> Response:
        project_id = id_in(request.query_params, "project")
        if project_id is None:
            raise ValidationError([NO_PROJECT])
        rows = visible_environments(self.principal).filter(project_id=project_id).order_by("id")
        return paginated(request, rows, present_environments)

    def post(self, request: Request, project: Project) -> Response:
        facts = _facts(request)
        made = create_environment(project, facts.pop("name"), actor=self.actor, **facts)
        return Response(present_environment(made), status=201)


class OneEnvironment(ApiView):
    permission = {
        "get": Permission.VIEW_ENVIRONMENT,
        "put": Permission.ENVIRONMENT_ADMIN,
        "patch": Permission.ENVIRONMENT_ADMIN,
        "delete": Permission.ENVIRONMENT_ADMIN,
    }
    scope = EnvironmentFromUrl()
    tags = ("environments",)
    accepts = EnvironmentInput

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        total = _served(environment).of_segments().count()
        return Response(present_environment(environment) | {"total_segment_overrides": total})

    def put(self, request: Request, environment: Environment) -> Response:
        return self._change(request, environment, partial=False)

    def patch(self, request: Request, environment: Environment) -> Response:
        return self._change(request, environment, partial=True)

    def delete(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        delete_environment(environment, actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, environment: Environment, *, partial: bool) -> Response:
        facts = _facts(request, partial=partial)
        return Response(present_environment(change_environment(environment, actor=self.actor, **facts)))


class EnvironmentByUuid(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("environments",)

    def get(self, request: Request, uuid: uuid.UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(present_environment(get_or_missing(visible_environments(self.principal), uuid=uuid)))


class CloneEnvironment(ApiView):
    """Making a clone, and asking one how far it is."""

    permission = {"get": Permission.VIEW_ENVIRONMENT, "post": Permission.CREATE_ENVIRONMENT}
    scope = EnvironmentFromUrl()
    tags = ("environments",)
    accepts = EnvironmentCloneInput
    succeeds = {"post": (200,)}

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        job = Job.objects.about(CLONE, environment.pk).first()
        if job is None:
            raise NotFound("This environment was not cloned in the background, or long ago.")
        # Flags are copied before the job ends: what is not being made any more is whole.
        progress = job.progress if environment.is_creating else 100
        return Response({"status": _state_of(environment, job), "progress": progress, "attempts": job.attempts})

    def post(self, request: Request, environment: Environment) -> Response:
        wanted = parsed(EnvironmentCloneInput, request)
        later = wanted["clone_feature_states_async"]
        made = clone_environment(environment, wanted["name"], later=later, actor=self.actor)
        return Response({"id": made.pk, "name": made.name, "api_key": made.api_key, "project": made.project_id})


def _state_of(environment: Environment, job: Job) -> str:
    if not environment.is_creating:
        return "SUCCESS"
    return "FAILED" if job.status == JobStatus.FAILED else "PROCESSING"


class EnvironmentDocument(ApiView):
    """The document of the last published snapshot, as server-side SDKs get it."""

    permission = Permission.VIEW_ENVIRONMENT
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    tags = ("environments",)

    def get(self, request: Request, environment: Environment) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        published = snapshot(environment.pk)
        parts = [part for part in published.parts.values() if part is not None] if published else []
        settings = next((part for part in parts if isinstance(part, SettingsPart)), None)
        if published is None or settings is None:
            raise NotFound("This environment has not been published yet.")
        return HttpResponse(Document(settings, published.published_at, parts).body, content_type="application/json")


class EnvironmentMetrics(ApiView):
    permission = Permission.ENVIRONMENT_ADMIN
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    tags = ("environments",)

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        states = _served(environment).filter(feature__is_archived=False)
        measured = (
            ("total_features", "Total features", "features", states.defaults()),
            ("enabled_features", "Features enabled", "features", states.defaults().filter(enabled=True)),
            ("segment_overrides", "Segment overrides", "segments", states.of_segments()),
            ("identity_overrides", "Identity overrides", "identities", states.of_identities()),
        )
        metrics = [
            {"value": rows.count(), "description": description, "name": name, "entity": entity, "rank": rank}
            for rank, (name, description, entity, rows) in enumerate(measured, start=1)
        ]
        return Response({"metrics": metrics})


def _facts(request: Request, *, partial: bool = False) -> dict[str, Any]:
    facts = parsed(EnvironmentInput, request, partial=partial)
    if "metadata" in facts:
        facts["custom_values"] = given_values(facts)
        del facts["metadata"]
    return facts


def _served(environment: Environment) -> FeatureStateQuerySet:
    return FeatureState.objects.live().filter(environment=environment, feature__deleted_at=None)


routes = [
    path("environments/", Environments),
    path("environments/<str:environment_key>/", OneEnvironment),
    path("environments/get-by-uuid/<uuid:uuid>/", EnvironmentByUuid),
    path("environments/<str:environment_key>/clone/", CloneEnvironment),
    path("environments/<str:environment_key>/document/", EnvironmentDocument),
    path("environments/<str:environment_key>/metrics/", EnvironmentMetrics),
]
