"""The second factor of the own account."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.accounts import second_factor
from burgee.control.api.base import ApiView, NoScope, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import CodeThrottle
from burgee.control.api.v1.auth import METHOD, SecondFactorShape
from burgee.control.oauth.models import AccessToken


class ConfirmInput(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=20)


class FactorView(SecondFactorShape, ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("auth-mfa",)
    for_people = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, AccessToken) and request.method == "POST":
            # An application acts for a person; how the person signs in is none of its business.
            raise PermissionDenied


class ActiveMethods(FactorView):
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        is_active = second_factor.is_active(self.user)
        return Response([{"name": METHOD, "is_primary": True}] if is_active else [])


class Activate(FactorView):
    succeeds = {"post": (200,)}

    def post(self, request: Request, method: str) -> Response:  # noqa: ARG002 - DRF's signature
        _require_known(method)
        seed, link = second_factor.begin(self.user)
        return Response({"qr_link": link, "secret": seed})


class ConfirmActivation(FactorView):
    accepts = ConfirmInput
    succeeds = {"post": (200,)}
    throttle_classes = (CodeThrottle,)

    def post(self, request: Request, method: str) -> Response:
        _require_known(method)
        code = parsed(ConfirmInput, request)["code"]
        return Response({"backup_codes": second_factor.confirm(self.user, code, actor=self.actor)})


class Deactivate(FactorView):
    succeeds = {"post": (204,)}

    def post(self, request: Request, method: str) -> Response:  # noqa: ARG002 - DRF's signature
        _require_known(method)
        second_factor.remove(self.user, actor=self.actor)
        return Response(status=204)


def _require_known(method: str) -> None:
    if method != METHOD:
        raise NotFound


routes = [
    path("auth/mfa/user-active-methods/", ActiveMethods),
    path("auth/<str:method>/activate/", Activate),
    path("auth/<str:method>/activate/confirm/", ConfirmActivation),
    path("auth/<str:method>/deactivate/", Deactivate),
]
