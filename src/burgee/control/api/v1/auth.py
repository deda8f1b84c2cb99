"""Signing in and out."""

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.accounts.errors import PasswordsRefused
from burgee.control.accounts.models import Token
from burgee.control.accounts.services import sign_in, sign_out
from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import LoginThrottle

LONGEST_PASSWORD = 1000


class LoginInput(serializers.Serializer[None]):
    email = serializers.CharField(required=False, default="", allow_blank=True, max_length=254)
    password = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_PASSWORD, trim_whitespace=False
    )


class Login(ApiView):
    permission = Public("whoever signs in has no token yet")
    scope = NoScope()
    tags = ("auth",)
    accepts = LoginInput
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        if settings.CONTROL.prevent_email_password:
            raise PasswordsRefused
        facts = parsed(LoginInput, request)
        _, key = sign_in(facts["email"], facts["password"], label=request.headers.get("User-Agent"))
        return Response({"key": key})


class Logout(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("auth",)

    def post(self, request: Request) -> Response:
        return _end_this_sign_in(request)


class OwnToken(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("auth",)

    def delete(self, request: Request) -> Response:
        return _end_this_sign_in(request)


def _end_this_sign_in(request: Request) -> Response:
    if isinstance(request.auth, Token):
        sign_out(request.auth)
    return Response(status=204)


routes = [
    path("auth/login/", Login),
    path("auth/logout/", Logout),
    path("auth/token/", OwnToken),
]
