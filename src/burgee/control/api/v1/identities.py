"""Identities of an environment, and the trait keys that they have."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, Missing, get_or_missing, paginated, parsed
from burgee.control.api.base.pagination import SearchPages
from burgee.control.api.base.routing import path
from burgee.control.environments.models import Environment
from burgee.control.identities.errors import IdentityTaken
from burgee.control.identities.models import Identity
from burgee.control.identities.queries import identities_in, trait_keys_of
from burgee.control.identities.rules import IDENTIFIER_LENGTH
from burgee.control.identities.services import create_identity, delete_identity, delete_trait_key


class IdentityInput(serializers.Serializer[Any]):
    identifier = serializers.CharField(max_length=IDENTIFIER_LENGTH)


class TraitKeyInput(serializers.Serializer[Any]):
    key = serializers.CharField(trim_whitespace=False)


def identity_json(identity: Identity) -> dict[str, Any]:
    return {"id": identity.pk, "identifier": identity.identifier, "environment": identity.environment_id}


def identity_in(environment: Environment, identity_id: int) -> Identity:
    return get_or_missing(Identity.objects.in_environment(environment.pk), pk=identity_id)


class Identities(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {"get": Permission.VIEW_IDENTITIES, "post": Permission.MANAGE_IDENTITIES}
    tags = ("identities",)
    accepts = IdentityInput

    def get(self, request: Request, environment: Environment) -> Response:
        found = identities_in(environment, search=request.query_params.get("q", ""))
        return paginated(request, found, lambda rows: list(map(identity_json, rows)), style=SearchPages)

    def post(self, request: Request, environment: Environment) -> Response:
        identifier = parsed(IdentityInput, request)["identifier"]
        try:
            identity = create_identity(environment, identifier, actor=self.actor)
        except IdentityTaken as error:
            raise ValidationError({"identifier": str(error)}) from error
        return Response(identity_json(identity), status=201)


class OneIdentity(ApiView):
    """An identifier is fixed once it exists: evaluations hash it."""

    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {
        "get": Permission.VIEW_IDENTITIES,
        "put": Permission.MANAGE_IDENTITIES,
        "patch": Permission.MANAGE_IDENTITIES,
        "delete": Permission.MANAGE_IDENTITIES,
    }
    tags = ("identities",)
    accepts = IdentityInput

    def get(self, request: Request, environment: Environment, identity_id: int) -> Response:  # noqa: ARG002
        return Response(identity_json(identity_in(environment, identity_id)))

    def put(self, request: Request, environment: Environment, identity_id: int) -> Response:
        return self._unchanged(request, identity_in(environment, identity_id), partial=False)

    def patch(self, request: Request, environment: Environment, identity_id: int) -> Response:
        return self._unchanged(request, identity_in(environment, identity_id), partial=True)

    def delete(self, request: Request, environment: Environment, identity_id: int) -> Response:  # noqa: ARG002
        delete_identity(environment, identity_in(environment, identity_id), actor=self.actor)
        return Response(status=204)

    def _unchanged(self, request: Request, identity: Identity, *, partial: bool) -> Response:
        given = parsed(IdentityInput, request, partial=partial)
        if given.get("identifier", identity.identifier) != identity.identifier:
            raise ValidationError({"identifier": ["The identifier of an identity cannot be changed."]})
        return Response(identity_json(identity))


class TraitKeys(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = Permission.VIEW_IDENTITIES
    tags = ("identities",)

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002
        return Response({"keys": trait_keys_of(environment)})


class DeleteTraits(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = Permission.MANAGE_IDENTITIES
    tags = ("identities",)
    accepts = TraitKeyInput

    def post(self, request: Request, environment: Environment) -> Response:
        delete_trait_key(environment, parsed(TraitKeyInput, request)["key"], actor=self.actor)
        return Response(status=200)


routes = [
    path("environments/<str:environment_key>/identities/", Identities),
    path("environments/<str:environment_key>/identities/<int:identity_id>/", OneIdentity),
    path("environments/<str:environment_key>/trait-keys/", TraitKeys),
    path("environments/<str:environment_key>/delete-traits/", DeleteTraits),
]
