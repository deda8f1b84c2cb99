"""An issuer that checks what a good one checks, and that tests can turn bad."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote_plus, urlsplit

from rest_framework.test import APIClient

from burgee.control.federation.issuers import ISSUERS
from burgee.control.sso.models import Handover
from tests.control.oauth.elsewhere import ISSUER, URL, Asked, Elsewhere

START = "/api/v1/auth/oidc/acme/start/"
CALLBACK = "/api/v1/auth/oidc/acme/callback/"
LOGIN = "/api/v1/auth/oidc/login/"
ACCESS_TOKEN = "at-1"


class Issuer:
    """Grace signs in there; ``claims`` are changed, and with None left out, in the identity token."""

    def __init__(self, elsewhere: Elsewhere) -> None:
        self.elsewhere = elsewhere
        self.facts: dict[str, Any] = {
            "issuer": ISSUER,
            "jwks_uri": f"{URL}/issuer/keys",
            "authorization_endpoint": f"{URL}/issuer/authorize?tenant=7",
            "token_endpoint": f"{URL}/issuer/token",
            "userinfo_endpoint": f"{URL}/issuer/userinfo",
        }
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {"sub": "grace-1"}
        self.answer: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.secret = "s:cret/ö"
        self.algorithm = "RS256"
        elsewhere.answers["/issuer/.well-known/openid-configuration"] = lambda _: (200, self.facts)
        elsewhere.answers["/issuer/token"] = self._token
        elsewhere.answers["/issuer/userinfo"] = self._userinfo

    def says(self, **facts: Any) -> None:
        """From now on it says this of itself, and we ask it anew."""
        self.facts |= facts
        ISSUERS.forget()

    def authorise(self, url: str, **extra: str) -> dict[str, str]:
        """What the browser brings back from the page at `url`."""
        assert url.startswith(f"{URL}/issuer/authorize?tenant=7&")
        self.asked = dict(parse_qsl(urlsplit(url).query))
        return {"code": "c-1", "state": self.asked["state"]} | extra

    def id_token(self) -> str:
        told = {
            "aud": "burgee",
            "sub": "grace-1",
            "email": "Grace@acme.example",
            "email_verified": True,
            "given_name": "Grace",
            "family_name": "Hopper",
            "groups": ["makers"],
            "nonce": self.asked.get("nonce"),
        }
        return self.elsewhere.token(algorithm=self.algorithm, **(told | self.claims))

    def _token(self, asked: Asked):
        pair = f"{quote_plus('burgee')}:{quote_plus(self.secret)}"
        expected = f"Basic {base64.b64encode(pair.encode()).decode()}"
        digest = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_right = (
            asked.headers.get("Authorization") == expected
            and asked.form["code"] == "c-1"
            and asked.form["grant_type"] == "authorization_code"
            and asked.form["redirect_uri"] == self.asked["redirect_uri"]
            and self.asked["code_challenge_method"] == "S256"
            and challenge == self.asked["code_challenge"]
        )
        if not is_right:
            return 400, {"error": "invalid_grant"}
        tokens = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token()}
        return 200, tokens | self.answer

    def _userinfo(self, asked: Asked):
        return (200, self.userinfo) if asked.token == ACCESS_TOKEN else (401, {})


def begun(browser: APIClient, issuer: Issuer, **extra: str) -> dict[str, str]:
    """A browser at the issuer; what it will bring back."""
    started = browser.get(START)
    assert started.status_code == 302, started.content
    return issuer.authorise(started["Location"], **extra)


def came_back(browser: APIClient, query: dict[str, str], path: str = CALLBACK) -> dict[str, str]:
    """What the dashboard is told behind the ``#``."""
    answer = browser.get(path, query)
    assert answer.status_code == 302
    place, _, told = answer["Location"].partition("#")
    assert place.endswith("/login/oidc")
    return {name: values[0] for name, values in parse_qs(told).items()}


def signed_in(browser: APIClient, issuer: Issuer):
    """The whole way; the answer of the exchange."""
    told = came_back(browser, begun(browser, issuer))
    assert "code" in told, told
    return browser.post(LOGIN, {"code": told["code"]}, format="json")


def refused(browser: APIClient, issuer: Issuer, **extra: str) -> str:
    """Why the way back ends without a code."""
    handed_over = Handover.objects.count()
    told = came_back(browser, begun(browser, issuer, **extra))
    assert (told.get("code"), told["error"]) == (None, "sign_in_refused")
    assert Handover.objects.count() == handed_over
    return told["detail"]
