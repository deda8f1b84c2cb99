"""Organisations."""

import uuid
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_projects
from burgee.control.access.standing import Principal
from burgee.control.api.base import ApiView, NoScope, OrganisationFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.projects import present_project
from burgee.control.organisations.models import ApiKey, Organisation
from burgee.control.organisations.queries import with_seats
from burgee.control.organisations.services import change_organisation, create_organisation, delete_organisation
from burgee.control.sso.bonds import outgrow, require_free

NOBODY: Final = 0
"""The id of no user: a key has no role of its own."""


class OrganisationInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=2000)
    webhook_notification_email = serializers.EmailField(max_length=254, required=False, allow_null=True)
    restrict_project_create_to_admin = serializers.BooleanField(required=False)
    force_2fa = serializers.BooleanField(required=False)


class OrganisationChanges(OrganisationInput):
    """What only makes sense once the organisation serves somebody."""

    persist_trait_data = serializers.BooleanField(required=False)
    stop_serving_flags = serializers.BooleanField(required=False)


class Organisations(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("organisations",)
    accepts = OrganisationInput

    def get(self, request: Request) -> Response:
        return paginated(
            request,
            own_organisations(self.principal).order_by("id"),
            lambda rows: [present_organisation(row) for row in rows],
        )

    def post(self, request: Request) -> Response:
        if settings.CONTROL.restrict_org_create_to_superusers and not self.user.is_superuser:
            raise PermissionDenied
        require_free(self.user, request.auth)
        facts = parsed(OrganisationInput, request) | {"persist_trait_data": settings.CONTROL.default_persist_traits}
        made = create_organisation(creator=self.user, actor=self.actor, **facts)
        outgrow(self.user, made.pk)
        return Response(
            present_organisation(own_organisations(self.principal).get(pk=made.pk)) | {"role": None}, status=201
        )


class OneOrganisation(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("organisations",)
    accepts = OrganisationChanges

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(present_organisation(own_organisations(self.principal).get(pk=organisation.pk)))

    def put(self, request: Request, organisation: Organisation) -> Response:
        return self._change(request, organisation, partial=False)

    def patch(self, request: Request, organisation: Organisation) -> Response:
        return self._change(request, organisation, partial=True)

    def delete(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        delete_organisation(organisation, actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, organisation: Organisation, *, partial: bool) -> Response:
        facts = parsed(OrganisationChanges, request, partial=partial)
        change_organisation(organisation, actor=self.actor, **facts)
        return Response(present_organisation(own_organisations(self.principal).get(pk=organisation.pk)))


class OrganisationByUuid(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("organisations",)

    def get(self, request: Request, uuid: uuid.UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(present_organisation(get_or_missing(own_organisations(self.principal), uuid=uuid)))


class OrganisationProjects(ApiView):
    permission = Permission.ORGANISATION_MEMBER
    scope = OrganisationFromUrl()
    tags = ("organisations",)

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        rows = visible_projects(self.principal).filter(organisation=organisation).order_by("id")
        return Response([present_project(project) for project in rows])


class SubscriptionMetadata(ApiView):
    """Nothing is limited, which clients read from null."""

    permission = Permission.ORGANISATION_MEMBER
    scope = OrganisationFromUrl()
    tags = ("organisations",)

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002 - DRF's signature
        names = (
            "max_seats",
            "max_api_calls",
            "max_projects",
            "payment_source",
            "chargebee_email",
            "feature_history_visibility_days",
            "audit_log_visibility_days",
        )
        return Response(dict.fromkeys(names))


def own_organisations(principal: Principal) -> QuerySet[Organisation]:
    if isinstance(principal, ApiKey):
        return with_seats(Organisation.objects.living().filter(pk=principal.organisation_id), NOBODY)
    return with_seats(Organisation.objects.of_user(principal.pk), principal.pk)


def present_organisation(organisation: Any) -> dict[str, Any]:
    return {
        "id": organisation.pk,
        "uuid": organisation.uuid,
        "name": organisation.name,
        "created_date": organisation.created_date,
        "webhook_notification_email": organisation.webhook_notification_email,
        "num_seats": organisation.seats or 0,
        "subscription": _subscription(organisation),
        "role": organisation.role_of_caller,
        "persist_trait_data": organisation.persist_trait_data,
        "block_access_to_admin": organisation.block_access_to_admin,
        "restrict_project_create_to_admin": organisation.restrict_project_create_to_admin,
        "force_2fa": organisation.force_2fa,
        "stop_serving_flags": organisation.stop_serving_flags,
    }


def _subscription(organisation: Organisation) -> dict[str, Any]:
    """What clients parse of a plan. Nothing here is enforced: see ``SubscriptionMetadata``."""
    return {
        "id": organisation.pk,
        "has_active_billing_periods": False,
        "deleted_at": None,
        "uuid": uuid.uuid5(organisation.uuid, "subscription"),
        "subscription_id": None,
        "subscription_date": None,
        "plan": "free",
        "max_seats": 1,
        "max_api_calls": 50000,
        "cancellation_date": None,
        "customer_id": None,
        "billing_status": None,
        "payment_method": None,
        "notes": None,
    }


routes = [
    path("organisations/", Organisations),
    path("organisations/<int:organisation_id>/", OneOrganisation),
    path("organisations/get-by-uuid/<uuid:uuid>/", OrganisationByUuid),
    path("organisations/<int:organisation_id>/projects/", OrganisationProjects),
    path("organisations/<int:organisation_id>/get-subscription-metadata/", SubscriptionMetadata),
]
