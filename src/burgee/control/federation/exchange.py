"""A machine shows a token of its own issuer and gets one of ours."""

from collections.abc import Iterable
from typing import Any, Final

import jwt
import msgspec
from django.db import transaction
from msgspec import Struct

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.federation.bearers import mint
from burgee.control.federation.claims import Rule, all_match
from burgee.control.federation.errors import NoMatchingTrust, TokenInvalid
from burgee.control.federation.issuers import ISSUERS, IssuerSilent
from burgee.control.federation.models import TrustRelationship
from burgee.control.federation.trust import live_key_of
from burgee.control.kit.actor import Actor

LONGEST: Final = 16_384
SKEW_SECONDS: Final = 60
MOST_AUDIENCES: Final = 20
SMALLEST_RSA_BITS: Final = 2048

KEY_TYPES: Final = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
"""The algorithms that are taken, each with the kind of key that it needs. None of them works with a shared secret."""


class Shown(Struct, frozen=True):
    """What a token says about itself, before anything of it is believed."""

    issuer: str
    audiences: tuple[str, ...]
    algorithm: str
    kid: str | None


def exchange(token: str, *, request_id: str | None = None) -> tuple[str, int]:
    """A token of ours, and the seconds that it lasts; the issuer is asked for its keys only if somebody trusts it."""
    shown = _shown(token)
    candidates = list(_candidates(shown))
    if not candidates:
        raise NoMatchingTrust
    claims = _verified(token, shown, [row.audience for row in candidates])
    for row in candidates:
        if all_match(msgspec.convert(row.claim_rules, list[Rule]), claims):
            return _admit(row, claims, request_id)
    raise NoMatchingTrust


def _shown(token: str) -> Shown:
    if len(token) > LONGEST:
        raise TokenInvalid(why="it is too long.")
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False, "verify_aud": False})
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenInvalid(why="it is no signed JWT.") from error
    issuer, audience, algorithm, kid = claims.get("iss"), claims.get("aud"), header.get("alg"), header.get("kid")
    audiences: list[Any] = audience if isinstance(audience, list) else [audience]
    if not isinstance(issuer, str) or not all(isinstance(text, str) for text in audiences):
        raise TokenInvalid(why="it must name its issuer and its audience.")
    if not isinstance(algorithm, str) or algorithm not in KEY_TYPES:
        raise TokenInvalid(why="its algorithm is not one of " + ", ".join(KEY_TYPES) + ".")
    return Shown(issuer, tuple(audiences[:MOST_AUDIENCES]), algorithm, kid)


def _candidates(shown: Shown) -> Iterable[TrustRelationship]:
    keys = [live_key_of(shown.issuer, audience) for audience in shown.audiences]
    rows = TrustRelationship.objects.living().select_related("api_key", "organisation")
    for row in rows.filter(live_key__in=keys).order_by("id"):
        if row.issuer == shown.issuer and row.audience in shown.audiences:
            yield row


def _verified(token: str, shown: Shown, audiences: list[str]) -> dict[str, Any]:
    try:
        published = ISSUERS.keys(shown.issuer, shown.kid)
    except IssuerSilent as error:
        raise TokenInvalid(why=f"the keys of its issuer are not to be had, {error}") from error
    why = "its issuer has no such key."
    for facts in published:
        if facts.get("kty") != KEY_TYPES[shown.algorithm]:
            continue
        try:
            key = jwt.PyJWK(dict(facts), algorithm=shown.algorithm)
            _refuse_short(key)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[shown.algorithm],
                audience=audiences,
                issuer=shown.issuer,
                leeway=SKEW_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            # The last two are how the library meets a key whose numbers are no text.
            why = _why(error)
        else:
            return claims
    raise TokenInvalid(why=why)


def _refuse_short(key: jwt.PyJWK) -> None:
    if key.key_type == "RSA" and key.key.key_size < SMALLEST_RSA_BITS:
        raise jwt.InvalidKeyError("short")


def _why(error: Exception) -> str:
    if isinstance(error, jwt.ExpiredSignatureError):
        return "it has expired."
    if isinstance(error, jwt.ImmatureSignatureError):
        return "it is not valid yet."
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"it must have the claim {error.claim}."
    return "its signature is wrong."


@transaction.atomic
def _admit(row: TrustRelationship, claims: dict[str, Any], request_id: str | None) -> tuple[str, int]:
    subject = "".join(sign for sign in str(claims.get("sub") or "") if sign.isprintable())[:500]
    minted = mint(row, subject)
    change = Change(
        object=ObjectType.TRUST_RELATIONSHIP,
        action="used",
        id=row.pk,
        after={"name": row.name, "subject": subject},
    )
    actor = Actor.api_key(row.api_key_id, row.api_key.name, request_id=request_id)
    scope = Scope(organisation_id=row.organisation_id)
    publish(EventType.TRUST_TOKEN_ISSUED, scope=scope, changes=[change], actor=actor)
    return minted
