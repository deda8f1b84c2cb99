"""What was granted to single people and to groups, in an organisation, a project or an environment."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.grants import GrantSubject, change_grant, grant, withdraw
from burgee.control.access.models import Grant
from burgee.control.access.permissions import Permission
from burgee.control.access.queries import place_of
from burgee.control.accounts.models import User
from burgee.control.api.base import (
    ApiView,
    EnvironmentFromUrl,
    Missing,
    OrganisationFromUrl,
    ProjectFromUrl,
    get_or_missing,
    integer_from_query,
    parsed,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1 import grant_json
from burgee.control.api.v1.people_json import group_json, plain_group_json, user_json
from burgee.control.environments.models import Environment
from burgee.control.organisations.models import UserGroup
from burgee.control.projects.models import Project

Reader = type[serializers.Serializer[Any]]

FIXED = "This cannot be changed: delete it and make another."

SHOWN: dict[str, Callable[[Any], dict[str, Any]]] = {"user": user_json, "group": plain_group_json}


class ProjectUserPermissions(ApiView):
    """The other lists are made of this one: they differ in the place and in who holds the grants."""

    permission: ClassVar[Any] = Permission.PROJECT_ADMIN
    scope: ClassVar[Any] = ProjectFromUrl(missing=Missing.REFUSED)
    tags = ("permissions",)
    accepts: ClassVar[Any] = grant_json.ProjectUserGrant
    reader: ClassVar[Reader] = grant_json.ProjectUserGrant
    holder: ClassVar[str] = "user"

    def get(self, request: Request, **found: Any) -> Response:
        (subject,) = found.values()
        rows = _grants(subject, self.holder).prefetch_related("group__memberships__user")
        wanted = integer_from_query(request, self.holder)
        if wanted is not None:
            rows = rows.filter(**{f"{self.holder}_id": wanted})
        return Response([_listed(row, self.holder) for row in rows])

    def post(self, request: Request, **found: Any) -> Response:
        (subject,) = found.values()
        facts = parsed(self.reader, request)
        holder = _holder(subject, self.holder, facts[self.holder])
        entries = grant_json.plain_entries(facts) or []
        made = grant(holder, subject, entries=entries, is_admin=facts.get("admin", False), actor=self.actor)
        return Response(_written(made, self.holder), status=201)


class OneProjectUserPermission(ApiView):
    permission: ClassVar[Any] = Permission.PROJECT_ADMIN
    scope: ClassVar[Any] = ProjectFromUrl(missing=Missing.REFUSED)
    tags = ("permissions",)
    accepts: ClassVar[Any] = grant_json.ProjectUserGrant
    reader: ClassVar[Reader] = grant_json.ProjectUserGrant
    holder: ClassVar[str] = "user"

    def get(self, request: Request, grant_id: int, **found: Any) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(_written(self._grant(found, grant_id), self.holder))

    def put(self, request: Request, grant_id: int, **found: Any) -> Response:
        return self._change(request, self._grant(found, grant_id), partial=False)

    def patch(self, request: Request, grant_id: int, **found: Any) -> Response:
        return self._change(request, self._grant(found, grant_id), partial=True)

    def delete(self, request: Request, grant_id: int, **found: Any) -> Response:  # noqa: ARG002 - DRF's signature
        withdraw(self._grant(found, grant_id), actor=self.actor)
        return Response(status=204)

    def _grant(self, found: dict[str, Any], grant_id: int) -> Grant:
        (subject,) = found.values()
        return get_or_missing(_grants(subject, self.holder), pk=grant_id)

    def _change(self, request: Request, row: Grant, *, partial: bool) -> Response:
        facts = parsed(self.reader, request, partial=partial)
        if facts.get(self.holder, _holder_id(row, self.holder)) != _holder_id(row, self.holder):
            raise ValidationError({self.holder: [FIXED]})
        entries = grant_json.plain_entries(facts)
        changed = change_grant(row, entries=entries, is_admin=facts.get("admin"), actor=self.actor)
        return Response(_written(changed, self.holder))


class ProjectGroupPermissions(ProjectUserPermissions):
    accepts: ClassVar[Any] = grant_json.ProjectGroupGrant
    reader: ClassVar[Reader] = grant_json.ProjectGroupGrant
    holder = "group"


class OneProjectGroupPermission(OneProjectUserPermission):
    accepts: ClassVar[Any] = grant_json.ProjectGroupGrant
    reader: ClassVar[Reader] = grant_json.ProjectGroupGrant
    holder = "group"


class EnvironmentUserPermissions(ProjectUserPermissions):
    permission = {"get": Permission.VIEW_ENVIRONMENT, "post": Permission.ENVIRONMENT_ADMIN}
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    accepts: ClassVar[Any] = grant_json.EnvironmentUserGrant
    reader: ClassVar[Reader] = grant_json.EnvironmentUserGrant


class OneEnvironmentUserPermission(OneProjectUserPermission):
    permission = Permission.ENVIRONMENT_ADMIN
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    accepts: ClassVar[Any] = grant_json.EnvironmentUserGrant
    reader: ClassVar[Reader] = grant_json.EnvironmentUserGrant


class EnvironmentGroupPermissions(EnvironmentUserPermissions):
    accepts: ClassVar[Any] = grant_json.EnvironmentGroupGrant
    reader: ClassVar[Reader] = grant_json.EnvironmentGroupGrant
    holder = "group"


class OneEnvironmentGroupPermission(OneEnvironmentUserPermission):
    accepts: ClassVar[Any] = grant_json.EnvironmentGroupGrant
    reader: ClassVar[Reader] = grant_json.EnvironmentGroupGrant
    holder = "group"


class OrganisationUserPermissions(ProjectUserPermissions):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    accepts: ClassVar[Any] = grant_json.OrganisationUserGrant
    reader: ClassVar[Reader] = grant_json.OrganisationUserGrant


class OneOrganisationUserPermission(OneProjectUserPermission):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    accepts: ClassVar[Any] = grant_json.OrganisationUserGrant
    reader: ClassVar[Reader] = grant_json.OrganisationUserGrant


class OrganisationGroupPermissions(OrganisationUserPermissions):
    accepts: ClassVar[Any] = grant_json.OrganisationGroupGrant
    reader: ClassVar[Reader] = grant_json.OrganisationGroupGrant
    holder = "group"


class OneOrganisationGroupPermission(OneOrganisationUserPermission):
    accepts: ClassVar[Any] = grant_json.OrganisationGroupGrant
    reader: ClassVar[Reader] = grant_json.OrganisationGroupGrant
    holder = "group"


def _grants(subject: GrantSubject, holder: str) -> QuerySet[Grant]:
    """The grants in that very place which a person, or a group, holds."""
    rows = Grant.objects.filter(organisation_id=place_of(subject).organisation_id)
    if isinstance(subject, Environment):
        rows = rows.filter(environment=subject)
    elif isinstance(subject, Project):
        rows = rows.filter(project=subject)
    else:
        rows = rows.filter(project=None, environment=None)
    related = rows.select_related("project", "environment__project", "user", "group")
    return related.filter(**{f"{holder}__isnull": False}).order_by("id")


def _holder(subject: GrantSubject, holder: str, pk: int) -> User | UserGroup:
    """The person or group of the organisation; everybody else is unknown."""
    organisation_id = place_of(subject).organisation_id
    found: User | UserGroup | None
    if holder == "user":
        found = User.objects.filter(pk=pk, memberships__organisation_id=organisation_id).first()
    else:
        found = UserGroup.objects.filter(pk=pk, organisation_id=organisation_id).first()
    if found is None:
        raise ValidationError({holder: [f'Invalid pk "{pk}" - object does not exist.']})
    return found


def _holder_id(row: Grant, holder: str) -> int | None:
    return row.user_id if holder == "user" else row.group_id


def _facts(row: Grant) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": row.pk, "permissions": grant_json.keys_of(row)}
    if row.project_id is not None or row.environment_id is not None:
        facts["admin"] = row.is_admin
    return facts


def _written(row: Grant, holder: str) -> dict[str, Any]:
    return _facts(row) | {holder: _holder_id(row, holder)}


def _listed(row: Grant, holder: str) -> dict[str, Any]:
    if holder == "group" and row.environment_id is not None:
        return _facts(row) | {"group": group_json(row.group) if row.group else None}
    return _facts(row) | {holder: SHOWN[holder](row.user or row.group)}


PLACES: tuple[tuple[str, tuple[type[ApiView], type[ApiView], type[ApiView], type[ApiView]]], ...] = (
    (
        "organisations/<int:organisation_id>",
        (
            OrganisationUserPermissions,
            OneOrganisationUserPermission,
            OrganisationGroupPermissions,
            OneOrganisationGroupPermission,
        ),
    ),
    (
        "projects/<int:project_id>",
        (ProjectUserPermissions, OneProjectUserPermission, ProjectGroupPermissions, OneProjectGroupPermission),
    ),
    (
        "environments/<str:environment_key>",
        (
            EnvironmentUserPermissions,
            OneEnvironmentUserPermission,
            EnvironmentGroupPermissions,
            OneEnvironmentGroupPermission,
        ),
    ),
)

ENDINGS = (
    "user-permissions/",
    "user-permissions/<int:grant_id>/",
    "user-group-permissions/",
    "user-group-permissions/<int:grant_id>/",
)

routes = [
    path(f"{prefix}/{ending}", view) for prefix, views in PLACES for ending, view in zip(ENDINGS, views, strict=True)
]
