"""Proving the address of an account, and changing it."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.accounts import addresses
from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.api.v1.users import PasswordField, ResetInput
from burgee.control.sso.bonds import release


class AccountLinkInput(serializers.Serializer[Any]):
    uid = serializers.CharField(max_length=200)
    token = serializers.CharField(max_length=200)


class EmailResetInput(AccountLinkInput):
    new_email = serializers.EmailField(max_length=254)


class SetEmailInput(serializers.Serializer[Any]):
    new_email = serializers.EmailField(max_length=254)
    current_password = PasswordField()


class NewEmailInput(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=1000)


class MailboxView(ApiView):
    """Asks for a letter, or comes from one; what is answered never says whose address is known."""

    permission = Public("who has the letter has the mailbox")
    scope = NoScope()
    tags = ("account",)
    succeeds = {"post": (204,)}
    throttle_classes = (LoginThrottle,)


class Activation(MailboxView):
    accepts = AccountLinkInput

    def post(self, request: Request) -> Response:
        facts = parsed(AccountLinkInput, request)
        addresses.activate(facts["uid"], facts["token"])
        return Response(status=204)


class ResendActivation(MailboxView):
    accepts = ResetInput

    def post(self, request: Request) -> Response:
        addresses.ask_for_activation(parsed(ResetInput, request)["email"])
        return Response(status=204)


class ResetEmail(MailboxView):
    accepts = ResetInput

    def post(self, request: Request) -> Response:
        addresses.ask_for_another_email(parsed(ResetInput, request)["email"])
        return Response(status=204)


class ResetEmailConfirm(MailboxView):
    accepts = EmailResetInput

    def post(self, request: Request) -> Response:
        facts = parsed(EmailResetInput, request)
        release(addresses.reset_email(facts["uid"], facts["token"], facts["new_email"]))
        return Response(status=204)


class SetEmailConfirm(MailboxView):
    accepts = NewEmailInput

    def post(self, request: Request) -> Response:
        addresses.confirm_email(parsed(NewEmailInput, request)["token"])
        return Response(status=204)


class SetEmail(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("account",)
    accepts = SetEmailInput
    succeeds = {"post": (204,)}
    for_people = True
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        addresses.set_email(self.user, actor=self.actor, **parsed(SetEmailInput, request))
        release(self.user)
        return Response(status=204)


routes = [
    path("auth/users/activation/", Activation),
    path("auth/users/resend_activation/", ResendActivation),
    path("auth/users/reset_email/", ResetEmail),
    path("auth/users/reset_email_confirm/", ResetEmailConfirm),
    path("auth/users/set_email/", SetEmail),
    path("auth/users/set_email_confirm/", SetEmailConfirm),
]
