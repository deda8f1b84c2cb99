"""What happens to the account of a person is told in each organisation that the person belongs to.

Accounts know no organisations, so their events name none: each is said again for every organisation, and that is what
audit logs show.
"""

from typing import Final

from django.db import transaction
from msgspec import structs

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of, repeat
from burgee.control.organisations.models import Organisation

OF_ACCOUNTS: Final = frozenset(
    event_type for event_type in EventType if event_type.startswith("user.") and event_type != EventType.USER_SIGNED_UP
)
"""Whoever signs up belongs nowhere yet."""


@transaction.atomic
def tell_organisations(event: Event) -> None:
    """Repeat an event of an account in the organisations of its owner; those that have it already hear nothing new."""
    if event.organisation_id is not None or event.type not in OF_ACCOUNTS:
        return
    changes = changes_of(event)
    people = {change.id for change in changes if change.object == ObjectType.USER}
    mine = Organisation.objects.living().filter(memberships__user_id__in=people)
    for organisation_id in sorted(set(mine.values_list("pk", flat=True))):
        repeat(event, organisation_id, [_for(organisation_id, change) for change in changes])


def _for(organisation_id: int, change: Change) -> Change:
    """Without the name of a connection that is another organisation's."""
    told = dict(change.after or {})
    owner = told.pop("source_organisation", None)
    if owner is not None and owner != organisation_id:
        told.pop("source", None)
    return structs.replace(change, after=told or None)
