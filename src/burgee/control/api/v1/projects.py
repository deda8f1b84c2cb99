"""Projects."""

import uuid
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments, visible_projects
from burgee.control.access.services import open_project
from burgee.control.api.base import (
    ApiView,
    NoScope,
    OrganisationFromBody,
    ProjectFromUrl,
    get_or_missing,
    integer_from_query,
    parsed,
)
from burgee.control.api.base.parsing import uuid_from_query
from burgee.control.api.base.routing import path
from burgee.control.api.v1.environment_shape import present_environments
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project
from burgee.control.projects.services import change_project, delete_project
from burgee.control.segments.models import Segment
from burgee.engine import check_pattern

LARGEST_NUMBER = 2**31 - 1


class ProjectInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=2000)
    hide_disabled_flags = serializers.BooleanField(required=False)
    prevent_flag_defaults = serializers.BooleanField(required=False)
    enable_realtime_updates = serializers.BooleanField(required=False)
    only_allow_lower_case_feature_names = serializers.BooleanField(required=False)
    feature_name_regex = serializers.CharField(max_length=255, required=False, allow_null=True, allow_blank=True)
    stale_flags_limit_days = serializers.IntegerField(min_value=0, max_value=LARGEST_NUMBER, required=False)
    minimum_change_request_approvals = serializers.IntegerField(
        min_value=0, max_value=LARGEST_NUMBER, required=False, allow_null=True
    )
    enforce_feature_owners = serializers.BooleanField(required=False)

    def validate_feature_name_regex(self, value: str | None) -> str | None:
        """A pattern that cannot be used would make every later feature impossible."""
        reason = check_pattern(value) if value else None
        if reason is not None:
            raise serializers.ValidationError(f"Enter a valid regular expression: {reason}")
        return value or None


class Projects(ApiView):
    permission = {"get": Permission.SIGNED_IN, "post": Permission.CREATE_PROJECT}
    scope = {"get": NoScope(), "post": OrganisationFromBody()}
    tags = ("projects",)
    accepts = ProjectInput

    def get(self, request: Request) -> Response:
        rows = visible_projects(self.principal).order_by("id")
        organisation_id = integer_from_query(request, "organisation")
        if organisation_id is not None:
            rows = rows.filter(organisation_id=organisation_id)
        wanted = uuid_from_query(request, "uuid")
        if wanted is not None:
            rows = rows.filter(uuid=wanted)
        return Response([present_project(project) for project in rows])

    def post(self, request: Request, organisation: Organisation) -> Response:
        facts = parsed(ProjectInput, request)
        made = open_project(organisation, actor=self.actor, **facts)
        return Response(present_project(made), status=201)


class OneProject(ApiView):
    permission = {
        "get": Permission.VIEW_PROJECT,
        "put": Permission.PROJECT_ADMIN,
        "patch": Permission.PROJECT_ADMIN,
        "delete": Permission.PROJECT_ADMIN,
    }
    scope = ProjectFromUrl()
    tags = ("projects",)
    accepts = ProjectInput

    def get(self, request: Request, project: Project) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(present_project(project) | _totals(project))

    def put(self, request: Request, project: Project) -> Response:
        return self._change(request, project, partial=False)

    def patch(self, request: Request, project: Project) -> Response:
        return self._change(request, project, partial=True)

    def delete(self, request: Request, project: Project) -> Response:  # noqa: ARG002 - DRF's signature
        delete_project(project, actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, project: Project, *, partial: bool) -> Response:
        facts = parsed(ProjectInput, request, partial=partial)
        return Response(present_project(change_project(project, actor=self.actor, **facts)))


class ProjectByUuid(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("projects",)

    def get(self, request: Request, uuid: uuid.UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(present_project(get_or_missing(visible_projects(self.principal), uuid=uuid)))


class ProjectEnvironments(ApiView):
    permission = Permission.PROJECT_ADMIN
    scope = ProjectFromUrl()
    tags = ("projects",)

    def get(self, request: Request, project: Project) -> Response:  # noqa: ARG002 - DRF's signature
        rows = visible_environments(self.principal).filter(project=project).order_by("id")
        return Response(present_environments(list(rows)))


def present_project(project: Project) -> dict[str, Any]:
    return {
        "id": project.pk,
        "uuid": project.uuid,
        "name": project.name,
        "organisation": project.organisation_id,
        "hide_disabled_flags": project.hide_disabled_flags,
        "enable_dynamo_db": False,
        "migration_status": "NOT_APPLICABLE",
        "use_edge_identities": False,
        "prevent_flag_defaults": project.prevent_flag_defaults,
        "enable_realtime_updates": project.enable_realtime_updates,
        "only_allow_lower_case_feature_names": project.only_allow_lower_case_feature_names,
        "feature_name_regex": project.feature_name_regex,
        "show_edge_identity_overrides_for_feature": project.show_edge_identity_overrides_for_feature,
        "stale_flags_limit_days": project.stale_flags_limit_days,
        "edge_v2_migration_status": "NOT_STARTED",
        "minimum_change_request_approvals": project.minimum_change_request_approvals,
        "enforce_feature_owners": project.enforce_feature_owners,
    }


def _totals(project: Project) -> dict[str, Any]:
    return {
        "max_segments_allowed": project.max_segments_allowed,
        "max_features_allowed": project.max_features_allowed,
        "max_segment_overrides_allowed": project.max_segment_overrides_allowed,
        "total_features": project.features.filter(deleted_at=None).count(),
        "total_segments": Segment.objects.living().filter(project=project).count(),
    }


routes = [
    path("projects/", Projects),
    path("projects/<int:project_id>/", OneProject),
    path("projects/get-by-uuid/<uuid:uuid>/", ProjectByUuid),
    path("projects/<int:project_id>/environments/", ProjectEnvironments),
]
