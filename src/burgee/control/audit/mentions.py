"""People in the words of lines: stored by number, so that they can be forgotten, and shown by their present address."""

import re
from collections.abc import Sequence
from typing import Final

from burgee.control.accounts.models import User
from burgee.control.audit.models import AuditLog
from burgee.control.events.catalog import EventType
from burgee.control.organisations.models import Membership

MENTION: Final = re.compile(r"\b([Uu]ser) #([0-9]{1,18})\b")


def shown_words(lines: Sequence[AuditLog]) -> list[str]:
    """What each line says, with the addresses of the people of its organisation whom it tells of."""
    addresses = _addresses(lines)

    def words(line: AuditLog) -> str:
        if line.event_type == EventType.PERSON_ERASED:
            return line.log or ""

        def named(mention: re.Match[str]) -> str:
            address = addresses.get((line.organisation_id, int(mention[2])))
            return f"{mention[1]} {address}" if address else mention[0]

        return MENTION.sub(named, line.log or "")

    return list(map(words, lines))


def _addresses(lines: Sequence[AuditLog]) -> dict[tuple[int, int], str]:
    """Of those who are members, or changed something here: a name of a thing may look like a mention of anybody."""
    mentioned = {(line.organisation_id, int(found[2])) for line in lines for found in MENTION.finditer(line.log or "")}
    if not mentioned:
        return {}
    organisation_ids, user_ids = map(set, zip(*mentioned, strict=True))
    members = Membership.objects.filter(organisation_id__in=organisation_ids, user_id__in=user_ids)
    known: set[tuple[int, int | None]] = set(members.values_list("organisation_id", "user_id"))
    authors = AuditLog.objects.filter(
        organisation_id__in=organisation_ids, author_kind="user", author_id__in=user_ids
    ).order_by()
    known |= set(authors.values_list("organisation_id", "author_id").distinct())
    emails = dict(User.objects.filter(pk__in=user_ids).values_list("pk", "email"))
    return {pair: emails[pair[1]] for pair in mentioned & known if pair[1] in emails}
