"""The policy of this server: what its rows and its settings say, and changing the rows."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.sso import policy
from burgee.control.sso.errors import DomainInvalid, DomainRuled, MethodRefused, UnknownMethods
from burgee.control.sso.models import SignInRule
from burgee.control.sso.people import Method
from burgee.control.sso.policy import domain_of

__all__ = [
    "allowed_by",
    "allowed_for",
    "allowed_for_somebody",
    "change_rule",
    "create_rule",
    "delete_rule",
    "domain_of",
    "require",
    "rule_domain",
    "rules_by_domain",
]

DOMAIN: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,62}\.)+[a-z0-9-]{1,62}[a-z0-9]", re.ASCII)


def allowed_for(email: str) -> frozenset[Method]:
    """The methods by which people with this address may sign in."""
    domain = domain_of(email)
    return allowed_by(_rules({domain, policy.EVERY_DOMAIN}), email)


def allowed_by(rules: Mapping[str, Collection[Method]], email: str) -> frozenset[Method]:
    """The same if the rules were `rules`."""
    return _without_passwords(policy.allowed(domain_of(email), rules, _everywhere()))


def rules_by_domain() -> dict[str, list[Method]]:
    """All that stand in the database."""
    return _rules(None)


def allowed_for_somebody() -> frozenset[Method]:
    """The methods by which people with some address may sign in."""
    rules = _rules(None)
    for_the_rest = rules.pop(policy.EVERY_DOMAIN, ())
    general = policy.allowed(policy.EVERY_DOMAIN, {}, _everywhere() or for_the_rest)
    return _without_passwords(general.union(*rules.values()))


def require(method: Method, email: str) -> None:
    """Raise MethodRefused unless people with this address may sign in so."""
    if method not in allowed_for(email):
        raise MethodRefused


@transaction.atomic
def create_rule(domain: str, methods: Collection[str], *, actor: Actor) -> SignInRule:
    row = SignInRule(domain=rule_domain(domain), methods=_methods(methods))
    with on_violation(DomainRuled()):
        row.save()
    _tell(row, "created", actor, after=_told(row))
    return row


@transaction.atomic
def change_rule(row: SignInRule, *, actor: Actor, **facts: Any) -> SignInRule:
    before = _told(row)
    if "domain" in facts:
        row.domain = rule_domain(facts["domain"])
    if "methods" in facts:
        row.methods = _methods(facts["methods"])
    if _told(row) == before:
        return row
    row.changed_at = clock.now()
    with on_violation(DomainRuled()):
        row.save()
    _tell(row, "updated", actor, before=before, after=_told(row))
    return row


@transaction.atomic
def delete_rule(row: SignInRule, *, actor: Actor) -> None:
    _tell(row, "deleted", actor, before=_told(row))
    row.delete()


def _everywhere() -> list[Method]:
    return [Method(name) for name in settings.SSO.methods.names]


def _rules(domains: Collection[str] | None) -> dict[str, list[Method]]:
    rows = SignInRule.objects.all() if domains is None else SignInRule.objects.filter(domain__in=domains)
    return {row.domain: [Method(name) for name in row.methods] for row in rows}


def _without_passwords(found: frozenset[Method]) -> frozenset[Method]:
    return found - {Method.PASSWORD} if settings.CONTROL.prevent_email_password else found


def rule_domain(text: str) -> str:
    """A domain as rules keep it; DomainInvalid when it is none."""
    domain = policy.plain_domain(text)
    if domain != policy.EVERY_DOMAIN and not DOMAIN.fullmatch(domain):
        raise DomainInvalid
    return domain


def _methods(names: Collection[str]) -> list[str]:
    if not names or not set(names) <= set(Method):
        raise UnknownMethods(known=", ".join(Method))
    return [method.value for method in Method if method in set(names)]


def _told(row: SignInRule) -> dict[str, Any]:
    return {"name": row.domain, "methods": list(row.methods)}


def _tell(row: SignInRule, action: str, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.SIGN_IN_RULE, action=action, id=row.pk, **values)
    publish(EventType.SIGN_IN_RULE_CHANGED, scope=Scope(), changes=[change], actor=actor)
