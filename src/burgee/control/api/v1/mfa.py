"""The second factor of the own account."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.accounts import proof, second_factor
from burgee.control.accounts.models import Token, User
from burgee.control.api.base import ApiView, NoScope, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import CodeThrottle, LoginThrottle
from burgee.control.api.v1.auth import LONGEST_PASSWORD, METHOD, SecondFactorShape, address_of
from burgee.control.oauth.models import AccessToken


class ConfirmInput(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=20)


class ProofInput(serializers.Serializer[Any]):
    """Needed when the sign-in is older than some minutes: one of the two."""

    current_password = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_PASSWORD, trim_whitespace=False
    )
    code = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)


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
    accepts = ProofInput
    succeeds = {"post": (200,)}
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request, method: str) -> Response:
        _require_known(method)
        prove(self.user, request)
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
    accepts = ProofInput
    succeeds = {"post": (204,)}
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request, method: str) -> Response:
        _require_known(method)
        prove(self.user, request)
        second_factor.remove(self.user, actor=self.actor)
        return Response(status=204)


def prove(user: User, request: Request) -> None:
    """403 unless it is certain that the account's owner asks."""
    facts = parsed(ProofInput, request)
    shown = proof.Shown(password=facts["current_password"], code=facts["code"], address=address_of(request))
    proof.require(user, request.auth if isinstance(request.auth, Token) else None, shown)


def _require_known(method: str) -> None:
    if method != METHOD:
        raise NotFound


routes = [
    path("auth/mfa/user-active-methods/", ActiveMethods),
    path("auth/<str:method>/activate/", Activate),
    path("auth/<str:method>/activate/confirm/", ConfirmActivation),
    path("auth/<str:method>/deactivate/", Deactivate),
]
