"""The own account: signing up, reading and changing it, passwords."""

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.accounts import passwords
from burgee.control.accounts.errors import InviteNeeded, PasswordsRefused, SignUpClosed
from burgee.control.accounts.models import Token, User
from burgee.control.accounts.services import change_user, delete_user, issue_token, note_visit, sign_up
from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.session import SignedIn, refuse_strangers
from burgee.control.api.base.throttling import LoginThrottle, SignUpThrottle
from burgee.control.api.v1.auth import LONGEST_PASSWORD
from burgee.control.organisations.invites import has_invite
from burgee.control.organisations.services import delete_orphaned_organisations
from burgee.control.sso.people import Method
from burgee.control.sso.policies import allowed_for

SIGN_UP_TYPES = ("NO_INVITE", "INVITE_EMAIL", "INVITE_LINK", "")


class PasswordField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_PASSWORD, trim_whitespace=False, write_only=True, **options)


class NamesInput(serializers.Serializer[Any]):
    first_name = serializers.CharField(max_length=150)
    last_name = serializers.CharField(max_length=150)
    sign_up_type = serializers.ChoiceField(choices=SIGN_UP_TYPES, required=False, allow_null=True)


class SignUpInput(NamesInput):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()
    re_password = PasswordField(required=False)
    superuser = serializers.BooleanField(default=False)
    invite_hash = serializers.CharField(max_length=100, required=False, allow_null=True, allow_blank=True)
    marketing_consent_given = serializers.BooleanField(default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _same_twice(attrs, "password", "re_password")
        names = {name: attrs[name] for name in ("email", "first_name", "last_name")}
        refuse_weak(attrs["password"], "password", User(**names))
        return attrs


class SetPasswordInput(serializers.Serializer[Any]):
    current_password = PasswordField()
    new_password = PasswordField()
    re_new_password = PasswordField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _same_twice(attrs, "new_password", "re_new_password")
        refuse_weak(attrs["new_password"], "new_password", self.context["request"].user)
        return attrs


class ResetInput(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class ResetConfirmInput(serializers.Serializer[Any]):
    uid = serializers.CharField(max_length=200)
    token = serializers.CharField(max_length=200)
    new_password = PasswordField()
    re_new_password = PasswordField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _same_twice(attrs, "new_password", "re_new_password")
        refuse_weak(attrs["new_password"], "new_password", passwords.user_of_link(attrs["uid"], attrs["token"]))
        return attrs


class DeleteInput(serializers.Serializer[Any]):
    current_password = PasswordField()
    delete_orphan_organisations = serializers.BooleanField(default=False)


class Users(ApiView):
    permission = {"get": Permission.SIGNED_IN, "post": Public("whoever signs up has no token yet")}
    scope = NoScope()
    tags = ("account",)
    accepts = SignUpInput
    throttle_classes = (SignUpThrottle,)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - nobody may list people
        raise NotFound

    def post(self, request: Request) -> Response:
        facts = parsed(SignUpInput, request)
        if facts.get("superuser"):
            refuse_strangers(request)
        _refuse_closed_sign_up(facts)
        facts.pop("re_password", None)
        facts.pop("invite_hash", None)
        user = sign_up(**facts)
        told = (
            "first_name",
            "last_name",
            "sign_up_type",
            "email",
            "id",
            "is_active",
            "marketing_consent_given",
            "uuid",
        )
        shown = {name: getattr(user, name) for name in told}
        if not user.is_active:
            return Response(shown, status=201)
        key = issue_token(user, label=request.headers.get("User-Agent"), method="password")
        return SignedIn(key, shown, status=201)


class OtherUser(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("account",)

    def get(self, request: Request, user_id: int) -> Response:  # noqa: ARG002 - nobody may look people up
        raise NotFound

    put = patch = delete = get


class Me(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("account",)
    accepts = NamesInput
    throttle_classes = (LoginThrottle,)

    def get_throttles(self) -> list[Any]:
        # Deleting asks for the password, which must not be guessed.
        return super().get_throttles() if self.request.method == "DELETE" else []

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        note_visit(self.user)
        return Response(present_me(self.user))

    def put(self, request: Request) -> Response:
        return self._change(request, partial=False)

    def patch(self, request: Request) -> Response:
        return self._change(request, partial=True)

    def delete(self, request: Request) -> Response:
        facts = parsed(DeleteInput, request)
        if facts["delete_orphan_organisations"] and self.user.check_password(facts["current_password"]):
            delete_orphaned_organisations(self.user, actor=self.actor)
        delete_user(self.user, current_password=facts["current_password"], actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, *, partial: bool) -> Response:
        facts = parsed(NamesInput, request, partial=partial)
        return Response(present_me(change_user(self.user, actor=self.actor, **facts)))


class SetPassword(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("account",)
    succeeds = {"post": (204,)}
    accepts = SetPasswordInput
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        facts = parsed(SetPasswordInput, request)
        keep = request.auth if isinstance(request.auth, Token) else None
        current, new = facts["current_password"], facts["new_password"]
        passwords.set_password(self.user, current=current, new=new, keep=keep, actor=self.actor)
        return Response(status=204)


class ResetPassword(ApiView):
    """Answers the same whether or not the address is known."""

    permission = Public("who forgot the password cannot sign in")
    scope = NoScope()
    tags = ("account",)
    succeeds = {"post": (204,)}
    accepts = ResetInput
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        passwords.ask_for_password(parsed(ResetInput, request)["email"])
        return Response(status=204)


class ResetPasswordConfirm(ApiView):
    permission = Public("the link is the credential")
    scope = NoScope()
    tags = ("account",)
    succeeds = {"post": (204,)}
    accepts = ResetConfirmInput
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        facts = parsed(ResetConfirmInput, request)
        passwords.reset_password(facts["uid"], facts["token"], facts["new_password"])
        return Response(status=204)


def present_me(user: User) -> dict[str, Any]:
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "sign_up_type": user.sign_up_type,
        "id": user.pk,
        "email": user.email,
        "auth_type": user.auth_type,
        "is_superuser": user.is_superuser,
        "date_joined": user.date_joined,
        "uuid": user.uuid,
        "pylon_email_signature": None,
        "onboarding": user.onboarding,
    }


def _refuse_closed_sign_up(facts: dict[str, Any]) -> None:
    """An invite opens what is closed to everybody else; joining with it is the next step."""
    if Method.PASSWORD not in allowed_for(facts["email"]):
        raise PasswordsRefused
    if not User.objects.exists() or _is_invited(facts):
        return
    if settings.CONTROL.prevent_signup:
        raise SignUpClosed
    if not settings.CONTROL.allow_registration_without_invite:
        raise InviteNeeded


def _is_invited(facts: dict[str, Any]) -> bool:
    secret = facts.get("invite_hash") or ""
    return has_invite(facts["email"], secret, by_link=facts.get("sign_up_type") == "INVITE_LINK")


def _same_twice(attrs: dict[str, Any], name: str, repeated: str) -> None:
    if repeated in attrs and attrs[repeated] != attrs[name]:
        raise serializers.ValidationError({"non_field_errors": ["The two password fields didn't match."]})


def refuse_weak(password: str, field: str, user: User) -> None:
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise serializers.ValidationError({field: error.messages}) from error


routes = [
    path("auth/users/", Users),
    path("auth/users/me/", Me),
    path("auth/users/<int:user_id>/", OtherUser),
    path("auth/users/set_password/", SetPassword),
    path("auth/users/reset_password/", ResetPassword),
    path("auth/users/reset_password_confirm/", ResetPasswordConfirm),
]
