"""Groups of the people of an organisation."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, OrganisationFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.fields import IdListField
from burgee.control.api.v1.people_json import group_json, group_summary
from burgee.control.organisations.groups import (
    add_to_group,
    change_group,
    create_group,
    delete_group,
    remove_from_group,
    set_group_admin,
)
from burgee.control.organisations.models import GroupMembership, Organisation, UserGroup


class GroupInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    is_default = serializers.BooleanField(required=False)
    external_id = serializers.CharField(max_length=255, required=False, allow_null=True, allow_blank=True)

    def validate_external_id(self, value: str | None) -> str | None:
        return value or None


class UserIdsInput(serializers.Serializer[Any]):
    user_ids = IdListField()


class GroupView(ApiView):
    """Who manages the groups of the organisation sees all of them, everybody else those that they administer."""

    permission: ClassVar[Any] = Permission.ORGANISATION_MEMBER
    scope = OrganisationFromUrl()
    tags = ("groups",)

    def manages_all(self, organisation: Organisation) -> bool:
        return self.allows(Permission.MANAGE_USER_GROUPS, organisation)

    def groups(self, organisation: Organisation) -> QuerySet[UserGroup]:
        rows = UserGroup.objects.filter(organisation=organisation).prefetch_related("memberships__user")
        if not self.manages_all(organisation):
            mine = GroupMembership.objects.filter(user_id=self.person_id or 0, is_admin=True)
            rows = rows.filter(pk__in=mine.values("group_id"))
        return rows.order_by("id")

    def managed(self, organisation: Organisation, group_id: int) -> UserGroup:
        """The group, for who may manage it; for others it looks like one that is not there."""
        found = self.groups(organisation).filter(pk=group_id).first()
        if found is None and not self.manages_all(organisation):
            raise PermissionDenied
        return found or get_or_missing(self.groups(organisation), pk=group_id)


class Groups(GroupView):
    permission = {"get": Permission.ORGANISATION_MEMBER, "post": Permission.MANAGE_USER_GROUPS}
    accepts = GroupInput

    def get(self, request: Request, organisation: Organisation) -> Response:
        return paginated(request, self.groups(organisation), lambda rows: [group_json(group) for group in rows])

    def post(self, request: Request, organisation: Organisation) -> Response:
        made = create_group(organisation, actor=self.actor, **parsed(GroupInput, request))
        return Response(group_json(made), status=201)


class OneGroup(GroupView):
    accepts = GroupInput

    def get(self, request: Request, organisation: Organisation, group_id: int) -> Response:  # noqa: ARG002
        return Response(group_json(self.managed(organisation, group_id)))

    def put(self, request: Request, organisation: Organisation, group_id: int) -> Response:
        return self._change(request, self.managed(organisation, group_id), partial=False)

    def patch(self, request: Request, organisation: Organisation, group_id: int) -> Response:
        return self._change(request, self.managed(organisation, group_id), partial=True)

    def delete(self, request: Request, organisation: Organisation, group_id: int) -> Response:  # noqa: ARG002
        delete_group(self.managed(organisation, group_id), actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, group: UserGroup, *, partial: bool) -> Response:
        facts = parsed(GroupInput, request, partial=partial)
        return Response(group_json(change_group(group, actor=self.actor, **facts)))


class AddUsers(GroupView):
    accepts = UserIdsInput

    def post(self, request: Request, organisation: Organisation, group_id: int) -> Response:
        group = self.managed(organisation, group_id)
        add_to_group(group, self.chosen(request, organisation), actor=self.actor)
        return Response(group_json(self.groups(organisation).get(pk=group.pk)))

    def chosen(self, request: Request, organisation: Organisation) -> tuple[int, ...]:
        """The people named; nobody but an administrator of the organisation moves themselves."""
        user_ids: tuple[int, ...] = parsed(UserIdsInput, request)["user_ids"]
        if self.person_id in user_ids:
            self.require(Permission.ORGANISATION_ADMIN, organisation)
        return user_ids


class RemoveUsers(AddUsers):
    def post(self, request: Request, organisation: Organisation, group_id: int) -> Response:
        group = self.managed(organisation, group_id)
        remove_from_group(group, self.chosen(request, organisation), actor=self.actor)
        return Response(group_json(self.groups(organisation).get(pk=group.pk)))


class MakeAdmin(GroupView):
    permission = Permission.ORGANISATION_ADMIN
    makes_admin = True

    def post(self, request: Request, organisation: Organisation, group_id: int, user_id: int) -> Response:  # noqa: ARG002
        set_group_admin(self.managed(organisation, group_id), user_id, is_admin=self.makes_admin, actor=self.actor)
        return Response(status=200)


class RemoveAdmin(MakeAdmin):
    makes_admin = False


class MyGroups(GroupView):
    def get(self, request: Request, organisation: Organisation) -> Response:
        mine = UserGroup.objects.filter(organisation=organisation, memberships__user=self.user).order_by("id")
        return paginated(request, mine, lambda rows: [group_summary(group) for group in rows])


class GroupSummaries(GroupView):
    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([group_summary(group) for group in organisation.groups.order_by("id")])


routes = [
    path("organisations/<int:organisation_id>/groups/", Groups),
    path("organisations/<int:organisation_id>/groups/my-groups/", MyGroups),
    path("organisations/<int:organisation_id>/groups/summaries/", GroupSummaries),
    path("organisations/<int:organisation_id>/groups/<int:group_id>/", OneGroup),
    path("organisations/<int:organisation_id>/groups/<int:group_id>/add-users/", AddUsers, name="AddGroupUsers"),
    path(
        "organisations/<int:organisation_id>/groups/<int:group_id>/remove-users/", RemoveUsers, name="RemoveGroupUsers"
    ),
    path("organisations/<int:organisation_id>/groups/<int:group_id>/users/<int:user_id>/make-admin", MakeAdmin),
    path("organisations/<int:organisation_id>/groups/<int:group_id>/users/<int:user_id>/remove-admin", RemoveAdmin),
]
