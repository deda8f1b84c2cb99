"""Somebody arrives whom a source vouches for: the one way in, whatever the protocol.

Policy, then the account (by its link, or by the address where the source may speak for it), a new one where there is
none, the organisation and its groups, and a token or the challenge of a second factor.
"""

import logging
from typing import Final

from django.db import transaction
from msgspec import Struct

from burgee.control.accounts import factors
from burgee.control.accounts.addresses import start_over
from burgee.control.accounts.errors import EmailTaken
from burgee.control.accounts.models import EVERYWHERE, User
from burgee.control.accounts.records import oneself, tell_failure
from burgee.control.accounts.signing_in import Challenge, Way, sign_in_as
from burgee.control.kit import clock
from burgee.control.kit.errors import DomainError
from burgee.control.organisations.errors import AlreadyAMember
from burgee.control.organisations.models import Organisation
from burgee.control.sso import policies
from burgee.control.sso.accounts import facts_of, make_account, settle
from burgee.control.sso.bonds import bind
from burgee.control.sso.errors import (
    AccountElsewhere,
    AccountInactive,
    AddressUnusable,
    LinkedElsewhere,
    OrganisationGone,
)
from burgee.control.sso.links import link, link_of
from burgee.control.sso.models import Link
from burgee.control.sso.people import Arrival, Person, Source
from burgee.control.sso.rules import may_speak_for

log = logging.getLogger(__name__)

MET: Final = (EmailTaken, LinkedElsewhere, AlreadyAMember)
"""What goes wrong when the same person arrives twice at one moment: the second time they are known."""


class Entry(Struct, frozen=True, kw_only=True):
    """How it ended: a token, or a challenge that must be answered before there is one."""

    entered: str | Challenge
    is_new: bool
    user_id: int


def arrive(
    person: Person, source: Source, *, arrival: Arrival | None = None, address: str = "", label: str | None = None
) -> Entry:
    """Let `person` in, for whom `source` vouches, or raise why not. `address` is that of the client."""
    arrival = arrival or Arrival()
    try:
        if not person.subject or not person.email.strip():
            raise AddressUnusable
        try:
            return _let_in(person, source, arrival, label)
        except MET:
            return _let_in(person, source, arrival, label)
    except DomainError as error:
        _note_refusal(person, source, error, address)
        raise


@transaction.atomic
def _let_in(person: Person, source: Source, arrival: Arrival, label: str | None) -> Entry:
    if source.organisation_id is not None and not Organisation.objects.living().filter(pk=source.organisation_id):
        raise OrganisationGone
    found = link_of(person, source)
    user = _locked(found.user if found is not None else User.objects.with_email(person.email))
    policies.require(source.method, user.email if user is not None else person.email)
    is_new = user is None
    if user is None:
        user = make_account(person, source, arrival)
    else:
        _refuse_foreign(user, found, source)
        _prove(user, found, source)
    if not user.is_active:
        raise AccountInactive
    settle(user, person, source, arrival)
    if found is not None or not _is_unproved(user):
        found = link(user, person, source, explicit=False, actor=oneself(user), with_letter=not is_new)
        Link.objects.filter(pk=found.pk).update(last_used_at=clock.now())
    return Entry(entered=sign_in_as(user, _way(person, source), label=label), is_new=is_new, user_id=user.pk)


def _locked(user: User | None) -> User | None:
    """The row of `user` is held, so that of two arrivals at one moment the second sees what the first did."""
    return None if user is None else User.objects.select_for_update().filter(pk=user.pk).first()


def _refuse_foreign(user: User, found: Link | None, source: Source) -> None:
    """What its owner linked is good; everything else is asked anew each time, because memberships change."""
    if found is not None and found.is_explicit:
        return
    if not may_speak_for(source, facts_of(user)):
        raise AccountElsewhere


def _prove(user: User, found: Link | None, source: Source) -> None:
    """The first for whom a source vouches owns an account that nobody had proved: passwords set before count no more.

    With a second factor nothing changes by that: whoever set it up is asked for it.
    """
    if found is not None or user.email_verified_at is not None or factors.has_factor(user):
        return
    if not user.is_active and not user.awaits_activation:
        return
    Link.objects.filter(user=user).delete()
    start_over(user, proved=source.organisation_id is None, actor=oneself(user))
    if source.organisation_id is not None:
        bind(user, source)


def _is_unproved(user: User) -> bool:
    """Whether a second factor must be shown first, before anything is kept."""
    return user.email_verified_at is None and factors.has_factor(user)


def _way(person: Person, source: Source) -> Way:
    place = source.organisation_id if source.organisation_id is not None else EVERYWHERE
    return Way(
        method=source.method.value,
        source=source.key,
        organisation_id=source.organisation_id,
        second_factor_at=place if person.has_second_factor else None,
    )


def _note_refusal(person: Person, source: Source, error: DomainError, address: str) -> None:
    """The organisations of a person whom we know hear of it, too; the operator's log says where the client is."""
    found = link_of(person, source)
    user = found.user if found is not None else User.objects.with_email(person.email)
    facts = {"source": source.key, "reason": error.code, "client": address, "user_id": user.pk if user else None}
    log.warning("somebody who arrived was refused", extra=facts)
    tell_failure(user, typed=person.email, reason=error.code, **source.told)
