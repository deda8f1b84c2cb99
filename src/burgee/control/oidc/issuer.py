"""Asking an issuer: what it says of itself, its tokens for a code, and what it knows of a person."""

import base64
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import msgspec
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from burgee.control.federation.issuers import ISSUERS, IssuerSilent
from burgee.control.kit import outbound
from burgee.control.oidc.errors import SignInRefused
from burgee.control.oidc.providers import Provider

Facts = Mapping[str, Any]

FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
SILENT: Final = "The issuer gave no answer that could be read."


def facts_about(issuer: str) -> Facts:
    """What the issuer publishes about itself; IssuerSilent when it does not say where people sign in."""
    facts = ISSUERS.configuration(issuer)
    for name in ("authorization_endpoint", "token_endpoint"):
        if not is_https(facts.get(name)):
            raise IssuerSilent(f"its configuration names no https address as {name}.")
    return facts


def believed_facts(provider: Provider) -> Facts:
    try:
        return facts_about(provider.issuer)
    except IssuerSilent as error:
        raise SignInRefused(why=f"The issuer cannot be asked: {error}") from error


def is_https(url: Any) -> bool:
    if not isinstance(url, str) or not url.isascii() or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "\\" not in url


def tokens_for(provider: Provider, facts: Facts, code: str, verifier: str) -> dict[str, Any]:
    """What the issuer gives for `code`: at least an identity token."""
    client = WebApplicationClient(provider.client_id)
    methods = facts.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    is_basic = bool(provider.client_secret) and isinstance(methods, list) and "client_secret_basic" in methods
    body = client.prepare_request_body(
        code=code,
        redirect_uri=provider.callback_url,
        code_verifier=verifier,
        include_client_id=not is_basic,
        **({"client_secret": provider.client_secret} if provider.client_secret and not is_basic else {}),
    )
    headers = FORM | ({"Authorization": _basic(provider)} if is_basic else {})
    try:
        reply = outbound.client().post(facts["token_endpoint"], body.encode(), headers)
        told: dict[str, Any] = dict(client.parse_request_body_response(reply.body))
    except OAuth2Error as error:
        raise SignInRefused(why=f"The issuer did not accept the sign-in: {error.error}.") from error
    except (outbound.OutboundError, ValueError, TypeError, AttributeError, RecursionError) as error:
        # The last three are how the library meets JSON that is no object.
        raise SignInRefused(why=SILENT) from error
    if not reply.is_success or not isinstance(told.get("id_token"), str):
        raise SignInRefused(why="The issuer gave no identity token. The scope openid must be among those asked for.")
    return told


def told_of_user(facts: Facts, access_token: str, subject: str) -> dict[str, Any]:
    """What the issuer says of the person beyond its token, if it can be asked; it must be the same person."""
    place = facts.get("userinfo_endpoint")
    if not is_https(place) or not isinstance(place, str):
        return {}
    headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
    try:
        reply = outbound.client().get(place, headers)
        told = msgspec.json.decode(reply.body) if reply.is_success else None
    except (outbound.OutboundError, ValueError, RecursionError) as error:
        raise SignInRefused(why=SILENT) from error
    if not isinstance(told, dict):
        return {}
    if told.get("sub") != subject:
        raise SignInRefused(why="The issuer told of somebody else.")
    return told


def _basic(provider: Provider) -> str:
    """Both halves are encoded as in forms first: RFC 6749, 2.3.1."""
    pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
