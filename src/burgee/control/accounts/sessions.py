"""Sign-ins that still count: how long they do, and ending them."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from burgee.control.accounts.models import Token, User
from burgee.control.accounts.records import tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor


def sessions_of(user: User) -> QuerySet[Token]:
    """Those that still count, the newest first."""
    return Token.objects.filter(user=user).exclude(_over()).order_by("-id")


def is_over(token: Token) -> bool:
    """Whether it is too old, or was left alone for too long."""
    rules, now = settings.SSO, clock.now()
    if rules.session_days and token.created_at <= now - timedelta(days=rules.session_days):
        return True
    last = token.last_used_on or token.created_at.date()
    return bool(rules.session_idle_days) and last < now.date() - timedelta(days=rules.session_idle_days)


def note_use(token: Token) -> None:
    """One write a day tells sign-ins that are used from those that are not."""
    today = clock.today()
    if token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)
        token.last_used_on = today


@transaction.atomic
def end(token: Token, *, actor: Actor) -> None:
    token.delete()
    tell(token.user, EventType.SESSIONS_ENDED, actor=actor, ended=1)


@transaction.atomic
def end_all(user: User, *, keep: Token | None = None, actor: Actor) -> int:
    """End every sign-in of `user`, but for the one to keep; returns how many."""
    ended = Token.objects.filter(user=user).exclude(pk=keep.pk if keep else 0).delete()[0]
    if ended:
        tell(user, EventType.SESSIONS_ENDED, actor=actor, ended=ended)
    return ended


def forget_over() -> int:
    """Let go of those that count no more; returns how many."""
    return Token.objects.filter(_over()).delete()[0]


def _over() -> Q:
    rules, now = settings.SSO, clock.now()
    none = Q(pk__in=[])
    old = Q(created_at__lte=now - timedelta(days=rules.session_days)) if rules.session_days else none
    if not rules.session_idle_days:
        return old
    day = now.date() - timedelta(days=rules.session_idle_days)
    moment = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=rules.session_idle_days)
    return old | Q(last_used_on__lt=day) | Q(last_used_on=None, created_at__lt=moment)
