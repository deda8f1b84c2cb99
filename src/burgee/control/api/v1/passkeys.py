"""Passkeys of the own account, and signing in with one."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from burgee.control.access.permissions import Permission
from burgee.control.accounts import passkeys
from burgee.control.accounts.errors import PasskeyRefused, SecondFactorError, SignInLocked
from burgee.control.accounts.models import Passkey, Token
from burgee.control.accounts.passkey_sign_in import (
    BY_PASSKEY,
    known_by_passkey,
    options_after,
    options_for,
    sign_in_with_passkey,
)
from burgee.control.accounts.records import failure_told
from burgee.control.accounts.signing_in import enter
from burgee.control.api.base import ApiView, NoScope, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.session import SignedIn, is_https
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.api.v1.auth import SignInView, address_of
from burgee.control.api.v1.mfa import ProofInput, prove
from burgee.control.kit.digests import live_key
from burgee.control.oauth.models import AccessToken
from burgee.control.sso import policies
from burgee.control.sso.bonds import require_own
from burgee.control.sso.people import Method

COOKIE: Final = "burgee_passkey"
"""Ties what an authenticator is asked to the browser that asks it."""


class CredentialField(serializers.JSONField):
    """What the browser's ``PublicKeyCredential.toJSON()`` gives."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if not isinstance(value, Mapping) or not isinstance(value.get("response"), Mapping):
            raise ValidationError("This is not what a browser says about a passkey.")
        return value


class NameInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=passkeys.LONGEST_NAME)


class PasskeyInput(NameInput):
    credential = CredentialField()


class AskInput(serializers.Serializer[Any]):
    """With ``ephemeral_token`` after a password, without it instead of one."""

    ephemeral_token = serializers.CharField(max_length=500, required=False)


class AnswerInput(AskInput):
    credential = CredentialField()


class CodedErrors(APIView):
    """What is wrong is said in words under ``error``, and as a ``code`` that clients can go by."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, SignInLocked):
            return super().handle_exception(Throttled(wait=exc.seconds, detail=str(exc)))
        if isinstance(exc, SecondFactorError):
            return Response({"error": str(exc), "code": exc.code}, status=exc.status)
        return super().handle_exception(exc)


class OwnPasskeysView(CodedErrors, ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("auth-passkeys",)
    for_people = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, AccessToken) and request.method != "GET":
            # An application acts for a person; how the person signs in is none of its business.
            raise PermissionDenied

    def of_this_sign_in(self, request: Request) -> str:
        token = request.auth.pk if isinstance(request.auth, Token) else None
        return live_key("new passkey", self.user.pk, token)

    def own(self, passkey_id: int) -> Passkey:
        return get_or_missing(Passkey.objects.select_related("user").filter(user=self.user), pk=passkey_id)


class CreationOptions(OwnPasskeysView):
    accepts = ProofInput
    succeeds = {"post": (200,)}
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        require_own(request.auth)  # A passkey would outlast the word of an organisation's source.
        prove(self.user, request)
        return Response(passkeys.creation_options(self.user, bound_to=self.of_this_sign_in(request)))


class Passkeys(OwnPasskeysView):
    accepts = PasskeyInput
    refuses = (401, 409)
    succeeds = {"post": (201,)}

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        rows = Passkey.objects.filter(user=self.user).order_by("id")
        return Response([passkey_json(row) for row in rows])

    def post(self, request: Request) -> Response:
        facts = parsed(PasskeyInput, request)
        bound_to = self.of_this_sign_in(request)
        row = passkeys.add(self.user, facts["credential"], name=facts["name"], bound_to=bound_to, actor=self.actor)
        return Response(passkey_json(row), status=201)


class OnePasskey(OwnPasskeysView):
    accepts = NameInput
    throttle_classes = (LoginThrottle,)

    def patch(self, request: Request, passkey_id: int) -> Response:
        row = self.own(passkey_id)
        return Response(passkey_json(passkeys.rename(row, parsed(NameInput, request)["name"], actor=self.actor)))

    def delete(self, request: Request, passkey_id: int) -> Response:
        row = self.own(passkey_id)
        prove(self.user, request)
        passkeys.remove(row, actor=self.actor)
        return Response(status=204)


class SignInOptions(CodedErrors, SignInView):
    accepts = AskInput
    refuses = (401,)
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        challenge = parsed(AskInput, request).get("ephemeral_token")
        if challenge is not None:
            return Response(options_after(challenge))
        secret = secrets.token_urlsafe(32)
        response = Response(options_for(secret))
        response.set_cookie(
            COOKIE,
            secret,
            max_age=passkeys.CHALLENGE_SECONDS,
            path="/api/v1/auth/passkeys/",
            httponly=True,
            samesite=_same_site(),
            secure=is_https(request),
        )
        return response


class SignIn(CodedErrors, SignInView):
    accepts = AnswerInput
    refuses = (401,)
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        facts = parsed(AnswerInput, request)
        label = request.headers.get("User-Agent")
        challenge, signed = facts.get("ephemeral_token"), facts["credential"]
        if challenge is not None:
            return SignedIn(sign_in_with_passkey(challenge, signed, address=address_of(request), label=label))
        browser = request.COOKIES.get(COOKIE)
        with failure_told(method=Method.PASSKEY):
            if not browser:
                raise PasskeyRefused
        user = known_by_passkey(signed, browser=browser)
        with failure_told(user, method=Method.PASSKEY):
            policies.require(Method.PASSKEY, user.email)
        return SignedIn(enter(user, BY_PASSKEY, label=label))


def passkey_json(row: Passkey) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
        "is_synced": row.is_synced,
        "transports": row.transports.split(",") if row.transports else [],
    }


def _same_site() -> Any:
    return settings.CONTROL.cookie_same_site.capitalize()


routes = [
    path("auth/passkeys/", Passkeys),
    path("auth/passkeys/<int:passkey_id>/", OnePasskey),
    path("auth/passkeys/registration/options/", CreationOptions),
    path("auth/passkeys/sign-in/", SignIn),
    path("auth/passkeys/sign-in/options/", SignInOptions),
]
