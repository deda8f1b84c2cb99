"""The pages to which the links of letters lead. They need no dashboard, and run no script but their own."""

import secrets
from string import Template
from typing import ClassVar, Final

from django.http import HttpResponse
from django.utils.html import escape
from rest_framework.request import Request

from burgee.control.accounts import links
from burgee.control.accounts.errors import LinkInvalid
from burgee.control.accounts.passwords import user_of_link
from burgee.control.api.base import ApiView, NoScope, Public
from burgee.control.api.base.routing import path

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

FORM: Final = Template("""<form method="post" action="$action" data-done="$done">
$fields
<button>$label</button>
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
    said.textContent = form.dataset.done;
    return;
  }
  said.textContent = Object.values(await answer.json()).flat().join(" ");
});
</script>""")

HIDDEN_INPUT: Final = (
    "<label>New password\n"
    '<input type="password" name="new_password" minlength="8" required autofocus autocomplete="new-password"></label>'
)

EMAIL_INPUT: Final = """<label>New e-mail address
<input type="email" name="new_email" required autofocus autocomplete="email"></label>"""


class LinkPage(ApiView):
    """A form that posts the parts of the link, with what the person adds. Mail scanners that open it change nothing."""

    permission = Public("the link is the credential")
    scope = NoScope()
    tags = ("account",)
    produces = "text/html"
    action: ClassVar[str]
    title: ClassVar[str]
    label: ClassVar[str]
    done: ClassVar[str]
    asked: ClassVar[str] = ""

    def get(self, request: Request, **parts: str) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        try:
            self.check(**parts)
        except LinkInvalid:
            return page("This link does not work any more", "<p>Ask for a new one.</p>", status=404)
        nonce = secrets.token_urlsafe(16)
        hidden = "\n".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in parts.items()
        )
        form = FORM.substitute(
            action=f"/api/v1/auth/users/{self.action}/",
            done=escape(self.done),
            fields=f"{hidden}\n{self.asked}",
            label=self.label,
            nonce=nonce,
        )
        return page(self.title, form, nonce)

    def check(self, **parts: str) -> None:
        """Raise LinkInvalid when the form could only fail."""
        raise NotImplementedError


class PasswordPage(LinkPage):
    action = "reset_password_confirm"
    title = "Choose a password"
    label = "Set password"
    done = "The password is set. You can sign in now."
    asked = HIDDEN_INPUT

    def check(self, **parts: str) -> None:
        user_of_link(parts["uid"], parts["token"])


class ActivationPage(LinkPage):
    action = "activation"
    title = "Confirm your address"
    label = "Confirm"
    done = "Your account is ready. You can sign in now."

    def check(self, **parts: str) -> None:
        links.user_of(parts["uid"], parts["token"], links.ACTIVATION)


class EmailResetPage(LinkPage):
    action = "reset_email_confirm"
    title = "Choose another address"
    label = "Use this address"
    done = "Done. The next letter goes to the new address."
    asked = EMAIL_INPUT

    def check(self, **parts: str) -> None:
        links.user_of(parts["uid"], parts["token"], links.EMAIL_RESET)


class NewEmailPage(LinkPage):
    action = "set_email_confirm"
    title = "Confirm your new address"
    label = "Confirm"
    done = "You sign in with this address from now on."

    def check(self, **parts: str) -> None:
        links.new_email_of(parts["token"])


def page(title: str, content: str, nonce: str = "", *, status: int = 200) -> HttpResponse:
    """A page of our own with what may run in it."""
    nonce = nonce or secrets.token_urlsafe(16)
    shown = HttpResponse(PAGE.substitute(title=title, content=content, nonce=nonce), status=status)
    shown.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    shown.headers["Referrer-Policy"] = "no-referrer"
    return shown


root_routes = [
    path("password-reset/confirm/<str:uid>/<str:token>/", PasswordPage),
    path("activate/<str:uid>/<str:token>/", ActivationPage),
    path("email-reset/confirm/<str:uid>/<str:token>/", EmailResetPage),
    path("email-change/confirm/<str:token>/", NewEmailPage),
]
