"""Signing up, in and out, and what people change about themselves."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from burgee.control.accounts.errors import EmailTaken, NotTheFirstUser, SetUpAlready, WrongCredentials, WrongPassword
from burgee.control.accounts.models import Token, User, email_key
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.ids import user_token

LAST_LOGIN_GRAIN: Final = timedelta(minutes=30)
"""Looking at the own account moves ``last_login`` at most this often."""


@transaction.atomic
def sign_up(email: str, password: str, *, superuser: bool = False, **facts: Any) -> User:
    """A new user. `superuser` is granted to nobody but the very first."""
    if superuser and User.objects.exists():
        raise NotTheFirstUser
    user = _make_user(email, password, is_superuser=superuser, is_staff=superuser, **facts)
    _tell(user, EventType.USER_SIGNED_UP, "created", actor=Actor.user(user.pk, user.email))
    return user


@transaction.atomic
def make_first_user(email: str, password: str | None = None) -> User:
    """The superuser of an empty installation; without a password until a link is used."""
    if User.objects.exists():
        raise SetUpAlready
    user = _make_user(email, password, is_superuser=True, is_staff=True)
    _tell(user, EventType.USER_SIGNED_UP, "created", actor=SYSTEM)
    return user


def sign_in(email: str, password: str, *, label: str | None = None) -> tuple[User, str]:
    """The user and a new token; a wrong address takes as long to refuse as a wrong password."""
    user = User.objects.with_email(email)
    if user is None:
        User().set_password(password)
        raise WrongCredentials
    if not user.check_password(password) or not user.is_active:
        raise WrongCredentials
    with transaction.atomic():
        user.last_login = clock.now()
        user.save(update_fields=["last_login"])
        return user, issue_token(user, label=label)


def issue_token(user: User, *, label: str | None = None) -> str:
    """A new token in clear; only its hash is kept."""
    token = user_token()
    Token.objects.create(user=user, digest=sha256_hex(token), label=label[:200] if label else None)
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
    _tell(user, EventType.USER_CHANGED, "updated", actor=actor)
    return user


@transaction.atomic
def delete_user(user: User, *, current_password: str, actor: Actor) -> None:
    """Remove the account; everything that points to it goes with it or forgets it."""
    if not user.check_password(current_password):
        raise WrongPassword
    _tell(user, EventType.USER_CHANGED, "deleted", actor=actor)
    user.delete()


def _make_user(email: str, password: str | None, **facts: Any) -> User:
    user = User(email=email, email_key=email_key(email), **facts)
    user.set_password(password)
    with on_violation(EmailTaken()):
        user.save()
    return user


def _tell(user: User, event_type: EventType, action: str, *, actor: Actor) -> None:
    change = Change(object=ObjectType.USER, action=action, id=user.pk, uuid=str(user.uuid))
    publish(event_type, scope=Scope(), changes=[change], actor=actor)
