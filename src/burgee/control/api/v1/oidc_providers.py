"""OpenID providers of an organisation."""

from typing import Any
from urllib.parse import urlsplit

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, OrganisationFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.oidc.models import OidcProvider
from burgee.control.oidc.providers import provider_of
from burgee.control.oidc.services import add_provider, change_provider, remove_provider
from burgee.control.organisations.models import Organisation, Role


class OidcProviderInput(serializers.Serializer[Any]):
    """``client_secret`` is never shown again: left out of a change, it stays."""

    name = serializers.CharField(max_length=100)
    slug = serializers.RegexField(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=50)
    issuer = serializers.URLField(max_length=500)
    client_id = serializers.CharField(max_length=255)
    client_secret = serializers.CharField(max_length=1000, required=False, allow_blank=True, trim_whitespace=False)
    scopes = serializers.RegexField(
        r"\A[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*\Z", max_length=255, required=False
    )
    email_claim = serializers.CharField(max_length=100, required=False)
    first_name_claim = serializers.CharField(max_length=100, required=False)
    last_name_claim = serializers.CharField(max_length=100, required=False)
    groups_claim = serializers.CharField(max_length=100, required=False, allow_blank=True)
    require_verified_email = serializers.BooleanField(required=False)
    joins = serializers.BooleanField(required=False)
    role = serializers.ChoiceField(choices=Role.choices, required=False)

    def validate_issuer(self, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.scheme != "https" or parts.query or parts.fragment or parts.username is not None:
            raise serializers.ValidationError("An issuer is an https URL without query, fragment and user.")
        return issuer

    def validate_scopes(self, scopes: str) -> str:
        if "openid" not in scopes.split():
            raise serializers.ValidationError("The scope openid must be among them.")
        return scopes


class OidcProviders(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("sso",)
    accepts = OidcProviderInput
    for_people = True

    def get(self, request: Request, organisation: Organisation) -> Response:
        rows = organisation.oidc_providers.order_by("id")
        return paginated(request, rows, lambda page: [provider_json(row) for row in page])

    def post(self, request: Request, organisation: Organisation) -> Response:
        made = add_provider(organisation, actor=self.actor, **parsed(OidcProviderInput, request))
        return Response(provider_json(made), status=201)


class OneOidcProvider(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("sso",)
    accepts = OidcProviderInput
    for_people = True

    def get(self, request: Request, organisation: Organisation, provider_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(provider_json(_row(organisation, provider_id)))

    def put(self, request: Request, organisation: Organisation, provider_id: int) -> Response:
        return self._change(request, _row(organisation, provider_id), partial=False)

    def patch(self, request: Request, organisation: Organisation, provider_id: int) -> Response:
        return self._change(request, _row(organisation, provider_id), partial=True)

    def delete(self, request: Request, organisation: Organisation, provider_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        remove_provider(_row(organisation, provider_id), actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, row: OidcProvider, *, partial: bool) -> Response:
        facts = parsed(OidcProviderInput, request, partial=partial)
        return Response(provider_json(change_provider(row, actor=self.actor, **facts)))


def provider_json(row: OidcProvider) -> dict[str, Any]:
    """With the two addresses: one is told to the issuer, the other opened by people."""
    provider = provider_of(row)
    return {
        "id": row.pk,
        "name": row.name,
        "slug": row.slug,
        "issuer": row.issuer,
        "client_id": row.client_id,
        "has_client_secret": row.client_secret_ciphertext is not None,
        "scopes": row.scopes,
        "email_claim": row.email_claim,
        "first_name_claim": row.first_name_claim,
        "last_name_claim": row.last_name_claim,
        "groups_claim": row.groups_claim,
        "require_verified_email": row.require_verified_email,
        "joins": row.joins,
        "role": row.role,
        "callback_url": provider.callback_url,
        "start_url": provider.start_url,
        "created_at": row.created_at,
    }


def _row(organisation: Organisation, provider_id: int) -> OidcProvider:
    return get_or_missing(organisation.oidc_providers.all(), pk=provider_id)


routes = [
    path("organisations/<int:organisation_id>/oidc/", OidcProviders),
    path("organisations/<int:organisation_id>/oidc/<int:provider_id>/", OneOidcProvider),
]
