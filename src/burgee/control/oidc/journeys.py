"""A person's way to the issuer and back: begun by us, bound to one browser, ended once."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cryptography.fernet import InvalidToken
from msgspec import Struct
from oauthlib.oauth2 import WebApplicationClient

from burgee.control.federation.errors import TokenInvalid
from burgee.control.federation.signed_tokens import shown_by, verified
from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.secrets import decrypt, encrypt
from burgee.control.oidc.claims import person_of, wants_more
from burgee.control.oidc.errors import JourneyLost, SignInRefused
from burgee.control.oidc.issuer import Facts, believed_facts, tokens_for, told_of_user
from burgee.control.oidc.providers import Provider
from burgee.control.sso.people import Person

SECONDS: Final = 600
LONGEST: Final = 4096
HASHES: Final = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


class Journey(Struct, frozen=True, kw_only=True):
    """What the browser keeps, sealed, while its user is at the issuer's page."""

    source_key: str
    state: str
    nonce: str
    verifier: str
    began_at: float
    sign_up_type: str | None = None
    invite_hash: str = ""


def begin(provider: Provider, *, sign_up_type: str | None = None, invite_hash: str = "") -> tuple[str, Journey]:
    """Where the browser is sent, and what it keeps."""
    facts = believed_facts(provider)
    client = WebApplicationClient(provider.client_id)
    journey = Journey(
        source_key=provider.source.key,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        began_at=clock.now().timestamp(),
        sign_up_type=sign_up_type,
        invite_hash=invite_hash,
    )
    challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest()).decode().rstrip("=")
    url = client.prepare_request_uri(
        facts["authorization_endpoint"],
        redirect_uri=provider.callback_url,
        scope=provider.scopes,
        state=journey.state,
        nonce=journey.nonce,
        code_challenge=challenge,
        code_challenge_method="S256",
    )
    return str(url), journey


def sealed(journey: Journey) -> str:
    return encrypt(msgspec.json.encode(journey).decode())


def opened(text: str, state: str) -> Journey:
    """The journey that this browser began with `state`; JourneyLost when it began none, or too long ago."""
    try:
        journey = msgspec.json.decode(decrypt(text[:LONGEST]), type=Journey)
    except (InvalidToken, ValueError) as error:
        raise JourneyLost from error
    age = clock.now().timestamp() - journey.began_at
    if not secrets.compare_digest(journey.state.encode(), state.encode()) or not 0 <= age <= SECONDS:
        raise JourneyLost
    return journey


def cookie_of(state: str) -> str:
    """The name of the cookie that keeps a journey: each its own, so that two tabs do not get in each other's way."""
    return f"burgee_oidc_{sha256_hex(state)[:16]}"


def finish(provider: Provider, journey: Journey, came: Mapping[str, str]) -> Person:
    """Who came back from the issuer with `came`; SignInRefused unless every sentence of it is proved."""
    if journey.source_key != provider.source.key:
        raise JourneyLost
    facts = believed_facts(provider)
    _refuse_other_issuer(provider, facts, came)
    if "error" in came:
        raise SignInRefused(why="The issuer did not let you in, or you did not want to.")
    code = came.get("code", "")
    if not 0 < len(code) <= LONGEST:
        raise SignInRefused(why="The issuer sent no code.")
    tokens = tokens_for(provider, facts, code, journey.verifier)
    claims = _claims_of(provider, journey, tokens)
    access_token = tokens.get("access_token")
    if wants_more(provider, claims) and isinstance(access_token, str):
        told = told_of_user(facts, access_token, str(claims.get("sub")))
        claims = told | claims
    return person_of(provider, claims)


def _refuse_other_issuer(provider: Provider, facts: Facts, came: Mapping[str, str]) -> None:
    """The answer says whose it is (RFC 9207) where the issuer does that: a mixed-up one is somebody's attack."""
    must_say = facts.get("authorization_response_iss_parameter_supported") is True
    said = came.get("iss")
    if (said is None and must_say) or (said is not None and said != provider.issuer):
        raise SignInRefused(why="This answer is another issuer's.")


def _claims_of(provider: Provider, journey: Journey, tokens: Mapping[str, Any]) -> dict[str, Any]:
    token = str(tokens["id_token"])
    try:
        shown = shown_by(token)
        _refuse_foreign_issuer(provider, shown.issuer)
        claims = verified(token, shown, [provider.client_id])
        _refuse_foreign_application(provider, claims)
    except TokenInvalid as error:
        raise SignInRefused(why=f"The issuer's identity token cannot be believed: {error.facts['why']}") from error
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not secrets.compare_digest(nonce.encode(), journey.nonce.encode()):
        raise SignInRefused(why="The issuer's identity token is of another sign-in.")
    if "at_hash" in claims and not _is_hash_of(claims["at_hash"], tokens.get("access_token"), shown.algorithm):
        raise SignInRefused(why="The issuer's tokens do not belong together.")
    return claims


def _refuse_foreign_issuer(provider: Provider, issuer: str) -> None:
    if issuer != provider.issuer:
        raise TokenInvalid(why="another issuer made it.")


def _refuse_foreign_application(provider: Provider, claims: Mapping[str, Any]) -> None:
    """A token for several, or that another application asked for, is not one to sign in with here."""
    audience, party = claims["aud"], claims.get("azp")
    is_shared = isinstance(audience, list) and len(audience) > 1
    if (party is None and is_shared) or (party is not None and party != provider.client_id):
        raise TokenInvalid(why="it was made for another application.")


def _is_hash_of(said: Any, access_token: Any, algorithm: str) -> bool:
    if not isinstance(said, str) or not isinstance(access_token, str):
        return False
    digest = HASHES.get(algorithm[-3:], hashlib.sha512)(access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    return secrets.compare_digest(half.encode(), said.encode())
