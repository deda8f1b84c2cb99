"""Who has which role: people, groups and keys."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.models import CustomRole, RoleAssignment
from burgee.control.access.roles import Bearer, give_role, take_role
from burgee.control.accounts.models import User
from burgee.control.api.base import get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.fields import IdField
from burgee.control.api.v1.master_api_keys import living_api_key
from burgee.control.api.v1.role_permissions import FIXED
from burgee.control.api.v1.roles import RoleView, role_in, role_json
from burgee.control.organisations.models import ApiKey, Organisation, UserGroup


class UserRoleInput(serializers.Serializer[Any]):
    user = IdField()


class GroupRoleInput(serializers.Serializer[Any]):
    group = IdField()


class ApiKeyRoleInput(serializers.Serializer[Any]):
    master_api_key = serializers.CharField(max_length=200)


FIELDS: dict[str, tuple[str, type[serializers.Serializer[Any]]]] = {
    "user": ("user", UserRoleInput),
    "group": ("group", GroupRoleInput),
    "api_key": ("master_api_key", ApiKeyRoleInput),
}
"""For each kind of bearer the name clients know it by, and what they write."""


class RoleUsers(RoleView):
    kind: ClassVar[str] = "user"
    accepts: ClassVar[Any] = UserRoleInput

    def get(self, request: Request, organisation: Organisation, role_id: int) -> Response:
        rows = _assignments(role_in(organisation, role_id), self.kind)
        return paginated(request, rows, lambda page: [_shown(row, self.kind) for row in page])

    def post(self, request: Request, organisation: Organisation, role_id: int) -> Response:
        role = role_in(organisation, role_id)
        name, reader = FIELDS[self.kind]
        bearer = _bearer(organisation, self.kind, parsed(reader, request)[name])
        return Response(_shown(give_role(role, bearer, actor=self.actor), self.kind), status=201)


class OneRoleUser(RoleView):
    kind: ClassVar[str] = "user"
    accepts: ClassVar[Any] = UserRoleInput

    def get(self, request: Request, organisation: Organisation, role_id: int, assignment_id: int) -> Response:  # noqa: ARG002
        return Response(_shown(self._row(organisation, role_id, assignment_id), self.kind))

    def put(self, request: Request, organisation: Organisation, role_id: int, assignment_id: int) -> Response:
        return self._unchanged(request, organisation, self._row(organisation, role_id, assignment_id))

    def patch(self, request: Request, organisation: Organisation, role_id: int, assignment_id: int) -> Response:
        return self._unchanged(request, organisation, self._row(organisation, role_id, assignment_id), partial=True)

    def delete(self, request: Request, organisation: Organisation, role_id: int, assignment_id: int) -> Response:  # noqa: ARG002
        take_role(self._row(organisation, role_id, assignment_id), actor=self.actor)
        return Response(status=204)

    def _row(self, organisation: Organisation, role_id: int, assignment_id: int) -> RoleAssignment:
        return get_or_missing(_assignments(role_in(organisation, role_id), self.kind), pk=assignment_id)

    def _unchanged(
        self, request: Request, organisation: Organisation, row: RoleAssignment, *, partial: bool = False
    ) -> Response:
        name, reader = FIELDS[self.kind]
        facts = parsed(reader, request, partial=partial)
        if name in facts and _bearer(organisation, self.kind, facts[name]).pk != getattr(row, f"{self.kind}_id"):
            raise ValidationError({name: [FIXED]})
        return Response(_shown(row, self.kind))


class RoleGroups(RoleUsers):
    kind = "group"
    accepts: ClassVar[Any] = GroupRoleInput


class OneRoleGroup(OneRoleUser):
    kind = "group"
    accepts: ClassVar[Any] = GroupRoleInput


class RoleApiKeys(RoleUsers):
    kind = "api_key"
    accepts: ClassVar[Any] = ApiKeyRoleInput


class OneRoleApiKey(OneRoleUser):
    kind = "api_key"
    accepts: ClassVar[Any] = ApiKeyRoleInput


class RolesOfUser(RoleView):
    """The roles given to somebody in person. ``bearer_id`` names the person, the group, or the key by its prefix."""

    kind: ClassVar[str] = "user"

    def get(self, request: Request, organisation: Organisation, bearer_id: int | str) -> Response:
        rows = _given(organisation, self.kind, bearer_id)
        return paginated(request, rows, lambda page: [role_json(row.role) for row in page])


class RolesOfGroup(RolesOfUser):
    kind = "group"


class RolesOfApiKey(RolesOfUser):
    kind = "api_key"


class OneRoleOfUser(RoleView):
    """Takes one role from somebody."""

    kind: ClassVar[str] = "user"

    def delete(self, request: Request, organisation: Organisation, bearer_id: int | str, role_id: int) -> Response:  # noqa: ARG002
        take_role(get_or_missing(_given(organisation, self.kind, bearer_id), role_id=role_id), actor=self.actor)
        return Response(status=204)


class OneRoleOfGroup(OneRoleOfUser):
    kind = "group"


class OneRoleOfApiKey(OneRoleOfUser):
    kind = "api_key"


def _assignments(role: CustomRole, kind: str) -> QuerySet[RoleAssignment]:
    rows = role.assignments.filter(**{f"{kind}__isnull": False})
    return rows.select_related("role", "user", "group", "api_key").order_by("id")


def _given(organisation: Organisation, kind: str, bearer_id: int | str) -> QuerySet[RoleAssignment]:
    """The roles of the organisation that somebody in it was given."""
    bearer_pk = (
        living_api_key(organisation, str(bearer_id)).pk
        if kind == "api_key"
        else get_or_missing(_bearers(organisation, kind), pk=bearer_id).pk
    )
    rows = RoleAssignment.objects.filter(**{f"{kind}_id": bearer_pk}, role__organisation=organisation)
    return rows.select_related("role", "user", "group", "api_key").order_by("role_id")


def _bearers(organisation: Organisation, kind: str) -> QuerySet[Any]:
    if kind == "user":
        return User.objects.filter(memberships__organisation=organisation)
    return UserGroup.objects.filter(organisation=organisation)


def _bearer(organisation: Organisation, kind: str, named: int | str) -> Bearer:
    """The person, group or key that a body names; everybody outside the organisation is unknown."""
    found: Bearer | None
    if kind == "api_key":
        keys = ApiKey.objects.living().filter(organisation=organisation)
        found = next((key for key in keys.filter(prefix=named) if key.prefix == named), None)
    else:
        found = _bearers(organisation, kind).filter(pk=named).first()
    if found is None:
        raise ValidationError({FIELDS[kind][0]: [f'Invalid pk "{named}" - object does not exist.']})
    return found


def _shown(row: RoleAssignment, kind: str) -> dict[str, Any]:
    if kind == "api_key":
        prefix = row.api_key.prefix if row.api_key else None
        return {"id": row.pk, "master_api_key": prefix, "role": row.role_id, "role_name": row.role.name}
    return {"id": row.pk, kind: row.user_id if kind == "user" else row.group_id, "role": row.role_id}


ORGANISATION = "organisations/<int:organisation_id>"
ROLE = f"{ORGANISATION}/roles/<int:role_id>"

routes = [
    path(f"{ROLE}/users/", RoleUsers),
    path(f"{ROLE}/users/<int:assignment_id>/", OneRoleUser),
    path(f"{ROLE}/groups/", RoleGroups),
    path(f"{ROLE}/groups/<int:assignment_id>/", OneRoleGroup),
    path(f"{ROLE}/master-api-keys/", RoleApiKeys),
    path(f"{ROLE}/master-api-keys/<int:assignment_id>/", OneRoleApiKey),
    path(f"{ORGANISATION}/users/<int:bearer_id>/roles/", RolesOfUser),
    path(f"{ORGANISATION}/users/<int:bearer_id>/roles/<int:role_id>/", OneRoleOfUser),
    path(f"{ORGANISATION}/groups/<int:bearer_id>/roles/", RolesOfGroup),
    path(f"{ORGANISATION}/groups/<int:bearer_id>/roles/<int:role_id>/", OneRoleOfGroup),
    path(f"{ORGANISATION}/master-api-keys/<str:bearer_id>/roles/", RolesOfApiKey),
    path(
        f"{ORGANISATION}/master-api-keys/<str:bearer_id>/roles/<int:role_id>/detach-roles-from-master-api-key/",
        OneRoleOfApiKey,
    ),
]
