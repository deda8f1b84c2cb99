"""What roles grant, in the organisation, its projects and their environments."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.grants import Entry, GrantSubject, change_grant, grant, withdraw
from burgee.control.access.models import CustomRole, Grant
from burgee.control.access.permissions import Level
from burgee.control.api.base import get_or_missing, integer_from_query, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.grant_json import (
    OrganisationKeys,
    RoleEnvironmentGrant,
    RoleProjectGrant,
    entries_json,
    keys_of,
    plain_entries,
    tagged_entries,
)
from burgee.control.api.v1.roles import RoleView, refuse_unknown_tags, role_in
from burgee.control.environments.models import Environment
from burgee.control.features.models import Tag
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project

FIXED = "This cannot be changed: delete it and make another."


class RoleGrantView(RoleView):
    """``level`` says which of a role's grants the view is about."""

    level: ClassVar[Level] = Level.ORGANISATION
    reader: ClassVar[type[serializers.Serializer[Any]]] = OrganisationKeys

    def rows(self, organisation: Organisation, role_id: int) -> QuerySet[Grant]:
        rows = Grant.objects.filter(role=role_in(organisation, role_id))
        related = rows.select_related("role", "project__organisation", "environment__project__organisation")
        return related.filter(
            project__isnull=self.level is not Level.PROJECT, environment__isnull=self.level is not Level.ENVIRONMENT
        ).order_by("id")

    def facts(self, request: Request, *, partial: bool) -> dict[str, Any]:
        return parsed(self.reader, request, partial=partial)

    def entries(self, facts: dict[str, Any], subject: GrantSubject) -> list[Entry] | None:
        """The keys of a body with their tags, which must be of the project."""
        if isinstance(subject, Organisation):
            return plain_entries(facts)
        found = tagged_entries(facts)
        named = {tag for entry in found or () for tag in entry.tags}
        project_id = subject.pk if isinstance(subject, Project) else subject.project_id
        known = set(Tag.objects.filter(project_id=project_id, pk__in=named).values_list("pk", flat=True))
        refuse_unknown_tags(named, known, "permissions")
        return found


class RoleOrganisationPermissions(RoleGrantView):
    accepts: ClassVar[Any] = OrganisationKeys

    def get(self, request: Request, organisation: Organisation, role_id: int) -> Response:
        rows = self.rows(organisation, role_id)
        if self.level is not Level.ORGANISATION:
            wanted = integer_from_query(request, self.level)
            if wanted is None:
                raise ValidationError({self.level: ["This field is required."]})
            rows = rows.filter(**{f"{self.level}_id": wanted})
        return paginated(request, rows, lambda page: [_shown(row) for row in page])

    def post(self, request: Request, organisation: Organisation, role_id: int) -> Response:
        role: CustomRole = role_in(organisation, role_id)
        facts = self.facts(request, partial=False)
        subject = _subject(self.level, organisation, facts)
        entries = self.entries(facts, subject) or []
        made = grant(role, subject, entries=entries, is_admin=facts.get("admin", False), actor=self.actor)
        return Response(_shown(made), status=201)


class OneRoleOrganisationPermission(RoleGrantView):
    accepts: ClassVar[Any] = OrganisationKeys

    def get(self, request: Request, organisation: Organisation, role_id: int, grant_id: int) -> Response:  # noqa: ARG002
        return Response(_shown(get_or_missing(self.rows(organisation, role_id), pk=grant_id)))

    def put(self, request: Request, organisation: Organisation, role_id: int, grant_id: int) -> Response:
        row = get_or_missing(self.rows(organisation, role_id), pk=grant_id)
        return self._change(row, organisation, self.facts(request, partial=False))

    def patch(self, request: Request, organisation: Organisation, role_id: int, grant_id: int) -> Response:
        row = get_or_missing(self.rows(organisation, role_id), pk=grant_id)
        return self._change(row, organisation, self.facts(request, partial=True))

    def delete(self, request: Request, organisation: Organisation, role_id: int, grant_id: int) -> Response:  # noqa: ARG002
        withdraw(get_or_missing(self.rows(organisation, role_id), pk=grant_id), actor=self.actor)
        return Response(status=204)

    def _change(self, row: Grant, organisation: Organisation, facts: dict[str, Any]) -> Response:
        subject = row.environment or row.project or organisation
        if facts.get(self.level, subject.pk) != subject.pk:
            raise ValidationError({self.level: [FIXED]})
        entries = self.entries(facts, subject)
        return Response(_shown(change_grant(row, entries=entries, is_admin=facts.get("admin"), actor=self.actor)))


class RoleProjectPermissions(RoleOrganisationPermissions):
    level = Level.PROJECT
    accepts: ClassVar[Any] = RoleProjectGrant
    reader = RoleProjectGrant


class OneRoleProjectPermission(OneRoleOrganisationPermission):
    level = Level.PROJECT
    accepts: ClassVar[Any] = RoleProjectGrant
    reader = RoleProjectGrant


class RoleEnvironmentPermissions(RoleOrganisationPermissions):
    level = Level.ENVIRONMENT
    accepts: ClassVar[Any] = RoleEnvironmentGrant
    reader = RoleEnvironmentGrant


class OneRoleEnvironmentPermission(OneRoleOrganisationPermission):
    level = Level.ENVIRONMENT
    accepts: ClassVar[Any] = RoleEnvironmentGrant
    reader = RoleEnvironmentGrant


def _subject(level: Level, organisation: Organisation, facts: dict[str, Any]) -> GrantSubject:
    """The place that the body names, which must be of the organisation."""
    if level is Level.ORGANISATION:
        return organisation
    pk = facts[level]
    found: Project | Environment | None
    if level is Level.PROJECT:
        found = Project.objects.living().filter(organisation=organisation, pk=pk).first()
    else:
        environments = Environment.objects.living().filter(project__organisation=organisation)
        found = environments.select_related("project").filter(pk=pk).first()
    if found is None:
        raise ValidationError({level: [f'Invalid pk "{pk}" - object does not exist.']})
    return found


def _shown(row: Grant) -> dict[str, Any]:
    told: dict[str, Any] = {"id": row.pk, "role": row.role_id}
    if row.project_id is not None:
        return told | {"project": row.project_id, "permissions": entries_json(row), "admin": row.is_admin}
    if row.environment_id is not None:
        return told | {"environment": row.environment_id, "permissions": entries_json(row), "admin": row.is_admin}
    return told | {"permissions": keys_of(row)}


ROLE = "organisations/<int:organisation_id>/roles/<int:role_id>"

routes = [
    path(f"{ROLE}/organisation-permissions/", RoleOrganisationPermissions),
    path(f"{ROLE}/organisation-permissions/<int:grant_id>/", OneRoleOrganisationPermission),
    path(f"{ROLE}/projects-permissions/", RoleProjectPermissions),
    path(f"{ROLE}/projects-permissions/<int:grant_id>/", OneRoleProjectPermission),
    path(f"{ROLE}/environments-permissions/", RoleEnvironmentPermissions),
    path(f"{ROLE}/environments-permissions/<int:grant_id>/", OneRoleEnvironmentPermission),
]
