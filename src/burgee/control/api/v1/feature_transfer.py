"""Exports of features as files, and imports of such files; a worker makes and writes them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import can, visible_environments
from burgee.control.access.standing import Principal
from burgee.control.api.base import (
    ApiView,
    EnvironmentByIdFromUrl,
    EnvironmentFromBody,
    NoScope,
    ProjectFromUrl,
    get_or_missing,
    paginated,
    parsed,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1.fields import IdField, IdListField
from burgee.control.environments.models import Environment
from burgee.control.jobs.queries import progress_of
from burgee.control.portability.errors import ExportNotReady, ImportUnderWay
from burgee.control.portability.exports import EXPORT, ask_for_export
from burgee.control.portability.imports import IMPORT, ask_for_import
from burgee.control.portability.models import FeatureExport, FeatureImport, Strategy, TransferStatus
from burgee.control.projects.models import Project

DONE: Final = 100
ROUTE_TAGS: Final = ("import-export",)


class ExportInput(serializers.Serializer[Any]):
    environment_id = IdField()
    tag_ids = IdListField()


class ImportInput(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)
    strategy = serializers.ChoiceField(Strategy.choices)


class Exports(ApiView):
    permission = Permission.ENVIRONMENT_ADMIN
    scope = EnvironmentFromBody()
    tags = ROUTE_TAGS
    accepts = ExportInput
    succeeds = {"post": (201,)}

    def post(self, request: Request, environment: Environment) -> Response:
        wanted = parsed(ExportInput, request)
        export = ask_for_export(environment, wanted["tag_ids"], actor=self.actor)
        return Response(_present_export(export, {}), status=201)


class ExportFile(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ROUTE_TAGS

    def get(self, request: Request, export_id: int) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        seen = FeatureExport.objects.filter(environment__in=visible_environments(self.principal))
        export = get_or_missing(seen.select_related("environment__project"), pk=export_id)
        self.require(Permission.ENVIRONMENT_ADMIN, export.environment)
        if export.status != TransferStatus.SUCCESS or export.data is None:
            raise ExportNotReady(status=export.status)
        name = f"feature_export.{export.pk}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(export.data.encode(), content_type="application/json", headers=headers)


class Imports(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = EnvironmentByIdFromUrl()
    tags = ROUTE_TAGS
    accepts = ImportInput
    succeeds = {"post": (201,)}

    def post(self, request: Request, environment: Environment) -> Response:
        wanted = parsed(ImportInput, request)
        try:
            row = ask_for_import(environment, wanted["file"].read(), wanted["strategy"], actor=self.actor)
        except ImportUnderWay as error:
            raise ValidationError([str(error)]) from error
        return Response(_present_import(row, {}), status=201)


class ExportsOfProject(ApiView):
    permission = Permission.VIEW_PROJECT
    scope = ProjectFromUrl()
    tags = ROUTE_TAGS

    def get(self, request: Request, project: Project) -> Response:
        environments = _administered(self.principal, project)
        rows = FeatureExport.objects.filter(environment__in=environments).defer("data").order_by("-id")
        return paginated(request, rows, _present_exports)


class ImportsOfProject(ApiView):
    permission = Permission.VIEW_PROJECT
    scope = ProjectFromUrl()
    tags = ROUTE_TAGS

    def get(self, request: Request, project: Project) -> Response:
        environments = _administered(self.principal, project)
        rows = FeatureImport.objects.filter(environment__in=environments).defer("data").order_by("-id")
        return paginated(request, rows, _present_imports)


def _administered(principal: Principal, project: Project) -> list[Environment]:
    seen = visible_environments(principal).filter(project=project).select_related("project__organisation")
    return [environment for environment in seen if can(principal, Permission.ENVIRONMENT_ADMIN, environment)]


def _present_exports(rows: Sequence[FeatureExport]) -> list[dict[str, Any]]:
    progress = progress_of(EXPORT, [row.pk for row in rows])
    return [_present_export(row, progress) for row in rows]


def _present_export(row: FeatureExport, progress: Mapping[int, int]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "environment_id": row.environment_id,
        "status": row.status,
        "created_at": row.created_at,
        "progress": _progress(row, progress),
        "error": row.error,
    }


def _present_imports(rows: Sequence[FeatureImport]) -> list[dict[str, Any]]:
    progress = progress_of(IMPORT, [row.pk for row in rows])
    return [_present_import(row, progress) for row in rows]


def _present_import(row: FeatureImport, progress: Mapping[int, int]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "environment_id": row.environment_id,
        "strategy": row.strategy,
        "status": row.status,
        "created_at": row.created_at,
        "progress": _progress(row, progress),
        "problems": row.problems,
        "outcome": row.outcome,
    }


def _progress(row: FeatureExport | FeatureImport, progress: Mapping[int, int]) -> int:
    return progress.get(row.pk, 0) if row.status == TransferStatus.PROCESSING else DONE


routes = [
    path("features/create-feature-export/", Exports),
    path("features/download-feature-export/<int:export_id>/", ExportFile),
    path("features/feature-import/<int:environment_id>", Imports),
    path("projects/<int:project_id>/feature-exports/", ExportsOfProject),
    path("projects/<int:project_id>/feature-imports/", ImportsOfProject),
]
