"""The ways of signing in that the page for it shows."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.api.base import ApiView, NoScope, Public
from burgee.control.api.base.routing import path
from burgee.control.sso.doors import Door, doors
from burgee.control.sso.people import Method

LONGEST_EMAIL = 254


class MethodOutput(serializers.Serializer[Any]):
    method = serializers.ChoiceField(choices=[method.value for method in Method])
    key = serializers.CharField()
    name = serializers.CharField()
    start_url = serializers.CharField(allow_null=True)
    client_id = serializers.CharField(allow_null=True)


class SignInMethods(ApiView):
    """What is configured here and allowed; with ``email``, for its domain, whether or not anybody has that address."""

    permission = Public("whoever signs in has no token yet")
    scope = NoScope()
    tags = ("auth",)
    answers = MethodOutput(many=True)

    def get(self, request: Request) -> Response:
        email = request.query_params.get("email", "")[:LONGEST_EMAIL]
        return Response([_shown(door) for door in doors(email if "@" in email else "")])


def _shown(door: Door) -> dict[str, Any]:
    return {
        "method": door.method.value,
        "key": door.key,
        "name": door.name,
        "start_url": door.start_url or None,
        "client_id": door.client_id or None,
    }


routes = [path("auth/methods/", SignInMethods)]
