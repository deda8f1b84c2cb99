"""Custom roles."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.models import CustomRole
from burgee.control.access.permissions import Permission
from burgee.control.access.roles import change_role, create_role, delete_role
from burgee.control.api.base import ApiView, OrganisationFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.fields import IdListField
from burgee.control.features.models import Tag
from burgee.control.organisations.models import Organisation


class RoleInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=255)
    description = serializers.CharField(max_length=20000, required=False, allow_null=True, allow_blank=True)
    tags = IdListField(required=False)


class RoleView(ApiView):
    """Every member may see what the roles are; administrators make and give them."""

    permission: ClassVar[Any] = {
        "get": Permission.ORGANISATION_MEMBER,
        "post": Permission.ORGANISATION_ADMIN,
        "put": Permission.ORGANISATION_ADMIN,
        "patch": Permission.ORGANISATION_ADMIN,
        "delete": Permission.ORGANISATION_ADMIN,
    }
    scope: ClassVar[Any] = OrganisationFromUrl()
    tags = ("roles",)


class Roles(RoleView):
    accepts = RoleInput

    def get(self, request: Request, organisation: Organisation) -> Response:
        return paginated(request, organisation.roles.order_by("id"), lambda rows: [role_json(role) for role in rows])

    def post(self, request: Request, organisation: Organisation) -> Response:
        facts = _facts(request, organisation, partial=False)
        return Response(role_json(create_role(organisation, actor=self.actor, **facts)), status=201)


class OneRole(RoleView):
    accepts = RoleInput

    def get(self, request: Request, organisation: Organisation, role_id: int) -> Response:  # noqa: ARG002
        return Response(role_json(role_in(organisation, role_id)))

    def put(self, request: Request, organisation: Organisation, role_id: int) -> Response:
        return self._change(request, organisation, role_id, partial=False)

    def patch(self, request: Request, organisation: Organisation, role_id: int) -> Response:
        return self._change(request, organisation, role_id, partial=True)

    def delete(self, request: Request, organisation: Organisation, role_id: int) -> Response:  # noqa: ARG002
        delete_role(role_in(organisation, role_id), actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, organisation: Organisation, role_id: int, *, partial: bool) -> Response:
        role = role_in(organisation, role_id)
        facts = _facts(request, organisation, partial=partial)
        return Response(role_json(change_role(role, actor=self.actor, **facts)))


def role_in(organisation: Organisation, role_id: int) -> CustomRole:
    return get_or_missing(organisation.roles.all(), pk=role_id)


def role_json(role: CustomRole) -> dict[str, Any]:
    return {
        "id": role.pk,
        "name": role.name,
        "description": role.description,
        "organisation": role.organisation_id,
        "tags": role.tags,
    }


def refuse_unknown_tags(tag_ids: set[int], known: set[int], field: str) -> None:
    if tag_ids - known:
        raise serializers.ValidationError({field: [f'Invalid pk "{min(tag_ids - known)}" - object does not exist.']})


def _facts(request: Request, organisation: Organisation, *, partial: bool) -> dict[str, Any]:
    facts = parsed(RoleInput, request, partial=partial)
    if "tags" in facts:
        tags = Tag.objects.filter(project__organisation=organisation, pk__in=facts["tags"])
        refuse_unknown_tags(set(facts["tags"]), set(tags.values_list("pk", flat=True)), "tags")
        facts["tags"] = list(facts["tags"])
    return facts


routes = [
    path("organisations/<int:organisation_id>/roles/", Roles),
    path("organisations/<int:organisation_id>/roles/<int:role_id>/", OneRole),
]
