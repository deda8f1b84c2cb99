"""A machine shows a token of its own issuer and gets one of ours."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.federation.bearers import mint
from burgee.control.federation.claims import Rule, all_match
from burgee.control.federation.errors import NoMatchingTrust
from burgee.control.federation.models import TrustRelationship
from burgee.control.federation.signed_tokens import Shown, shown_by, verified
from burgee.control.federation.trust import live_key_of
from burgee.control.kit.actor import Actor


def exchange(token: str, *, request_id: str | None = None) -> tuple[str, int]:
    """A token of ours, and the seconds that it lasts; the issuer is asked for its keys only if somebody trusts it."""
    shown = shown_by(token)
    candidates = list(_candidates(shown))
    if not candidates:
        raise NoMatchingTrust
    claims = verified(token, shown, [row.audience for row in candidates])
    for row in candidates:
        if all_match(msgspec.convert(row.claim_rules, list[Rule]), claims):
            return _admit(row, claims, request_id)
    raise NoMatchingTrust


def _candidates(shown: Shown) -> Iterable[TrustRelationship]:
    keys = [live_key_of(shown.issuer, audience) for audience in shown.audiences]
    rows = TrustRelationship.objects.living().select_related("api_key", "organisation")
    for row in rows.filter(live_key__in=keys).order_by("id"):
        if row.issuer == shown.issuer and row.audience in shown.audiences:
            yield row


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
