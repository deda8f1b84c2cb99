"""Signing up, in and out, and what people change about themselves."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from burgee.control.accounts import sessions
from burgee.control.accounts.errors import EmailTaken, NotTheFirstUser, OwnAccount, SetUpAlready, WrongPassword
from burgee.control.accounts.letters import post_letter
from burgee.control.accounts.models import FirstUser, Token, User, email_key
from burgee.control.accounts.records import oneself, tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.errors import DomainError
from burgee.control.kit.ids import user_token
from burgee.control.mail.texts import LetterKind

LAST_LOGIN_GRAIN: Final = timedelta(minutes=30)
"""Looking at the own account moves ``last_login`` at most this often."""

RANKS: Final = frozenset({"is_active", "is_superuser"})
"""What people do not say about themselves."""


@transaction.atomic
def sign_up(email: str, password: str | None, *, superuser: bool = False, verified: bool = False, **facts: Any) -> User:
    """A new user, to be activated by mail where the server wants that and the address is not `verified` already.

    `superuser` is granted to the very first. `verified`: the address is known to be theirs.
    """
    if superuser and User.objects.exists():
        raise NotTheFirstUser
    awaits = settings.SIGN_IN.enable_email_activation and not superuser and not verified
    facts |= {"is_superuser": superuser, "is_staff": superuser, "is_active": not awaits, "awaits_activation": awaits}
    # Whoever sets a server up could name any address; nobody was there before them.
    facts |= {"email_verified_at": clock.now() if verified or superuser else None}
    user = _make_user(email, password, **facts)
    if superuser:
        _claim_first(user, NotTheFirstUser())
    if awaits:
        post_letter(LetterKind.ACTIVATION, user)
    tell(user, EventType.USER_SIGNED_UP, "created", actor=oneself(user))
    return user


@transaction.atomic
def make_first_user(email: str, password: str | None = None) -> User:
    """The superuser of an empty installation; without a password until a link is used."""
    if User.objects.exists():
        raise SetUpAlready
    user = _make_user(email, password, is_superuser=True, is_staff=True, email_verified_at=clock.now())
    _claim_first(user, SetUpAlready())
    tell(user, EventType.USER_SIGNED_UP, "created", actor=SYSTEM)
    return user


def issue_token(user: User, *, label: str | None = None, **facts: Any) -> str:
    """A new token in clear; only its hash is kept. `facts` are what its row says of how it came about."""
    token = user_token()
    Token.objects.create(user=user, digest=sha256_hex(token), label=label[:200] if label else None, **facts)
    return token


def sign_out(token: Token) -> None:
    """End this sign-in; the others of the user go on."""
    Token.objects.filter(pk=token.pk).delete()


def note_visit(user: User) -> None:
    """Keep ``last_login`` roughly right for people who never sign out."""
    now = clock.now()
    if user.last_login is None or now - user.last_login >= LAST_LOGIN_GRAIN:
        User.objects.filter(pk=user.pk).update(last_login=now)


@transaction.atomic
def change_user(user: User, *, actor: Actor, **facts: Any) -> User:
    changed = [name for name, value in facts.items() if getattr(user, name) != value]
    if not changed:
        return user
    for name in changed:
        setattr(user, name, facts[name])
    user.save(update_fields=changed)
    tell(user, EventType.USER_CHANGED, actor=actor)
    return user


@transaction.atomic
def change_account(user: User, *, actor: Actor, **facts: Any) -> User:
    """What operators say about an account, also whether it may sign in and whether it is one of theirs.

    Nobody says that about their own, so that there is always an operator left.
    """
    ranks = {name: value for name, value in facts.items() if name in RANKS and getattr(user, name) != value}
    if ranks and actor.id == user.pk:
        raise OwnAccount
    change_user(user, actor=actor, **{name: value for name, value in facts.items() if name not in RANKS})
    if not ranks:
        return user
    for name, value in ranks.items():
        setattr(user, name, value)
    user.is_staff = user.is_superuser
    user.awaits_activation = user.awaits_activation and not user.is_active
    user.save(update_fields=[*ranks, "is_staff", "awaits_activation"])
    tell(user, EventType.USER_CHANGED, actor=actor, **ranks)
    if not user.is_active:
        sessions.end_all(user, actor=actor)
    return user


@transaction.atomic
def delete_user(user: User, *, current_password: str, actor: Actor) -> None:
    """Remove the account; everything that points to it goes with it or forgets it."""
    if not user.check_password(current_password):
        raise WrongPassword
    remove_user(user, actor=actor)


@transaction.atomic
def remove_user(user: User, *, actor: Actor) -> None:
    """Remove the account without asking its owner."""
    tell(user, EventType.USER_CHANGED, "deleted", actor=actor)
    user.delete()


def _make_user(email: str, password: str | None, **facts: Any) -> User:
    user = User(email=email, email_key=email_key(email), **facts)
    user.set_password(password)
    with on_violation(EmailTaken()):
        user.save()
    return user


def _claim_first(user: User, refusal: DomainError) -> None:
    """Of two who found the server empty at the same moment, the database lets one through."""
    with on_violation(refusal):
        FirstUser.objects.create(user=user)
