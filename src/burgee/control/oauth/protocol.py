"""What oauthlib asks while it speaks the protocol: its questions, answered from our tables.

The library remembers nothing; what one answer finds is left on its request for the next. Only what the two grants of
WebApplicationServer ask is answered.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote_plus

from oauthlib.oauth2 import InvalidGrantError, RequestValidator

from burgee.control.kit.actor import Actor
from burgee.control.kit.digests import sha256_hex
from burgee.control.oauth import redirects, tokens
from burgee.control.oauth.authorisations import authorise, revoke
from burgee.control.oauth.models import AccessToken, Application

SCOPES: Final[Mapping[str, str]] = {
    "mcp": "Work with your flags, segments, environments and projects, but not with your account, rights or API keys",
    "admin-api": "Use the management API with everything you may do",
}
"""Either acts as the person; what the narrower one may not change stands where bearers are recognised."""

DEFAULT_SCOPES: Final = ("mcp",)
GRANT_TYPES: Final = frozenset({"authorization_code", "refresh_token"})


class Answers(RequestValidator):
    # Who asks

    def client_authentication_required(self, request: Any, *_: Any, **__: Any) -> bool:
        """Of an application that has a secret."""
        application = _application(_presented(request)[0])
        return application is not None and application.secret_digest is not None

    def authenticate_client(self, request: Any, *_: Any, **__: Any) -> bool:
        client_id, secret = _presented(request)
        application = _application(client_id)
        if application is None or application.secret_digest is None or not secret:
            return False
        if not secrets.compare_digest(sha256_hex(secret), application.secret_digest):
            return False
        request.client, request.client_id = application, application.client_id
        return True

    def authenticate_client_id(self, client_id: str, request: Any, *_: Any, **__: Any) -> bool:
        application = _application(_presented(request)[0])
        if application is None or application.secret_digest is not None:
            return False
        request.client, request.client_id = application, application.client_id
        return True

    # What may be asked for

    def validate_client_id(self, client_id: str, request: Any, *_: Any, **__: Any) -> bool:
        request.client = _application(client_id)
        return request.client is not None

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *_: Any, **__: Any) -> bool:
        return any(redirects.is_same(known, redirect_uri) for known in request.client.redirect_uris)

    def get_default_redirect_uri(self, client_id: str, request: Any, *_: Any, **__: Any) -> str:
        return ""

    def validate_response_type(self, client_id: str, response_type: str, *_: Any, **__: Any) -> bool:
        return response_type == "code"

    def validate_grant_type(self, client_id: str, grant_type: str, *_: Any, **__: Any) -> bool:
        return grant_type in GRANT_TYPES

    def get_default_scopes(self, client_id: str, request: Any, *_: Any, **__: Any) -> list[str]:
        return list(DEFAULT_SCOPES)

    def validate_scopes(self, client_id: str, scopes: Sequence[str], *_: Any, **__: Any) -> bool:
        return set(scopes) <= SCOPES.keys()

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return True

    # Codes

    def save_authorization_code(self, client_id: str, code: Any, request: Any, *_: Any, **__: Any) -> None:
        authorise(
            request.client,
            request.user,
            scopes=request.scopes,
            redirect_uri=request.redirect_uri,
            challenge=request.code_challenge,
            code=code["code"],
            actor=request.actor,
        )

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        found = tokens.code(code)
        if found is None or found.authorisation.application_id != client.pk:
            return False
        request.spent = found
        request.user, request.scopes = found.authorisation.user, found.authorisation.scope.split()
        return True

    def get_code_challenge(self, code: str, request: Any) -> str:
        challenge: str = request.spent.challenge
        return challenge

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        return "S256"

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Any,
        request: Any,
        *_: Any,
        **__: Any,
    ) -> bool:
        return bool(redirect_uri == request.spent.redirect_uri)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *_: Any, **__: Any) -> None:
        """It was spent in the transaction that stored its tokens."""

    # Tokens

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        found = tokens.refresh_token(refresh_token)
        if found is None or found.authorisation.application_id != client.pk:
            return False
        request.spent, request.user = found, found.authorisation.user
        return True

    def get_original_scopes(self, refresh_token: str, request: Any, *_: Any, **__: Any) -> list[str]:
        scope: str = request.spent.authorisation.scope
        return scope.split()

    def save_bearer_token(self, token: Any, request: Any, *_: Any, **__: Any) -> None:
        try:
            tokens.issue(
                request.spent, access=token["access_token"], refresh=token["refresh_token"], scope=token["scope"]
            )
        except tokens.SpentAlready as error:
            raise InvalidGrantError(request=request) from error

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *_: Any, **__: Any) -> None:
        """Either token ends the authorisation: nothing of it is left behind."""
        found = tokens.access_token(token) or tokens.refresh_token(token)
        if found is not None and found.authorisation.application_id == request.client.pk:
            user = found.authorisation.user
            revoke(found.authorisation, actor=Actor.user(user.pk, user.email))

    def introspect_token(
        self, token: str, token_type_hint: str, request: Any, *_: Any, **__: Any
    ) -> dict[str, Any] | None:
        """Only to the application that the token was issued to."""
        found = tokens.access_token(token) or tokens.refresh_token(token)
        if found is None or found.authorisation.application_id != request.client.pk:
            return None
        return {
            "client_id": request.client.client_id,
            "scope": found.scope if isinstance(found, AccessToken) else found.authorisation.scope,
            "username": found.authorisation.user.email,
            "sub": str(found.authorisation.user.uuid),
            "exp": int(found.expires_at.timestamp()),
        }


def _application(client_id: str | None) -> Application | None:
    if not client_id or not client_id.isprintable():
        return None
    found = Application.objects.filter(client_id=client_id).first()
    # Some engines compare without regard to case.
    return found if found is not None and found.client_id == client_id else None


def _presented(request: Any) -> tuple[str | None, str | None]:
    """Client id and secret as sent: in the header, or in the form."""
    scheme, _, encoded = (request.headers.get("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return request.client_id, request.client_secret
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None, None
    return unquote_plus(client_id), unquote_plus(secret)
