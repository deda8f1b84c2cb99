"""Applications that register themselves (RFC 7591)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

import msgspec
from django.db import transaction
from msgspec import Meta, Struct

from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex
from burgee.control.oauth import redirects
from burgee.control.oauth.errors import Refused
from burgee.control.oauth.models import Application

NAMELESS: Final = "MCP client"

UNUSED: Final = timedelta(days=30)
"""So long may an application be registered without anybody allowing it anything."""

GrantType = Literal["authorization_code", "refresh_token"]
AuthMethod = Literal["client_secret_basic", "client_secret_post", "none"]


class Registration(Struct, frozen=True, kw_only=True):
    """What an application says about itself."""

    redirect_uris: Annotated[tuple[str, ...], Meta(min_length=1, max_length=5)]
    client_name: Annotated[str, Meta(max_length=255)] | None = None
    grant_types: tuple[GrantType, ...] = ("authorization_code", "refresh_token")
    response_types: tuple[Literal["code"], ...] = ("code",)
    token_endpoint_auth_method: AuthMethod = "none"  # noqa: S105 - a word of the protocol


def register(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a registration: what was kept, and the secret if the application wants one, this once."""
    asked = _read(body)
    secret = None if asked.token_endpoint_auth_method == "none" else secrets.token_urlsafe(32)  # noqa: S105 - a name of the protocol
    row = _create(asked, secret)
    answer: dict[str, Any] = {
        "client_id": row.client_id,
        "client_name": row.name,
        "redirect_uris": row.redirect_uris,
        "grant_types": asked.grant_types,
        "response_types": asked.response_types,
        "token_endpoint_auth_method": asked.token_endpoint_auth_method,
        "client_id_issued_at": int(row.created_at.timestamp()),
    }
    return answer if secret is None else answer | {"client_secret": secret, "client_secret_expires_at": 0}


def forget_unused() -> None:
    """Anybody may register; what nobody ever allowed anything goes again."""
    Application.objects.filter(created_at__lt=clock.now() - UNUSED, is_verified=False, authorisations=None).delete()


def _read(body: Mapping[str, Any]) -> Registration:
    try:
        asked = msgspec.convert(body, Registration)
    except msgspec.ValidationError as error:
        code = "invalid_redirect_uri" if "redirect_uris" in str(error) else "invalid_client_metadata"
        raise Refused(code, str(error)) from error
    for uri in asked.redirect_uris:
        if why := redirects.refusal(uri):
            raise Refused("invalid_redirect_uri", f"A redirect URI {why}.")
    return asked


@transaction.atomic
def _create(asked: Registration, secret: str | None) -> Application:
    # People decide by this name: nothing in it may be invisible or turn its direction.
    name = "".join(character for character in asked.client_name or "" if character.isprintable()).strip()
    return Application.objects.create(
        client_id=secrets.token_urlsafe(24),
        secret_digest=sha256_hex(secret) if secret else None,
        name=name or NAMELESS,
        redirect_uris=list(asked.redirect_uris),
    )
