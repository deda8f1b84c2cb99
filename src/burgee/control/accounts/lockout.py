"""The lock after failed sign-ins: on the account whoever tries, and on the address that tries too many accounts.

It is counted in the database, so that it holds over all processes, also for addresses of mail that nobody has: an
answer must not say who is known.
"""

import math
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from msgspec import Struct

from burgee.control.accounts.errors import SignInLocked
from burgee.control.accounts.letters import post_letter
from burgee.control.accounts.models import SignInFailures, User, email_key
from burgee.control.accounts.records import tell, tell_failure
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.kit.digests import live_key
from burgee.control.mail.texts import LetterKind

MORE_PER_ADDRESS: Final = 10
"""Many people may sign in from one address, so it may fail this many times as often as an account."""


class Attempt(Struct, frozen=True, kw_only=True):
    """Somebody at the network address `address` wants to be the user with `email`."""

    email: str
    address: str


def refuse_locked(attempt: Attempt, *, method: str = "password") -> None:
    """Raise SignInLocked while the account or the address is locked; who tries `method` meanwhile is told of."""
    if not settings.SIGN_IN.enable_axes:
        return
    now = clock.now()
    rows = SignInFailures.objects.filter(key__in=_limits(attempt), locked_until__gt=now)
    until = max((row.locked_until for row in rows if row.locked_until is not None), default=None)
    if until is not None:
        tell_failure(User.objects.with_email(attempt.email), typed=attempt.email, reason="locked", method=method)
        raise SignInLocked(seconds=math.ceil((until - now).total_seconds()))


@transaction.atomic
def note_failure(attempt: Attempt, user: User | None, *, reason: str, method: str = "password") -> None:
    """Count a failed sign-in; at the limit a lock begins, and who owns the account is told."""
    tell_failure(user, typed=attempt.email, reason=reason if user is not None else "unknown", method=method)
    if not settings.SIGN_IN.enable_axes:
        return
    for key, limit in _limits(attempt).items():
        is_account = key == _account_key(attempt.email)
        if _counted(key) >= limit and _locked(key) and is_account and user is not None:
            tell(user, EventType.SIGN_IN_LOCKED, actor=SYSTEM)
            post_letter(LetterKind.SIGN_IN_LOCKED, user)


def forget_failures(user: User) -> None:
    """Start counting anew: `user` signed in."""
    SignInFailures.objects.filter(key=_account_key(user.email)).delete()


@transaction.atomic
def unlock(user: User, *, actor: Actor) -> bool:
    """Let `user` sign in again at once; whether that was locked."""
    was_locked = end_lock(user)
    if was_locked:
        tell(user, EventType.SIGN_IN_UNLOCKED, actor=actor)
    return was_locked


def end_lock(user: User) -> bool:
    """Forget failures and lock; whether there was a lock."""
    rows = SignInFailures.objects.filter(key=_account_key(user.email))
    was_locked = rows.filter(locked_until__gt=clock.now()).exists()
    rows.delete()
    return was_locked


def expire() -> int:
    """Forget what counts no more; returns how many rows."""
    now = clock.now()
    return _stale(SignInFailures.objects.all(), now).delete()[0]


def _limits(attempt: Attempt) -> dict[str, int]:
    rules = settings.SIGN_IN
    limits = {_account_key(attempt.email): rules.axes_failure_limit}
    if attempt.address and not rules.axes_only_user_failures:
        limits[live_key("sign-in address", attempt.address)] = rules.axes_failure_limit * MORE_PER_ADDRESS
    return limits


def _account_key(email: str) -> str:
    return live_key("sign-in account", email_key(email))


def _cool_off() -> timedelta:
    return timedelta(minutes=settings.SIGN_IN.axes_cooloff_time)


def _stale(rows: QuerySet[SignInFailures], now: datetime) -> QuerySet[SignInFailures]:
    return rows.filter(Q(locked_until=None, since__lte=now - _cool_off()) | Q(locked_until__lte=now))


def _counted(key: str) -> int:
    """The failures of `key`, with this one."""
    now = clock.now()
    mine = SignInFailures.objects.filter(key=key)
    _stale(mine, now).update(failures=0, since=now, locked_until=None)
    if not mine.update(failures=F("failures") + 1):
        try:
            with transaction.atomic():
                SignInFailures.objects.create(key=key, failures=1, since=now)
        except IntegrityError:
            mine.update(failures=F("failures") + 1)  # Another process counted its first failure.
    return mine.values_list("failures", flat=True).first() or 0


def _locked(key: str) -> bool:
    """Lock `key`; whether this call did it."""
    rows = SignInFailures.objects.filter(key=key, locked_until=None)
    return bool(rows.update(locked_until=clock.now() + _cool_off()))
