"""Trust relationships of an organisation, and the exchange of a machine's token for one of ours."""

from typing import Any
from urllib.parse import urlsplit

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, NoScope, OrganisationFromUrl, Public, get_or_missing, paginated, parsed
from burgee.control.api.base.request_ids import request_id_of
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import TokenExchangeThrottle
from burgee.control.federation.errors import NoMatchingTrust, TokenInvalid
from burgee.control.federation.exchange import exchange
from burgee.control.federation.models import TrustRelationship
from burgee.control.federation.trust import change_trust, end_trust, trust
from burgee.control.organisations.models import Organisation

MOST_RULES = 50
MOST_VALUES = 100


class ClaimRuleInput(serializers.Serializer[Any]):
    claim = serializers.CharField(max_length=255)
    values = serializers.ListField(
        child=serializers.CharField(max_length=1000), min_length=1, max_length=MOST_VALUES, allow_empty=False
    )


class TrustInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    issuer = serializers.URLField(max_length=500)
    audience = serializers.CharField(max_length=500)
    claim_rules = ClaimRuleInput(many=True, required=False)
    is_admin = serializers.BooleanField()

    def validate_issuer(self, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.scheme != "https" or parts.query or parts.fragment or parts.username is not None:
            raise serializers.ValidationError("An issuer is an https URL without query, fragment and user.")
        return issuer

    def validate_claim_rules(self, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(rules) > MOST_RULES:
            raise serializers.ValidationError(f"Ensure this field has no more than {MOST_RULES} elements.")
        return [{"claim": rule["claim"], "values": list(rule["values"])} for rule in rules]


class ExchangeInput(serializers.Serializer[Any]):
    token = serializers.CharField()


class TrustRelationships(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("machine-auth",)
    accepts = TrustInput
    for_people = True

    def get(self, request: Request, organisation: Organisation) -> Response:
        rows = organisation.trust_relationships.filter(deleted_at=None).select_related("api_key").order_by("id")
        return paginated(request, rows, lambda page: [trust_json(row) for row in page])

    def post(self, request: Request, organisation: Organisation) -> Response:
        made = trust(organisation, actor=self.actor, **parsed(TrustInput, request))
        return Response(trust_json(made), status=201)


class OneTrustRelationship(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("machine-auth",)
    accepts = TrustInput
    for_people = True

    def get(self, request: Request, organisation: Organisation, trust_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(trust_json(_living(organisation, trust_id)))

    def put(self, request: Request, organisation: Organisation, trust_id: int) -> Response:
        return self._change(request, _living(organisation, trust_id), partial=False)

    def patch(self, request: Request, organisation: Organisation, trust_id: int) -> Response:
        return self._change(request, _living(organisation, trust_id), partial=True)

    def delete(self, request: Request, organisation: Organisation, trust_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        end_trust(_living(organisation, trust_id), actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, row: TrustRelationship, *, partial: bool) -> Response:
        facts = parsed(TrustInput, request, partial=partial)
        return Response(trust_json(change_trust(row, actor=self.actor, **facts)))


class ExchangeToken(ApiView):
    permission = Public("the token of the machine's own issuer is the credential")
    scope = NoScope()
    tags = ("machine-auth",)
    refuses = (401,)
    accepts = ExchangeInput
    throttle_classes = (TokenExchangeThrottle,)

    def post(self, request: Request) -> Response:
        shown = parsed(ExchangeInput, request)["token"]
        try:
            token, seconds = exchange(shown, request_id=request_id_of(request))
        except (TokenInvalid, NoMatchingTrust) as error:
            return Response({"detail": str(error), "code": error.code}, status=error.status)
        return Response({"access_token": token, "token_type": "Bearer", "expires_in": seconds})


def trust_json(row: TrustRelationship) -> dict[str, Any]:
    """The key stands here for giving it roles; it has no text."""
    return {
        "id": row.pk,
        "name": row.name,
        "issuer": row.issuer,
        "audience": row.audience,
        "claim_rules": row.claim_rules,
        "is_admin": row.api_key.is_admin,
        "master_api_key_id": row.api_key.prefix,
        "master_api_key_prefix": row.api_key.prefix,
        "created_at": row.created_at,
        "created_by": row.created_by_id,
    }


def _living(organisation: Organisation, trust_id: int) -> TrustRelationship:
    rows = organisation.trust_relationships.filter(deleted_at=None).select_related("api_key")
    return get_or_missing(rows, pk=trust_id)


routes = [
    path("organisations/<int:organisation_id>/trust-relationships/", TrustRelationships),
    path("organisations/<int:organisation_id>/trust-relationships/<int:trust_id>/", OneTrustRelationship),
    path("auth/oidc/token/", ExchangeToken),
]
