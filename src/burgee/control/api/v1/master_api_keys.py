"""Keys of an organisation, for machines. Only people manage them."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, OrganisationFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.organisations.api_keys import change_api_key, create_api_key, delete_api_key, has_expired
from burgee.control.organisations.models import ApiKey, Organisation


class ApiKeyInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=50)
    is_admin = serializers.BooleanField(required=False)
    revoked = serializers.BooleanField(required=False)
    expiry_date = serializers.DateTimeField(required=False, allow_null=True)


class MasterApiKeys(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("master-api-keys",)
    accepts = ApiKeyInput
    for_people = True

    def get(self, request: Request, organisation: Organisation) -> Response:
        # The keys that trust relationships act as are managed there.
        rows = organisation.api_keys.filter(deleted_at=None, trust_relationship=None).order_by("id")
        return paginated(request, rows, lambda page: [api_key_json(key) for key in page])

    def post(self, request: Request, organisation: Organisation) -> Response:
        made, text = create_api_key(organisation, actor=self.actor, **parsed(ApiKeyInput, request))
        return Response(api_key_json(made) | {"key": text}, status=201)


class OneMasterApiKey(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("master-api-keys",)
    accepts = ApiKeyInput
    for_people = True

    def get(self, request: Request, organisation: Organisation, prefix: str) -> Response:  # noqa: ARG002
        return Response(api_key_json(_shown_api_key(organisation, prefix)))

    def put(self, request: Request, organisation: Organisation, prefix: str) -> Response:
        return self._change(request, _shown_api_key(organisation, prefix), partial=False)

    def patch(self, request: Request, organisation: Organisation, prefix: str) -> Response:
        return self._change(request, _shown_api_key(organisation, prefix), partial=True)

    def delete(self, request: Request, organisation: Organisation, prefix: str) -> Response:  # noqa: ARG002
        delete_api_key(_shown_api_key(organisation, prefix), actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, key: ApiKey, *, partial: bool) -> Response:
        facts = parsed(ApiKeyInput, request, partial=partial)
        return Response(api_key_json(change_api_key(key, actor=self.actor, **facts)))


def living_api_key(organisation: Organisation, prefix: str) -> ApiKey:
    found = get_or_missing(organisation.api_keys.filter(deleted_at=None), prefix=prefix)
    if found.prefix != prefix:
        # Some engines compare without regard to case.
        return get_or_missing(ApiKey.objects.none())
    return found


def _shown_api_key(organisation: Organisation, prefix: str) -> ApiKey:
    found = living_api_key(organisation, prefix)
    return get_or_missing(ApiKey.objects.filter(trust_relationship=None), pk=found.pk)


def api_key_json(key: ApiKey) -> dict[str, Any]:
    """Without its text, which nobody can read again; the prefix stands for the id as well."""
    return {
        "id": key.prefix,
        "prefix": key.prefix,
        "created": key.created,
        "name": key.name,
        "revoked": key.revoked,
        "expiry_date": key.expiry_date,
        "key": None,
        "is_admin": key.is_admin,
        "has_expired": has_expired(key),
        "created_by": key.created_by_id,
    }


routes = [
    path("organisations/<int:organisation_id>/master-api-keys/", MasterApiKeys),
    path("organisations/<int:organisation_id>/master-api-keys/<str:prefix>/", OneMasterApiKey),
]
