"""The audit log: what was changed by whom, as pages and as files."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.standing import standing_of
from burgee.control.accounts.models import User
from burgee.control.api.base import (
    ApiView,
    NoScope,
    OrganisationFromUrl,
    ProjectFromUrl,
    get_or_missing,
    paginated,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1.audit_filters import filter_facts, filtered_lines
from burgee.control.api.v1.environment_shape import present_environments
from burgee.control.api.v1.projects import present_project
from burgee.control.api.v1.superusers import SuperuserView
from burgee.control.audit.mentions import shown_words
from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import Surroundings, json_lines, told_by
from burgee.control.audit.spreadsheet import csv_lines
from burgee.control.events.models import INSTALLATION
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project
from burgee.control.promotion.recorded import Recorded, is_revertible

Writer = Callable[[QuerySet[AuditLog]], Iterator[str]]

FILES: Final[dict[str, tuple[str, Writer]]] = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "jsonl": ("application/x-ndjson", json_lines),
}


class MyAuditLog(ApiView):
    """Of every organisation that the caller administers."""

    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("audit",)

    def get(self, request: Request) -> Response:
        return _page(request, _administered(self))


class MyAuditLine(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("audit",)

    def get(self, request: Request, line_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return _detail(_administered(self), line_id)


class MyAuditFile(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("audit",)

    def get(self, request: Request, kind: str) -> StreamingHttpResponse:
        return _file(request, _administered(self), kind)


class OrganisationAuditLog(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("audit",)

    def get(self, request: Request, organisation: Organisation) -> Response:
        return _page(request, _of(organisation))


class OrganisationAuditLine(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("audit",)

    def get(self, request: Request, organisation: Organisation, line_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return _detail(_of(organisation), line_id)


class OrganisationAuditFile(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("audit",)

    def get(self, request: Request, organisation: Organisation, kind: str) -> StreamingHttpResponse:
        return _file(request, _of(organisation), kind)


class InstallationAuditLog(SuperuserView):
    """Sign-ins and failures of everybody, known or not, what happened to accounts, and the rules of signing in."""

    tags = ("audit",)

    def get(self, request: Request) -> Response:
        found = filtered_lines(request, _of_installation()).newest_first()
        return paginated(request, found, _present_with_accounts)


class InstallationAuditLine(SuperuserView):
    tags = ("audit",)

    def get(self, request: Request, line_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        line = get_or_missing(_of_installation(), id=line_id)
        return Response(_present_with_accounts([line])[0])


class InstallationAuditFile(SuperuserView):
    tags = ("audit",)

    def get(self, request: Request, kind: str) -> StreamingHttpResponse:
        return _file(request, _of_installation(), kind)


class ProjectAuditLog(ApiView):
    permission = Permission.VIEW_AUDIT_LOG
    scope = ProjectFromUrl()
    tags = ("audit",)

    def get(self, request: Request, project: Project) -> Response:
        return _page(request, AuditLog.objects.filter(project_id=project.pk))


class ProjectAuditLine(ApiView):
    permission = Permission.VIEW_AUDIT_LOG
    scope = ProjectFromUrl()
    tags = ("audit",)

    def get(self, request: Request, project: Project, line_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return _detail(AuditLog.objects.filter(project_id=project.pk), line_id)


class ProjectAuditFile(ApiView):
    permission = Permission.VIEW_AUDIT_LOG
    scope = ProjectFromUrl()
    tags = ("audit",)

    def get(self, request: Request, project: Project, kind: str) -> StreamingHttpResponse:
        return _file(request, AuditLog.objects.filter(project_id=project.pk), kind)


def _administered(view: ApiView) -> QuerySet[AuditLog]:
    living = Organisation.objects.living().filter(pk__in=standing_of(view.principal).administered)
    return AuditLog.objects.filter(organisation_id__in=list(living.values_list("pk", flat=True)))


def _of(organisation: Organisation) -> QuerySet[AuditLog]:
    return AuditLog.objects.filter(organisation_id=organisation.pk)


def _of_installation() -> QuerySet[AuditLog]:
    return AuditLog.objects.filter(organisation_id=INSTALLATION)


def _page(request: Request, rows: QuerySet[AuditLog]) -> Response:
    found = filtered_lines(request, rows).newest_first()
    if filter_facts(request).get("details"):
        return paginated(request, found, _present_with_details)
    return paginated(request, found.without_details(), _present_all)


def _detail(rows: QuerySet[AuditLog], line_id: int) -> Response:
    line = get_or_missing(rows, id=line_id)
    return Response(_present_with_details([line])[0])


def _file(request: Request, rows: QuerySet[AuditLog], kind: str) -> StreamingHttpResponse:
    if kind not in FILES:
        raise NotFound
    content_type, written = FILES[kind]
    headers = {"Content-Disposition": f'attachment; filename="audit.{kind}"'}
    return StreamingHttpResponse(written(filtered_lines(request, rows)), content_type=content_type, headers=headers)


def _present_all(lines: list[AuditLog]) -> list[dict[str, Any]]:
    around = Surroundings.of(lines)
    shown = {environment["id"]: environment for environment in present_environments(list(around.environments.values()))}
    projects = {key: present_project(project) for key, project in around.projects.items()}
    return [
        _present(line, words, around)
        | {"environment": shown.get(line.environment_id or 0), "project": projects.get(line.project_id or 0)}
        for line, words in zip(lines, shown_words(lines), strict=True)
    ]


def _present_with_details(lines: list[AuditLog]) -> list[dict[str, Any]]:
    """With what changed, and whether it can be taken back."""
    recorded = {key: Recorded(event=event, changes=changes) for key, (event, changes) in told_by(lines).items()}
    return [
        told
        | {
            "change_details": line.details or [],
            "change_type": line.change_type,
            "can_revert": line.pk in recorded and is_revertible(recorded[line.pk]),
        }
        for told, line in zip(_present_all(lines), lines, strict=True)
    ]


def _present_with_accounts(lines: list[AuditLog]) -> list[dict[str, Any]]:
    """With the address that the account of a line has now; lines name accounts by their number."""
    ids = {line.object_id for line in lines if line.object_type == "USER" and line.object_id}
    emails = dict(User.objects.filter(pk__in=ids).values_list("pk", "email"))
    return [
        told | {"account": emails.get(line.object_id or 0, "") if line.object_type == "USER" else ""}
        for told, line in zip(_present_with_details(lines), lines, strict=True)
    ]


def _present(line: AuditLog, words: str, around: Surroundings) -> dict[str, Any]:
    return {
        "id": line.pk,
        "created_date": line.occurred_at,
        "log": words,
        "author": around.author(line),
        "related_object_id": line.object_id,
        "related_object_uuid": line.object_uuid,
        "related_object_type": line.object_type,
        "is_system_event": line.is_system_event,
        "author_label": line.author_label,
        "author_kind": line.author_kind,
    }


routes = [
    path("audit/", MyAuditLog),
    path("audit/<int:line_id>/", MyAuditLine),
    path("audit/export/<str:kind>/", MyAuditFile),
    path("organisations/<int:organisation_id>/audit/", OrganisationAuditLog),
    path("organisations/<int:organisation_id>/audit/<int:line_id>/", OrganisationAuditLine),
    path("organisations/<int:organisation_id>/audit/export/<str:kind>/", OrganisationAuditFile),
    path("installation/audit/", InstallationAuditLog),
    path("installation/audit/<int:line_id>/", InstallationAuditLine),
    path("installation/audit/export/<str:kind>/", InstallationAuditFile),
    path("projects/<int:project_id>/audit/", ProjectAuditLog),
    path("projects/<int:project_id>/audit/<int:line_id>/", ProjectAuditLine),
    path("projects/<int:project_id>/audit/export/<str:kind>/", ProjectAuditFile),
]
