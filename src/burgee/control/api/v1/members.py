"""Who belongs to an organisation."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.services import expel_members
from burgee.control.api.base import ApiView, OrganisationFromUrl, parsed
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.api.base.routing import path
from burgee.control.organisations.models import Membership, Organisation, Role
from burgee.control.organisations.queries import members_of
from burgee.control.organisations.services import change_role


class MemberRoleInput(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Role.choices)


class UserIdInput(serializers.Serializer[Any]):
    id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class Members(ApiView):
    permission = Permission.ORGANISATION_MEMBER
    scope = OrganisationFromUrl()
    tags = ("members",)

    def get(self, request: Request, organisation: Organisation) -> Response:
        rows = members_of(organisation)
        excluded = self.person_id
        if excluded is not None and request.query_params.get("exclude_current", "").lower() in {"true", "1"}:
            rows = rows.exclude(user_id=excluded)
        return Response([present_member(membership) for membership in rows])


class UpdateRole(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("members",)
    accepts = MemberRoleInput

    def post(self, request: Request, organisation: Organisation, user_id: int) -> Response:
        membership = members_of(organisation).filter(user_id=user_id).first()
        if membership is None:
            raise NotFound("No User matches the given query.")
        facts = parsed(MemberRoleInput, request)
        return Response(present_member(change_role(membership, facts["role"], actor=self.actor)))


class RemoveUsers(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("members",)
    accepts = UserIdInput

    def post(self, request: Request, organisation: Organisation) -> Response:
        reader = UserIdInput(data=request.data, many=True)
        reader.is_valid(raise_exception=True)
        user_ids = [item["id"] for item in reader.validated_data]
        expel_members(organisation, user_ids, actor=self.actor)
        return Response([{"id": user_id} for user_id in user_ids])


def present_member(membership: Membership) -> dict[str, Any]:
    user = membership.user
    return {
        "id": user.pk,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "last_login": user.last_login,
        "uuid": user.uuid,
        "role": membership.role,
        "date_joined": user.date_joined,
    }


routes = [
    path("organisations/<int:organisation_id>/users/", Members),
    path("organisations/<int:organisation_id>/users/<int:user_id>/update-role/", UpdateRole),
    path("organisations/<int:organisation_id>/remove-users/", RemoveUsers),
]
