"""Setting up an empty server from a browser, and the page at which a password is set."""

import secrets
from string import Template
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.html import escape
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.accounts.errors import LinkInvalid, SetUpAlready
from burgee.control.accounts.models import User
from burgee.control.accounts.passwords import password_link, user_of_link
from burgee.control.accounts.services import make_first_user
from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.users import PasswordField, refuse_weak

PAGE: Final = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title - Burgee</title>
<style nonce="$nonce">
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; padding: 0 1rem }
label, input, button { display: block; width: 100%; box-sizing: border-box; margin: .5rem 0; font: inherit }
</style>
<h1>$title</h1>
$content
</html>
""")

PASSWORD_FORM: Final = Template("""<form method="post" action="/api/v1/auth/users/reset_password_confirm/">
<input type="hidden" name="uid" value="$uid">
<input type="hidden" name="token" value="$token">
<label>New password
<input type="password" name="new_password" minlength="8" required autofocus autocomplete="new-password"></label>
<button>Set password</button>
</form>
<p role="status" id="said"></p>
<script nonce="$nonce">
const form = document.querySelector("form");
const said = document.getElementById("said");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.ok) {
    form.remove();
    said.textContent = "The password is set. You can sign in now.";
    return;
  }
  said.textContent = Object.values(await answer.json()).flat().join(" ");
});
</script>""")

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

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        control = settings.CONTROL
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
    accepts = SetUpInput

    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        _refuse_unless_empty()
        return _page("Set up Burgee", SET_UP_FORM, secrets.token_urlsafe(16))

    def post(self, request: Request) -> Response:
        _refuse_unless_empty()
        facts = parsed(SetUpInput, request)
        user = make_first_user(facts["email"], facts["password"])
        link = password_link(user, settings.PUBLIC_URL)
        return Response({"message": "The administrator is made.", "passwordResetUrl": link})


class PasswordPage(ApiView):
    """Where a password link leads."""

    permission = Public("the link is the credential")
    scope = NoScope()
    tags = ("account",)

    def get(self, request: Request, uid: str, token: str) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        try:
            user_of_link(uid, token)
        except LinkInvalid:
            return _page("This link does not work any more", "<p>Ask for a new one.</p>", "", status=404)
        nonce = secrets.token_urlsafe(16)
        form = PASSWORD_FORM.substitute(uid=escape(uid), token=escape(token), nonce=nonce)
        return _page("Choose a password", form, nonce)


def _refuse_unless_empty() -> None:
    if not settings.CONTROL.allow_admin_initiation_via_url or User.objects.exists():
        raise NotFound


def _not_made(message: str) -> Response:
    return Response({"adminUserCreated": False, "message": message}, status=400)


def _page(title: str, content: str, nonce: str, *, status: int = 200) -> HttpResponse:
    page = HttpResponse(PAGE.substitute(title=title, content=content, nonce=nonce), status=status)
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


routes = [
    path("users/init/", InitialiseByUrl),
    path("users/config/init/", InitialiseByForm),
]

root_routes = [path("password-reset/confirm/<str:uid>/<str:token>", PasswordPage)]
