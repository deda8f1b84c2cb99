"""Links between accounts and the sources that know their owners."""

from typing import Any

from django.db import transaction

from burgee.control.accounts.letters import post_change
from burgee.control.accounts.models import User
from burgee.control.accounts.records import tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key
from burgee.control.mail.texts import LetterKind
from burgee.control.sso.errors import LastWayIn, LinkedElsewhere
from burgee.control.sso.models import Link
from burgee.control.sso.people import Person, Source, named


def link_of(person: Person, source: Source) -> Link | None:
    """The link by which `source` knows this person here."""
    return Link.objects.select_related("user").filter(subject_digest=digest_of(person.subject, source)).first()


@transaction.atomic
def link(user: User, person: Person, source: Source, *, explicit: bool, actor: Actor, with_letter: bool = True) -> Link:
    """From now on `source` knows `user` as `person`; a link found by the address replaces earlier ones of its kind.

    The owner of the account gets a letter, unless it is made at the same moment.
    """
    found = link_of(person, source)
    if found is not None and found.user_id != user.pk:
        raise LinkedElsewhere
    if found is not None and (found.is_explicit or not explicit):
        return found
    now = clock.now()
    Link.objects.filter(user=user, source_key=source.key, is_explicit=False).delete()
    with on_violation(LinkedElsewhere()):
        made = Link.objects.create(
            user=user,
            source_key=source.key,
            method=source.method,
            organisation_id=source.organisation_id,
            subject_digest=digest_of(person.subject, source),
            is_explicit=explicit,
            created_at=now,
            last_used_at=None if explicit else now,
        )
    tell(user, EventType.SOURCE_LINKED, actor=actor, **source.told)
    if with_letter:
        post_change(LetterKind.SOURCE_LINKED, user, name=named(source.method, source.key))
    return made


@transaction.atomic
def unlink(found: Link, *, actor: Actor) -> None:
    """The source lets nobody into the account any more, unless it may by the address."""
    user = found.user
    others = Link.objects.filter(user=user).exclude(pk=found.pk)
    if not user.has_usable_password() and not others.exists():
        raise LastWayIn
    found.delete()
    told: dict[str, Any] = {"method": found.method, "source": found.source_key}
    if found.organisation_id is not None:
        told["source_organisation"] = found.organisation_id
    tell(user, EventType.SOURCE_UNLINKED, actor=actor, **told)
    post_change(LetterKind.SOURCE_UNLINKED, user, name=named(found.method, found.source_key))


def forget_source(source_key: str) -> None:
    """A connection was deleted: nobody is known by it any more."""
    Link.objects.filter(source_key=source_key).delete()


def digest_of(subject: str, source: Source) -> str:
    """By what the link of a person is found who is `subject` at `source`."""
    return live_key("source link", source.key, subject)
