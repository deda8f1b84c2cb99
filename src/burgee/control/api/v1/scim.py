"""Provisioning by a company's directory: switched on and off, its token, and whom it provisioned."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, OrganisationFromUrl, paginated
from burgee.control.api.base.routing import path
from burgee.control.organisations.models import Membership, Organisation
from burgee.control.scim.models import ProvisionedUser, Provisioning
from burgee.control.scim.tokens import base_url, provisioning_of, rotate, switch_off, switch_on


class ScimConfigurationOutput(serializers.Serializer[Any]):
    """``base_url`` is what the directory is given. ``token`` is shown once, when it is made."""

    created_at = serializers.DateTimeField()
    token_rotated_at = serializers.DateTimeField()
    last_used_on = serializers.DateField(allow_null=True)
    base_url = serializers.CharField()
    token = serializers.CharField(required=False)


class ScimView(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("scim",)
    for_people = True


class ScimConfiguration(ScimView):
    answers = ScimConfigurationOutput

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(configuration_json(provisioning_of(organisation)))

    def post(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        row, token = switch_on(organisation, actor=self.actor)
        return Response(configuration_json(row) | {"token": token}, status=201)

    def delete(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        switch_off(provisioning_of(organisation), actor=self.actor)
        return Response(status=204)


class ScimToken(ScimView):
    """Another token; the old one ends at once."""

    answers = ScimConfigurationOutput

    def post(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        row = provisioning_of(organisation)
        token = rotate(row, actor=self.actor)
        return Response(configuration_json(row) | {"token": token})


class ScimUsers(ScimView):
    """Whom the directory provisioned; ``search`` looks into addresses, names and external ids."""

    def get(self, request: Request, organisation: Organisation) -> Response:
        rows = _provisioned(organisation, request.query_params.get("search", "").strip())
        return paginated(request, rows, lambda page: [_person_json(row) for row in page])


def configuration_json(row: Provisioning) -> dict[str, Any]:
    return {
        "created_at": row.created_at,
        "token_rotated_at": row.rotated_at,
        "last_used_on": row.last_used_on,
        "base_url": base_url(),
    }


def _provisioned(organisation: Organisation, search: str) -> QuerySet[ProvisionedUser]:
    """Those whom the directory sees: who left otherwise is nobody's business here any more."""
    members = Membership.objects.filter(organisation=organisation, user_id=OuterRef("user_id"))
    rows = ProvisionedUser.objects.filter(organisation=organisation).select_related("user").order_by("user_id")
    rows = rows.alias(is_member=Exists(members)).filter(Q(is_member=True) | Q(suspended_at__isnull=False))
    if search:
        fields = ("user__email", "user__first_name", "user__last_name", "external_id")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": search})
        rows = rows.filter(found)
    return rows


def _person_json(row: ProvisionedUser) -> dict[str, Any]:
    return {
        "id": row.user_id,
        "email": row.user.email,
        "first_name": row.user.first_name,
        "last_name": row.user.last_name,
        "external_id": row.external_id,
        "is_active": row.suspended_at is None,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
    }


routes = [
    path("organisations/<int:organisation_id>/scim/", ScimConfiguration),
    path("organisations/<int:organisation_id>/scim/regenerate-token/", ScimToken),
    path("organisations/<int:organisation_id>/scim/users/", ScimUsers),
]
