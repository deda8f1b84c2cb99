"""Signing in and out."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from burgee.control.access.permissions import Permission
from burgee.control.accounts.errors import SecondFactorError, SignInLocked
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.models import Token
from burgee.control.accounts.records import tell_failure
from burgee.control.accounts.services import sign_out
from burgee.control.accounts.signing_in import Challenge, sign_in_with_code
from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.session import SignedIn
from burgee.control.api.base.throttling import CodeThrottle, LoginThrottle, RefusalThrottle
from burgee.control.kit.errors import DomainError
from burgee.control.ldap.doors import sign_in

LONGEST_PASSWORD = 1000

METHOD = "app"
"""The authenticator app, as clients call it."""


class LoginInput(serializers.Serializer[None]):
    email = serializers.CharField(required=False, default="", allow_blank=True, max_length=254)
    password = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_PASSWORD, trim_whitespace=False
    )


class CodeInput(serializers.Serializer[Any]):
    ephemeral_token = serializers.CharField(max_length=500)
    code = serializers.CharField(max_length=20)


class SecondFactorShape(APIView):
    """What is wrong with a second factor is said under ``error``, as clients know it."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, SecondFactorError):
            return Response({"error": str(exc)}, status=exc.status)
        return super().handle_exception(exc)


class SignInView(SecondFactorShape, ApiView):
    permission = Public("whoever signs in has no token yet")
    scope = NoScope()
    tags = ("auth",)
    succeeds = {"post": (200,)}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, SignInLocked):
            return super().handle_exception(Throttled(wait=exc.seconds, detail=str(exc)))
        return super().handle_exception(exc)


class Login(SignInView):
    accepts = LoginInput
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        facts = parsed(LoginInput, request)
        attempt = Attempt(email=facts["email"], address=address_of(request))
        entered = sign_in(attempt, facts["password"], label=request.headers.get("User-Agent"))
        return entered_answer(entered)


class LoginCode(SignInView):
    accepts = CodeInput
    refuses = (401,)
    throttle_classes = (CodeThrottle,)

    def post(self, request: Request) -> Response:
        facts = parsed(CodeInput, request)
        label = request.headers.get("User-Agent")
        key = sign_in_with_code(facts["ephemeral_token"], facts["code"], address=address_of(request), label=label)
        return SignedIn(key)


class Logout(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("auth",)
    succeeds = {"post": (204,)}

    def post(self, request: Request) -> Response:
        return _end_this_sign_in(request)


class OwnToken(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("auth",)

    def delete(self, request: Request) -> Response:
        return _end_this_sign_in(request)


def entered_answer(entered: str | Challenge, **told: Any) -> Response:
    """The token, with what else is `told` about it; or what asks for the second factor."""
    if isinstance(entered, Challenge):
        return Response({"ephemeral_token": entered.token, "method": entered.method})
    return SignedIn(entered, told)


def address_of(request: Request) -> str:
    """The network address of the client."""
    return str(request.META.get("REMOTE_ADDR") or "")


def tell_refusal(request: Request, view: APIView, error: DomainError, **way: Any) -> None:
    """Tell of somebody unknown who came back from a provider with nothing that can be believed."""
    if RefusalThrottle().allow_request(request, view):
        tell_failure(None, reason=error.code, **way)


def _end_this_sign_in(request: Request) -> Response:
    if isinstance(request.auth, Token):
        sign_out(request.auth)
    return Response(status=204)


routes = [
    path("auth/login/", Login),
    path("auth/login/code/", LoginCode),
    path("auth/logout/", Logout),
    path("auth/token/", OwnToken),
]
