"""Who asks: tokens of people and keys of organisations, from the Authorization header."""

from typing import Final

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from burgee.control.accounts.models import Token, User
from burgee.control.accounts.queries import holder_of
from burgee.control.organisations.api_keys import api_key_with
from burgee.control.organisations.models import ApiKey

CHALLENGE: Final = 'Cookie realm="api"'
"""A 401 carries this; a challenge that names a password scheme would make browsers ask for one."""


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Token <40 hex>``. Other schemes are somebody else's: they count as no credentials."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Invalid token.")
        found = holder_of(words[1].decode("latin-1"))
        if found is None:
            raise AuthenticationFailed("Invalid token.")
        return found

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return CHALLENGE


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Api-Key <prefix.secret>``: whoever shows it acts as the key."""

    def authenticate(self, request: Request) -> tuple[ApiKey, None] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"api-key":
            return None
        found = api_key_with(words[1].decode("latin-1")) if len(words) == 2 else None
        if found is None:
            raise AuthenticationFailed("Valid Master API Key not found.")
        return found, None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return CHALLENGE
