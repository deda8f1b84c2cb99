"""The tokens that machines get for theirs: signed, short-lived, and worth nothing once the trust is gone or changed."""

import uuid
from typing import Any, Final

import jwt
from django.conf import settings

from burgee.control.federation.models import TrustRelationship
from burgee.control.kit import clock
from burgee.control.kit.digests import live_key
from burgee.control.organisations.models import ApiKey

TOKEN_TYPE: Final = "trust_relationship"  # noqa: S105 - a word of the format
ALGORITHM: Final = "HS256"
LONGEST: Final = 4096
REQUIRED: Final = ["exp", "iat", "jti", "sub", "terms", "token_type", "trust_relationship_id"]


def mint(relationship: TrustRelationship, subject: str) -> tuple[str, int]:
    """A token for the bearer of one that `relationship` trusts, and the seconds that it lasts."""
    seconds = settings.FEDERATION.trust_token_seconds
    now = int(clock.now().timestamp())
    claims = {
        "token_type": TOKEN_TYPE,
        "jti": uuid.uuid4().hex,
        "sub": subject,
        "trust_relationship_id": relationship.pk,
        "terms": terms_of(relationship),
        "iat": now,
        "exp": now + seconds,
    }
    return jwt.encode(claims, settings.TRUST_TOKEN_KEYS[0], algorithm=ALGORITHM), seconds


def api_key_of(token: str) -> ApiKey | None:
    """The key that the bearer acts as, if the token, its trust relationship and its organisation still stand."""
    claims = _claims(token)
    number = claims.get("trust_relationship_id")
    if claims.get("token_type") != TOKEN_TYPE or not isinstance(number, int):
        return None
    rows = TrustRelationship.objects.living().select_related("api_key__organisation")
    row = rows.filter(pk=number).first()
    if row is None or claims.get("terms") != terms_of(row) or row.api_key.revoked or row.api_key.deleted_at:
        return None
    return row.api_key


def terms_of(relationship: TrustRelationship) -> str:
    """What was agreed on when the token was issued: a stricter rule ends the tokens from before."""
    return live_key(relationship.issuer, relationship.audience, relationship.claim_rules)[:16]


def _claims(token: str) -> dict[str, Any]:
    if len(token) > LONGEST:
        return {}
    for key in settings.TRUST_TOKEN_KEYS:
        try:
            claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM], options={"require": REQUIRED})
        except (jwt.PyJWTError, ValueError):
            continue
        return claims
    return {}
