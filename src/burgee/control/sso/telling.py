"""What happens to the account of a person is told in each organisation that the person belongs to.

Accounts know no organisations, so their events name none: each is said again for every organisation, and that is what
audit logs show. So it is with rules of signing in: they are told where somebody has an address of their domain.
"""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Final

from django.db import transaction
from django.db.models import Q
from msgspec import structs

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of, repeat
from burgee.control.organisations.models import Organisation
from burgee.control.sso.policy import EVERY_DOMAIN

OF_ACCOUNTS: Final = frozenset(
    event_type for event_type in EventType if event_type.startswith("user.") and event_type != EventType.USER_SIGNED_UP
)
"""Whoever signs up belongs nowhere yet."""


TOLD: Final = OF_ACCOUNTS | {EventType.SIGN_IN_RULE_CHANGED, EventType.SIGN_IN_SETTINGS_CHANGED}


@transaction.atomic
def tell_organisations(event: Event) -> None:
    """Repeat an event of an account, or of a rule, where it matters; who has it already hears nothing new."""
    if event.organisation_id is not None or event.type not in TOLD:
        return
    changes = changes_of(event)
    concerned = Organisation.objects.living().filter(_concerned(changes))
    for organisation_id in sorted(set(concerned.values_list("pk", flat=True))):
        repeat(event, organisation_id, [_for(organisation_id, change) for change in changes])


def _concerned(changes: Collection[Change]) -> Q:
    """The organisations with those people, or with people whom those rules may be for."""
    people = [change.id for change in changes if change.object == ObjectType.USER]
    domains = {
        told["name"]
        for change in changes
        if change.object == ObjectType.SIGN_IN_RULE
        for told in (change.before, change.after)
        if told
    }
    concerned = Q(memberships__user_id__in=people)
    for domain in domains:
        concerned |= _has_people_of(domain)
    is_everybodys = EVERY_DOMAIN in domains or any(change.object == ObjectType.SIGN_IN_SETTINGS for change in changes)
    return Q() if is_everybodys else concerned


def _has_people_of(domain: str) -> Q:
    """Addresses are kept as people write them: a domain with letters beyond ASCII has two spellings."""
    try:
        written = domain.encode("ascii").decode("idna")
    except UnicodeError:
        written = domain
    ends = [Q(memberships__user__email__iendswith=f"@{spelling}") for spelling in {domain, written}]
    return reduce(or_, ends)


def _for(organisation_id: int, change: Change) -> Change:
    """Without the name of a connection that is another organisation's."""
    told = dict(change.after or {})
    owner = told.pop("source_organisation", None)
    if owner is not None and owner != organisation_id:
        told.pop("source", None)
    return structs.replace(change, after=told or None)
