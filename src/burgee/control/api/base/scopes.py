"""From the arguments of a URL to the object they name. Foreign objects look like missing ones."""

from enum import Enum
from typing import Any, Protocol

from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import Subject, can, refuse_withheld
from burgee.control.access.standing import Principal
from burgee.control.api.base.parsing import body_of, id_in
from burgee.control.environments.models import Environment
from burgee.control.environments.queries import environment_with_id, environment_with_key
from burgee.control.kit.prepared import Prepared
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project


class Missing(Enum):
    """How an object that is missing, or foreign, is answered."""

    NOT_FOUND = 404
    REFUSED = 403

    def error(self, what: str) -> Exception:
        if self is Missing.REFUSED:
            return PermissionDenied()
        return NotFound(f"No {what} matches the given query.")


class Scope(Protocol):
    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Subject:
        """The subject of the permission; replaces in `arguments` what was used by what was found.

        `principal` is None for a public view: it shows what it shows to anybody, so nothing is foreign to it.
        """


class NoScope:
    """For views about nothing in particular, or that filter by what the caller sees."""

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> None:  # noqa: ARG002 - a protocol
        return None


class OrganisationFromUrl:
    def __init__(self, missing: Missing = Missing.REFUSED) -> None:
        self.missing = missing

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Organisation:  # noqa: ARG002 - a protocol
        found = Organisation.objects.living().filter(id=arguments.pop("organisation_id")).first()
        if found is None or not _sees(principal, Permission.ORGANISATION_MEMBER, found):
            raise self.missing.error("Organisation")
        arguments["organisation"] = found
        return found


_PROJECT = Prepared(lambda project_id: Project.objects.living().select_related("organisation").filter(pk=project_id))


class ProjectFromUrl:
    def __init__(self, missing: Missing = Missing.NOT_FOUND, *, sees: Permission = Permission.VIEW_PROJECT) -> None:
        self.missing = missing
        self.sees = sees

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Project:  # noqa: ARG002 - a protocol
        found = _PROJECT.first(project_id=arguments.pop("project_id"))
        if found is None or not _sees(principal, self.sees, found):
            raise self.missing.error("Project")
        arguments["project"] = found
        return found


class EnvironmentFromUrl:
    """The environment with the client key in the URL."""

    def __init__(self, missing: Missing = Missing.NOT_FOUND, *, sees: Permission = Permission.VIEW_ENVIRONMENT) -> None:
        self.missing = missing
        self.sees = sees

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Environment:  # noqa: ARG002 - a protocol
        found = environment_with_key(arguments.pop("environment_key"))
        if found is None or not _sees(principal, self.sees, found):
            raise self.missing.error("Environment")
        arguments["environment"] = found
        return found


class EnvironmentByIdFromUrl:
    def __init__(self, missing: Missing = Missing.NOT_FOUND) -> None:
        self.missing = missing

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Environment:  # noqa: ARG002 - a protocol
        found = environment_with_id(arguments.pop("environment_id"))
        if found is None or not _sees(principal, Permission.VIEW_ENVIRONMENT, found):
            raise self.missing.error("Environment")
        arguments["environment"] = found
        return found


class OrganisationFromBody:
    """The organisation whose id the body names under `field`."""

    def __init__(self, field: str = "organisation") -> None:
        self.field = field

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Organisation:
        number = id_in(body_of(request), self.field)
        if number is None:
            raise ValidationError({self.field: ["This field is required."]})
        found = Organisation.objects.living().filter(id=number).first()
        if found is None or not _sees(principal, Permission.ORGANISATION_MEMBER, found):
            raise PermissionDenied
        arguments["organisation"] = found
        return found


class ProjectFromBody:
    """The project whose id the body names under `field`; 403 when it names none."""

    def __init__(self, field: str = "project") -> None:
        self.field = field

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Project:
        number = id_in(body_of(request), self.field)
        rows = Project.objects.living().select_related("organisation")
        found = rows.filter(id=number).first() if number is not None else None
        if found is None or not _sees(principal, Permission.VIEW_PROJECT, found):
            raise PermissionDenied
        arguments["project"] = found
        return found


class EnvironmentFromBody:
    """The environment whose id the body names under `field`; 403 when it names none."""

    def __init__(self, field: str = "environment_id") -> None:
        self.field = field

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Environment:
        number = id_in(body_of(request), self.field)
        rows = Environment.objects.living().select_related("project__organisation")
        found = rows.filter(id=number).first() if number is not None else None
        if found is None or not _sees(principal, Permission.VIEW_ENVIRONMENT, found):
            raise PermissionDenied
        arguments["environment"] = found
        return found


def _sees(principal: Principal | None, permission: Permission, subject: Subject) -> bool:
    if principal is None:
        return True
    refuse_withheld(principal, subject)
    return can(principal, permission, subject)
