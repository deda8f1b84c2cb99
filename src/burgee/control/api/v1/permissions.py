"""What can be granted, what the caller may do, and where the rights of somebody come from."""

from typing import Any

from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.inspection import Inspection, Sources, inspect
from burgee.control.access.permissions import CATALOGUE, Level, Permission
from burgee.control.access.queries import rights_at
from burgee.control.access.rules import Origin, Rights
from burgee.control.accounts.models import User
from burgee.control.api.base import ApiView, EnvironmentFromUrl, Missing, NoScope, OrganisationFromUrl, ProjectFromUrl
from burgee.control.api.base.routing import path
from burgee.control.environments.models import Environment
from burgee.control.organisations.models import Organisation
from burgee.control.organisations.queries import members_of
from burgee.control.projects.models import Project

OF_THE_ORGANISATION = EnvironmentFromUrl(missing=Missing.REFUSED, sees=Permission.ORGANISATION_MEMBER)


class OrganisationCatalogue(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("permissions",)
    level = Level.ORGANISATION

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(
            [
                {"key": entry.permission, "description": entry.description, "supports_tag": entry.supports_tags}
                for entry in CATALOGUE[self.level]
            ]
        )


class ProjectCatalogue(OrganisationCatalogue):
    level = Level.PROJECT


class EnvironmentCatalogue(OrganisationCatalogue):
    level = Level.ENVIRONMENT


class MyOrganisationPermissions(ApiView):
    permission = Permission.ORGANISATION_MEMBER
    scope = OrganisationFromUrl()
    tags = ("permissions",)

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(rights_json(rights_at(self.principal, organisation)))


class MyProjectPermissions(ApiView):
    permission = Permission.VIEW_PROJECT
    scope = ProjectFromUrl()
    tags = ("permissions",)

    def get(self, request: Request, project: Project) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(rights_json(rights_at(self.user, project)))


class MyEnvironmentPermissions(ApiView):
    """For whoever may do anything there, be it without seeing it."""

    permission = Permission.ORGANISATION_MEMBER
    scope = OF_THE_ORGANISATION
    tags = ("permissions",)

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        rights = rights_at(self.user, environment)
        if not rights.is_admin and not rights.held:
            raise PermissionDenied
        return Response(rights_json(rights))


class OrganisationInspection(ApiView):
    permission = Permission.ORGANISATION_MEMBER
    scope = OrganisationFromUrl()
    tags = ("permissions",)

    def get(self, request: Request, organisation: Organisation, user_id: int) -> Response:  # noqa: ARG002
        if user_id != self.person_id:
            self.require(Permission.ORGANISATION_ADMIN, organisation)
        return Response(inspection_json(inspect(_member(organisation, user_id), organisation)))


class ProjectInspection(ApiView):
    permission = Permission.VIEW_PROJECT
    scope = ProjectFromUrl(missing=Missing.REFUSED)
    tags = ("permissions",)

    def get(self, request: Request, project: Project, user_id: int) -> Response:  # noqa: ARG002
        if user_id != self.person_id:
            self.require(Permission.PROJECT_ADMIN, project)
        return Response(inspection_json(inspect(_member(project.organisation, user_id), project)))


class EnvironmentInspection(ApiView):
    permission = Permission.VIEW_ENVIRONMENT
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    tags = ("permissions",)

    def get(self, request: Request, environment: Environment, user_id: int) -> Response:  # noqa: ARG002
        if user_id != self.person_id:
            self.require(Permission.ENVIRONMENT_ADMIN, environment)
        return Response(inspection_json(inspect(_member(environment.project.organisation, user_id), environment)))


class AllUserPermissions(ApiView):
    permission = Permission.PROJECT_ADMIN
    scope = ProjectFromUrl(missing=Missing.REFUSED)
    tags = ("permissions",)

    def get(self, request: Request, project: Project, user_id: int) -> Response:  # noqa: ARG002
        return Response(rights_json(rights_at(_member(project.organisation, user_id), project)))


def rights_json(rights: Rights) -> dict[str, Any]:
    limited = [{"permissions": keys, "tags": sorted(tags)} for tags, keys in rights.limited.items()]
    return {"permissions": rights.unlimited, "admin": rights.is_admin, "tag_based_permissions": limited}


def inspection_json(found: Inspection) -> dict[str, Any]:
    permissions = [{"permission_key": key} | _sources_json(sources) for key, sources in found.permissions.items()]
    return {"admin": found.is_admin} | _sources_json(found.admin_sources) | {"permissions": permissions}


def _sources_json(sources: Sources) -> dict[str, Any]:
    groups = [_named(origin) for origin in sources.groups]
    roles = [_named(origin) | {"tags": list(origin.tags)} for origin in sources.roles]
    return {"is_directly_granted": sources.is_direct, "derived_from": {"groups": groups, "roles": roles}}


def _named(origin: Origin) -> dict[str, Any]:
    return {"id": origin.id, "name": origin.name}


def _member(organisation: Organisation, user_id: int) -> User:
    membership = members_of(organisation).filter(user_id=user_id).first()
    if membership is None:
        raise NotFound("No User matches the given query.")
    return membership.user


routes = [
    path("organisations/permissions/", OrganisationCatalogue),
    path("projects/permissions/", ProjectCatalogue),
    path("environments/permissions/", EnvironmentCatalogue),
    path("organisations/<int:organisation_id>/my-permissions/", MyOrganisationPermissions),
    path("projects/<int:project_id>/my-permissions/", MyProjectPermissions),
    path("environments/<str:environment_key>/my-permissions/", MyEnvironmentPermissions),
    path(
        "organisations/<int:organisation_id>/user-detailed-permissions/<int:user_id>/",
        OrganisationInspection,
    ),
    path("projects/<int:project_id>/user-detailed-permissions/<int:user_id>/", ProjectInspection),
    path("projects/<int:project_id>/all-user-permissions/<int:user_id>/", AllUserPermissions),
    path("environments/<str:environment_key>/user-detailed-permissions/<int:user_id>/", EnvironmentInspection),
]
