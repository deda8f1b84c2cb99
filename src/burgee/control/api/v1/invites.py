"""Inviting people by mail and by link, and joining an organisation."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, NoScope, OrganisationFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import InviteThrottle
from burgee.control.api.v1.fields import IdListField
from burgee.control.api.v1.organisations import own_organisations, present_organisation
from burgee.control.api.v1.people_json import user_json
from burgee.control.organisations.errors import AlreadyInvited
from burgee.control.organisations.invites import (
    create_link,
    delete_invite,
    delete_link,
    invite,
    invite_all,
    join,
    join_by_link,
    resend_invite,
    secret_of,
)
from burgee.control.organisations.models import Invite, InviteLink, Organisation, Role
from burgee.control.sso.bonds import outgrow, require_free

MOST_INVITES = 100


class InviteInput(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices, default=Role.USER)
    permission_groups = IdListField(default=())


class InvitesInput(serializers.Serializer[Any]):
    invites = serializers.ListField(child=InviteInput(), default=list, max_length=MOST_INVITES)
    emails = serializers.ListField(child=serializers.EmailField(max_length=254), default=list, max_length=MOST_INVITES)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["invites"] and not attrs["emails"]:
            raise serializers.ValidationError({"invites": ["This field is required."]})
        return attrs


class InviteLinkInput(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Role.choices, default=Role.USER)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class InviteMany(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("invites",)
    succeeds = {"post": (201,)}
    accepts = InvitesInput
    throttle_classes = (InviteThrottle,)

    def post(self, request: Request, organisation: Organisation) -> Response:
        facts = parsed(InvitesInput, request)
        wanted = [_invite_facts(item) for item in facts["invites"]] + [{"email": email} for email in facts["emails"]]
        try:
            made = invite_all(organisation, wanted, actor=self.actor)
        except AlreadyInvited as error:
            raise ValidationError({"email": str(error)}) from error
        return Response([_listed(row) for row in made], status=201)


class Invites(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("invites",)
    accepts = InviteInput
    throttle_classes = (InviteThrottle,)

    def get_throttles(self) -> list[Any]:
        return super().get_throttles() if self.request.method == "POST" else []

    def get(self, request: Request, organisation: Organisation) -> Response:
        rows = organisation.invites.select_related("invited_by").prefetch_related("groups").order_by("id")
        return paginated(request, rows, lambda page: [_listed(row) for row in page])

    def post(self, request: Request, organisation: Organisation) -> Response:
        try:
            made = invite(organisation, actor=self.actor, **_invite_facts(parsed(InviteInput, request)))
        except AlreadyInvited as error:
            raise ValidationError({"email": str(error)}) from error
        return Response(_listed(made), status=201)


class OneInvite(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("invites",)

    def get(self, request: Request, organisation: Organisation, invite_id: int) -> Response:  # noqa: ARG002
        return Response(_listed(_invite(organisation, invite_id)))

    def delete(self, request: Request, organisation: Organisation, invite_id: int) -> Response:  # noqa: ARG002
        delete_invite(_invite(organisation, invite_id), actor=self.actor)
        return Response(status=204)


class ResendInvite(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("invites",)
    throttle_classes = (InviteThrottle,)

    def post(self, request: Request, organisation: Organisation, invite_id: int) -> Response:  # noqa: ARG002
        resend_invite(_invite(organisation, invite_id), inviter=self.actor.label)
        return Response(status=200)


class InviteLinks(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("invites",)
    accepts = InviteLinkInput

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([_link_json(link) for link in organisation.invite_links.order_by("id")])

    def post(self, request: Request, organisation: Organisation) -> Response:
        return Response(
            _link_json(create_link(organisation, actor=self.actor, **parsed(InviteLinkInput, request))), status=201
        )


class OneInviteLink(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("invites",)

    def get(self, request: Request, organisation: Organisation, link_id: int) -> Response:  # noqa: ARG002
        return Response(_link_json(_link(organisation, link_id)))

    def delete(self, request: Request, organisation: Organisation, link_id: int) -> Response:  # noqa: ARG002
        delete_link(_link(organisation, link_id), actor=self.actor)
        return Response(status=204)


class Join(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("invites",)

    def post(self, request: Request, secret: str) -> Response:
        require_free(self.user, request.auth)
        organisation = self.join(secret)
        outgrow(self.user, organisation.pk)
        return Response(present_organisation(own_organisations(self.user).get(pk=organisation.pk)))

    def join(self, secret: str) -> Organisation:
        return join(self.user, secret, actor=self.actor)


class JoinByLink(Join):
    def join(self, secret: str) -> Organisation:
        return join_by_link(self.user, secret, actor=self.actor)


def _invite_facts(facts: dict[str, Any]) -> dict[str, Any]:
    return {"email": facts["email"], "role": facts["role"], "group_ids": facts["permission_groups"]}


def _invite(organisation: Organisation, invite_id: int) -> Invite:
    return get_or_missing(organisation.invites.select_related("organisation", "invited_by"), pk=invite_id)


def _link(organisation: Organisation, link_id: int) -> InviteLink:
    return get_or_missing(organisation.invite_links.select_related("organisation"), pk=link_id)


def _listed(row: Invite) -> dict[str, Any]:
    return {
        "id": row.pk,
        "email": row.email,
        "role": row.role,
        "date_created": row.date_created,
        "invited_by": user_json(row.invited_by) if row.invited_by else None,
        "permission_groups": sorted(group.pk for group in row.groups.all()),
    }


def _link_json(link: InviteLink) -> dict[str, Any]:
    return {
        "id": link.pk,
        "hash": secret_of(link),
        "date_created": link.date_created,
        "role": link.role,
        "expires_at": link.expires_at,
    }


routes = [
    path("organisations/<int:organisation_id>/invite/", InviteMany),
    path("organisations/<int:organisation_id>/invites/", Invites),
    path("organisations/<int:organisation_id>/invites/<int:invite_id>/", OneInvite),
    path("organisations/<int:organisation_id>/invites/<int:invite_id>/resend/", ResendInvite),
    path("organisations/<int:organisation_id>/invite-links/", InviteLinks),
    path("organisations/<int:organisation_id>/invite-links/<int:link_id>/", OneInviteLink),
    path("users/join/link/<str:secret>/", JoinByLink),
    path("users/join/<str:secret>/", Join),
]
