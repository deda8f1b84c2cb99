"""What an application does to get in, step by step."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rest_framework.test import APIClient

CALLBACK = "http://127.0.0.1:8912/callback"


class App:
    """An application that registered itself; without a secret unless `method` asks for one."""

    def __init__(self, method: str = "none", redirect_uri: str = CALLBACK) -> None:
        self.http = APIClient()
        self.redirect_uri = redirect_uri
        self.verifier = secrets.token_urlsafe(48)
        body = {"client_name": "CLI", "redirect_uris": [redirect_uri], "token_endpoint_auth_method": method}
        made = self.http.post("/o/register/", body, format="json")
        assert made.status_code == 201, made.content
        self.facts = made.json()
        self.client_id: str = self.facts["client_id"]

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")

    def question(self, **changes: Any) -> dict[str, Any]:
        asked = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": "mcp",
            "state": "xyz",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}

    def code(self, person: APIClient, **changes: Any) -> str:
        """What the browser of a person who allows it brings back."""
        told = person.post("/api/v1/oauth/authorize/", self.question(**changes) | {"allow": True}, format="json")
        assert told.status_code == 200, told.content
        return answered(told.json()["redirect_uri"])["code"]

    def post(self, path: str, **form: Any) -> Any:
        return self.http.post(path, {"client_id": self.client_id} | form)

    def exchange(self, code: str, **changes: Any) -> Any:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        return self.post("/o/token/", **(form | {"code_verifier": self.verifier} | changes))

    def renew(self, refresh_token: str, **changes: Any) -> Any:
        return self.post("/o/token/", grant_type="refresh_token", refresh_token=refresh_token, **changes)

    def tokens(self, person: APIClient, **changes: Any) -> dict[str, Any]:
        return self.exchange(self.code(person, **changes)).json()


def answered(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def bearer(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
