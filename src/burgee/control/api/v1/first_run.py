"""Setting up an empty server from a browser."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.accounts.errors import SetUpAlready
from burgee.control.accounts.models import User
from burgee.control.accounts.passwords import password_link
from burgee.control.accounts.services import make_first_user
from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.session import refuse_strangers
from burgee.control.api.v1.account_pages import page
from burgee.control.api.v1.users import PasswordField, refuse_weak

SET_UP_FORM: Final = """<form method="post">
<label>E-mail <input type="email" name="email" required autofocus></label>
<label>Password <input type="password" name="password" minlength="8" required autocomplete="new-password"></label>
<button>Create the administrator</button>
</form>"""


class SetUpInput(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        refuse_weak(attrs["password"], "password", User(email=attrs["email"]))
        return attrs


class InitialiseByUrl(ApiView):
    """Make the administrator of an empty server from ADMIN_EMAIL and show the link for a password, once."""

    permission = Public("there is nobody yet who could sign in; refused once there is")
    scope = NoScope()
    tags = ("bootstrap",)
    succeeds = {"get": (201,)}
    refuses = (403,)

    def get(self, request: Request) -> Response:
        control = settings.CONTROL
        refuse_strangers(request)
        if not control.allow_admin_initiation_via_url or not control.admin_email:
            return _not_made("Set ADMIN_EMAIL, and do not switch ALLOW_ADMIN_INITIATION_VIA_URL off.")
        try:
            user = make_first_user(control.admin_email)
        except SetUpAlready as error:
            return _not_made(str(error))
        link = password_link(user, settings.PUBLIC_URL)
        return Response({"adminUserCreated": True, "passwordResetUrl": link}, status=201)


class InitialiseByForm(ApiView):
    permission = Public("there is nobody yet who could sign in; refused once there is")
    scope = NoScope()
    tags = ("bootstrap",)
    succeeds = {"post": (200,)}
    refuses = (403,)
    accepts = SetUpInput

    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        _refuse_unless_empty()
        return page("Set up Burgee", SET_UP_FORM)

    def post(self, request: Request) -> Response:
        _refuse_unless_empty()
        refuse_strangers(request)
        facts = parsed(SetUpInput, request)
        user = make_first_user(facts["email"], facts["password"])
        link = password_link(user, settings.PUBLIC_URL)
        return Response({"message": "The administrator is made.", "passwordResetUrl": link})


def _refuse_unless_empty() -> None:
    if not settings.CONTROL.allow_admin_initiation_via_url or User.objects.exists():
        raise NotFound


def _not_made(message: str) -> Response:
    return Response({"adminUserCreated": False, "message": message}, status=400)


routes = [
    path("users/init/", InitialiseByUrl),
    path("users/config/init/", InitialiseByForm),
]
