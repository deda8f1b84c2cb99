"""Passwords at the door: where they are allowed, and for whoever may break the glass."""

from django.db import transaction

from burgee.control.accounts import lockout
from burgee.control.accounts.errors import PasswordsRefused, WrongCredentials
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.models import User
from burgee.control.accounts.records import oneself, tell
from burgee.control.accounts.signing_in import Challenge, known_by_password, sign_in, sign_in_as
from burgee.control.events.catalog import EventType
from burgee.control.sso import glass, policies
from burgee.control.sso.people import Method


def sign_in_by_password(attempt: Attempt, password: str, *, label: str | None = None) -> str | Challenge:
    """A new token, or a challenge. Where passwords are refused, every answer but the right one is the same."""
    if Method.PASSWORD in policies.allowed_for(attempt.email):
        return sign_in(attempt, password, label=label)
    try:
        user = known_by_password(attempt, password)
    except WrongCredentials as error:
        raise PasswordsRefused from error
    if not glass.may_break(user):
        # Counted like a wrong password: what locks and what does not would tell them apart.
        lockout.note_failure(attempt, user, reason="method")
        raise PasswordsRefused
    _tell(user)
    return sign_in_as(user, label=label)


@transaction.atomic
def _tell(user: User) -> None:
    tell(user, EventType.GLASS_BROKEN, actor=oneself(user))
    glass.post_alarm(user)
