"""``Authorization: Bearer``: applications that act for a person, and machines that a trust relationship let in."""

from collections.abc import Sequence
from typing import Final

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from burgee.control.accounts.models import User
from burgee.control.api.base.authentication import CHALLENGE
from burgee.control.federation.bearers import api_key_of
from burgee.control.oauth.models import AccessToken
from burgee.control.oauth.tokens import holder_of
from burgee.control.organisations.models import ApiKey

WHOLE: Final = "admin-api"
KEPT_BACK: Final = frozenset(
    {
        "account",
        "auth",
        "groups",
        "machine-auth",
        "master-api-keys",
        "members",
        "permissions",
        "roles",
        "saml",
        "sso",
        "webhooks",
    }
)
"""What an application changes only with the scope for everything: whoever could, would soon not need its scope."""


def refuse_beyond_scope(auth: object, method: str, tags: Sequence[str]) -> None:
    """403 when an application asks for more than what the person allowed it."""
    if not isinstance(auth, AccessToken) or method in SAFE_METHODS or WHOLE in auth.scope.split():
        return
    if any(tag in KEPT_BACK or tag.startswith("auth-") for tag in tags):
        raise PermissionDenied(f"This application was not allowed that: it needs the scope {WHOLE}.")


class BearerAuthentication(BaseAuthentication):
    """From the header only: a token in a query would stand in logs."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | tuple[ApiKey, None] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        found = _recognised(words[1].decode("latin-1")) if len(words) == 2 else None
        if found is None:
            raise AuthenticationFailed("Invalid token.")
        return found

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return CHALLENGE


def _recognised(text: str) -> tuple[User, AccessToken] | tuple[ApiKey, None] | None:
    if "." not in text:
        return holder_of(text)
    key = api_key_of(text)
    return None if key is None else (key, None)
