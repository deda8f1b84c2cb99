"""Server-side keys of an environment."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, Missing, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.environments.models import Environment, ServerKey
from burgee.control.environments.services import change_server_key, create_server_key, delete_server_key, text_of


class ServerKeyInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    active = serializers.BooleanField(required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class ServerKeys(ApiView):
    permission = Permission.ENVIRONMENT_ADMIN
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    tags = ("environment-keys",)
    accepts = ServerKeyInput

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([_present(key) for key in environment.server_keys.order_by("id")])

    def post(self, request: Request, environment: Environment) -> Response:
        made = create_server_key(environment, actor=self.actor, **parsed(ServerKeyInput, request))
        return Response(_present(made), status=201)


class OneServerKey(ApiView):
    permission = Permission.ENVIRONMENT_ADMIN
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    tags = ("environment-keys",)
    accepts = ServerKeyInput

    def put(self, request: Request, environment: Environment, key_id: int) -> Response:
        return self._change(request, environment, key_id, partial=False)

    def patch(self, request: Request, environment: Environment, key_id: int) -> Response:
        return self._change(request, environment, key_id, partial=True)

    def delete(self, request: Request, environment: Environment, key_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        delete_server_key(_key(environment, key_id), actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, environment: Environment, key_id: int, *, partial: bool) -> Response:
        key = _key(environment, key_id)
        facts = parsed(ServerKeyInput, request, partial=partial)
        return Response(_present(change_server_key(key, actor=self.actor, **facts)))


def _key(environment: Environment, key_id: int) -> ServerKey:
    rows = ServerKey.objects.filter(environment=environment).select_related("environment__project")
    return get_or_missing(rows, id=key_id)


def _present(key: ServerKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "key": text_of(key),
        "active": key.active,
        "created_at": key.created_at,
        "name": key.name,
        "expires_at": key.expires_at,
        "last_used_on": key.last_used_on,
    }


routes = [
    path("environments/<str:environment_key>/api-keys/", ServerKeys),
    path("environments/<str:environment_key>/api-keys/<int:key_id>/", OneServerKey),
]
