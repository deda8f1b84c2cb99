"""Tokens that issuers elsewhere have signed: what they say, believed only once it is proved."""

from typing import Any, Final

import jwt
from msgspec import Struct

from burgee.control.federation.errors import TokenInvalid
from burgee.control.federation.issuers import ISSUERS, IssuerSilent

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


def shown_by(token: str) -> Shown:
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


def verified(token: str, shown: Shown, audiences: list[str]) -> dict[str, Any]:
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
