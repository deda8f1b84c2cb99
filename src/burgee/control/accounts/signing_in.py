"""Signing in: by password, and by a code after it where the account has a second factor."""

from typing import Final

from django.core import signing
from django.db import transaction
from msgspec import Struct

from burgee.control.accounts import lockout, second_factor
from burgee.control.accounts.errors import ChallengeInvalid, SecondFactorRefused, WrongCredentials
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.models import User
from burgee.control.accounts.records import oneself, tell
from burgee.control.accounts.services import issue_token
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex

CHALLENGE_SALT: Final = "burgee.accounts.challenge"

CHALLENGE_SECONDS: Final = 300
"""How long after the password the code may come."""


class Challenge(Struct, frozen=True):
    """The password was right; a code must follow. ``token`` says for whom, and is worth nothing alone."""

    token: str


def sign_in(attempt: Attempt, password: str, *, label: str | None = None) -> str | Challenge:
    """A new token, or a challenge; a wrong address takes as long to refuse as a wrong password."""
    lockout.refuse_locked(attempt)
    user = User.objects.with_email(attempt.email)
    if user is None:
        User().set_password(password)
    if user is None or not user.check_password(password) or not user.is_active:
        lockout.note_failure(attempt, user, reason="password")
        raise WrongCredentials
    return sign_in_as(user, label=label)


def sign_in_as(user: User, *, label: str | None = None) -> str | Challenge:
    """A new token, or a challenge, for whoever has proved to be `user`."""
    if second_factor.is_active(user):
        return Challenge(signing.dumps([user.pk, _state_of(user)], salt=CHALLENGE_SALT))
    return _enter(user, label)


def sign_in_with_code(challenge: str, code: str, *, address: str, label: str | None = None) -> str:
    """A new token for whoever was challenged and has a code."""
    user = _challenged(challenge)
    attempt = Attempt(email=user.email, address=address)
    lockout.refuse_locked(attempt)
    if not second_factor.accept(user, code):
        lockout.note_failure(attempt, user, reason="code")
        raise SecondFactorRefused
    return _enter(user, label)


@transaction.atomic
def _enter(user: User, label: str | None) -> str:
    lockout.forget_failures(user)
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
    tell(user, EventType.USER_SIGNED_IN, actor=oneself(user))
    return issue_token(user, label=label)


def _challenged(token: str) -> User:
    try:
        number, state = signing.loads(token, salt=CHALLENGE_SALT, max_age=CHALLENGE_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise ChallengeInvalid from error
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None or _state_of(user) != state or not second_factor.is_active(user):
        raise ChallengeInvalid
    return user


def _state_of(user: User) -> str:
    """Changes with the password and with each sign-in, so that a challenge is answered once."""
    return sha256_hex(f"{user.password}{user.last_login}")[:32]
