"""``Authorization: Bearer``: applications that act for a person, and machines that a trust relationship let in."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from burgee.control.accounts.models import User
from burgee.control.api.base.authentication import CHALLENGE
from burgee.control.federation.bearers import api_key_of
from burgee.control.oauth.models import AccessToken
from burgee.control.oauth.tokens import holder_of
from burgee.control.organisations.models import ApiKey


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
