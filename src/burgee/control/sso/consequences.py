"""Whom a change of the rules would keep out: asked before it is made."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from django.conf import settings
from msgspec import Struct

from burgee.control.accounts.models import Passkey, User, email_key
from burgee.control.kit import clock
from burgee.control.sso import doors, policies
from burgee.control.sso.models import BreakGlass, Link
from burgee.control.sso.people import Method
from burgee.control.sso.policy import EVERY_DOMAIN, domain_of

SHOWN: Final = 10
BATCH: Final = 500


class Group(Struct, frozen=True):
    """How many people, and the addresses of the first of them."""

    amount: int
    emails: tuple[str, ...]
    has_self: bool


class Consequences(Struct, frozen=True):
    """``concerned`` people have an address that the rule is for.

    Of those who can come in today, ``locked_out`` have no way left that is set up here, and ``untried`` have one left
    that they never came by: whether it works for them nobody knows.
    """

    concerned: int
    locked_out: Group
    untried: Group


class Known(Struct, frozen=True):
    """What somebody has to come in by, and has used."""

    user_id: int
    email: str
    own: frozenset[Method]
    breaks_glass: bool


def consequences(rules: Mapping[str, Collection[Method]], *, asked_by: User) -> Consequences:
    """What would follow if these were all the rules; a way that is not set up lets nobody in."""
    before, configured = policies.rules_by_domain(), doors.configured()
    changed = {domain for domain in {*before, *rules} if set(before.get(domain, ())) != set(rules.get(domain, ()))}
    concerned, locked_out, untried = 0, [], []
    for person in _people():
        domain = domain_of(person.email)
        is_concerned = domain in changed or (EVERY_DOMAIN in changed and domain not in rules)
        concerned += is_concerned
        now = policies.allowed_by(before, person.email) & _open_to(person, configured)
        if not is_concerned or not now or person.breaks_glass:
            continue
        then = policies.allowed_by(rules, person.email) & _open_to(person, configured)
        if not then:
            locked_out.append(person)
        elif not then & person.own:
            untried.append(person)
    return Consequences(concerned, _group(locked_out, asked_by), _group(untried, asked_by))


def _open_to(person: Known, configured: frozenset[Method]) -> frozenset[Method]:
    """Sources may know anybody; a password can be asked for by mail; a passkey must be there."""
    return configured - {Method.PASSKEY} | (person.own & {Method.PASSKEY})


def _people() -> Iterator[Known]:
    last = 0
    while batch := list(User.objects.filter(is_active=True, pk__gt=last).order_by("id")[:BATCH]):
        yield from _known(batch)
        last = batch[-1].pk


def _known(users: Sequence[User]) -> Iterator[Known]:
    named = {email_key(email) for email in settings.SSO.break_glass_emails}
    opened = BreakGlass.objects.filter(user__in=users, until__gt=clock.now(), user__is_superuser=True)
    glasses = set(opened.values_list("user_id", flat=True))
    own = {user.pk: {Method.PASSWORD} if user.has_usable_password() else set() for user in users}
    for user_id in Passkey.objects.filter(user__in=users).values_list("user_id", flat=True):
        own[user_id].add(Method.PASSKEY)
    for user_id, method in Link.objects.filter(user__in=users).values_list("user_id", "method"):
        own[user_id].add(Method(method))
    for user in users:
        may_break = user.email_key in named or user.pk in glasses
        yield Known(user.pk, user.email, frozenset(own[user.pk]), may_break and Method.PASSWORD in own[user.pk])


def _group(people: list[Known], asked_by: User) -> Group:
    emails = tuple(person.email for person in people[:SHOWN])
    return Group(len(people), emails, any(person.user_id == asked_by.pk for person in people))
