"""What GitHub and Google say about one person, at the server that stands in for them."""

from typing import Any

from tests.control.oauth.elsewhere import Asked, Elsewhere


class Account:
    """Grace, as GitHub and Google know her; the code and the token are both ``right``."""

    def __init__(self, elsewhere: Elsewhere) -> None:
        self.email, self.verified, self.audience = "Grace@example.com", True, "google-client"
        answers = elsewhere.answers
        answers["/login/oauth/access_token"] = self.exchange
        answers["/api/v3/user/emails"] = self.addresses
        answers["/api/v3/user"] = lambda _: (200, {"id": 7, "login": "grace", "name": "Grace Brewster Hopper"})
        answers["/tokeninfo"] = self.token_info
        answers["/userinfo"] = self.user_info

    def exchange(self, asked: Asked) -> tuple[int, Any]:
        expected = {"client_id": "github-client", "client_secret": "github-secret", "code": "right"}
        if asked.form != expected:
            return 200, {"error": "bad_verification_code", "error_description": "The code is incorrect or expired."}
        return 200, {"access_token": "gho_x", "scope": "user:email", "token_type": "bearer"}

    def addresses(self, asked: Asked) -> tuple[int, Any]:
        if asked.token != "gho_x":
            return 401, {"message": "Bad credentials"}
        other = {"email": "other@example.com", "primary": False, "verified": True, "visibility": None}
        own = {"email": self.email, "primary": True, "verified": self.verified, "visibility": "private"}
        return 200, [other, own]

    def token_info(self, asked: Asked) -> tuple[int, Any]:
        if asked.query.get("access_token") != "right":
            return 400, {"error": "invalid_token", "error_description": "Invalid Value"}
        return 200, {"aud": self.audience, "azp": self.audience, "scope": "openid email", "expires_in": "3000"}

    def user_info(self, asked: Asked) -> tuple[int, Any]:
        if asked.token != "right":
            return 401, {"error": "invalid_request"}
        told = {"sub": "1", "given_name": "Grace", "family_name": "Hopper", "email": self.email}
        return 200, told | {"email_verified": self.verified}
