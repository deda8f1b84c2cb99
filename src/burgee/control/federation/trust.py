"""Trust relationships: agreed on, changed, ended."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.federation.errors import RuleNeeded, TrustedAlready
from burgee.control.federation.models import TrustRelationship
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key, sha256_hex
from burgee.control.organisations.api_keys import new_prefix
from burgee.control.organisations.models import ApiKey, Organisation

SHARED: Final = frozenset(
    {
        "token.actions.githubusercontent.com",
        "gitlab.com",
        "accounts.google.com",
        "agent.buildkite.com",
        "app.terraform.io",
    }
)
"""Issuers that give a token for any audience to anybody who has an account there."""

LONGEST_KEY_NAME: Final = 50


@transaction.atomic
def trust(organisation: Organisation, *, is_admin: bool, actor: Actor, **facts: Any) -> TrustRelationship:
    row = TrustRelationship(organisation=organisation, **facts)
    _require_rule(row)
    created_by_id = actor.id if actor.kind == "user" else None
    # Nobody is told what was hashed: the key opens nothing by itself.
    row.api_key = ApiKey.objects.create(
        organisation=organisation,
        prefix=new_prefix(),
        digest=sha256_hex(secrets.token_hex(32)),
        name=row.name[:LONGEST_KEY_NAME],
        is_admin=is_admin,
        created_by_id=created_by_id,
    )
    row.created_by_id = created_by_id
    _save(row)
    _tell(row, EventType.TRUST_RELATIONSHIP_CREATED, "created", actor, after=_told(row))
    return row


@transaction.atomic
def change_trust(row: TrustRelationship, *, actor: Actor, **facts: Any) -> TrustRelationship:
    """Tokens that were issued before end when issuer, audience or rules change."""
    before = _told(row)
    row.api_key.is_admin = facts.pop("is_admin", row.api_key.is_admin)
    for name, new in facts.items():
        setattr(row, name, new)
    if _told(row) == before:
        return row
    _require_rule(row)
    row.api_key.name = row.name[:LONGEST_KEY_NAME]
    row.api_key.save(update_fields=["is_admin", "name"])
    _save(row)
    _tell(row, EventType.TRUST_RELATIONSHIP_CHANGED, "updated", actor, before=before, after=_told(row))
    return row


@transaction.atomic
def end_trust(row: TrustRelationship, *, actor: Actor) -> None:
    """Every token of it opens nothing from now on; the rows stay, because history names them."""
    now = clock.now()
    row.live_key, row.deleted_at = None, now
    row.save(update_fields=["live_key", "deleted_at"])
    row.api_key.deleted_at = now
    row.api_key.save(update_fields=["deleted_at"])
    _tell(row, EventType.TRUST_RELATIONSHIP_DELETED, "deleted", actor, before=_told(row))


def live_key_of(issuer: str, audience: str) -> str:
    return live_key("trust", issuer, audience)


def _require_rule(row: TrustRelationship) -> None:
    rules: Sequence[Any] = row.claim_rules
    if urlsplit(row.issuer).hostname in SHARED and not any(map(_narrows, rules)):
        raise RuleNeeded


def _narrows(rule: Mapping[str, Any]) -> bool:
    """Whether there are bearers whom the rule keeps out: everybody has an issuer and any audience that they like."""
    return rule["claim"] not in {"iss", "aud"} and all(value.strip("*") for value in rule["values"])


def _save(row: TrustRelationship) -> None:
    row.live_key = live_key_of(row.issuer, row.audience)
    with on_violation(TrustedAlready()):
        row.save()


def _told(row: TrustRelationship) -> dict[str, Any]:
    return {
        "name": row.name,
        "issuer": row.issuer,
        "audience": row.audience,
        "claim_rules": list(row.claim_rules),
        "is_admin": row.api_key.is_admin,
    }


def _tell(row: TrustRelationship, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.TRUST_RELATIONSHIP, action=action, id=row.pk, **values)
    publish(event_type, scope=Scope(organisation_id=row.organisation_id), changes=[change], actor=actor)
