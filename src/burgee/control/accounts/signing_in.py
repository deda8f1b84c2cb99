"""Signing in: by password, and by a code after it where the account has a second factor."""

from typing import Any, Final

from django.core import signing
from django.db import transaction
from msgspec import Struct, convert, to_builtins

from burgee.control.accounts import factors, lockout, second_factor
from burgee.control.accounts.errors import ChallengeInvalid, SecondFactorRefused, WrongCredentials
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.models import User
from burgee.control.accounts.records import failure_told, oneself, tell
from burgee.control.accounts.services import issue_token
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex

CHALLENGE_SALT: Final = "burgee.accounts.challenge"

CHALLENGE_SECONDS: Final = 300
"""How long after the password the code may come."""


PASSWORD: Final = "password"  # noqa: S105 - a way of signing in


class Way(Struct, frozen=True, kw_only=True):
    """How somebody proved who they are; ``source`` names the connection that vouched for them.

    The other two are kept with the token: see there.
    """

    method: str = PASSWORD
    source: str = ""
    organisation_id: int | None = None
    second_factor_at: int | None = None

    @property
    def told(self) -> dict[str, Any]:
        """As events have it."""
        facts = {"method": self.method, "source": self.source, "source_organisation": self.organisation_id}
        return {name: value for name, value in facts.items() if value}


BY_PASSWORD: Final = Way()


class Challenge(Struct, frozen=True):
    """The password was right; a second factor must follow. ``token`` says for whom, and is worth nothing alone."""

    token: str
    method: str


def sign_in(attempt: Attempt, password: str, *, label: str | None = None) -> str | Challenge:
    """A new token, or a challenge; a wrong address takes as long to refuse as a wrong password."""
    return sign_in_as(known_by_password(attempt, password), label=label)


def known_by_password(attempt: Attempt, password: str) -> User:
    """Whose address and password these are; a wrong address takes as long to refuse as a wrong password."""
    lockout.refuse_locked(attempt)
    user = User.objects.with_email(attempt.email)
    if user is None:
        User().set_password(password)
    if user is None or not user.check_password(password) or not user.is_active:
        lockout.note_failure(attempt, user, reason="password")
        raise WrongCredentials
    return user


def sign_in_as(user: User, way: Way = BY_PASSWORD, *, label: str | None = None) -> str | Challenge:
    """A new token, or a challenge, for whoever has proved to be `user`."""
    if factors.has_factor(user):
        return Challenge(
            signing.dumps([user.pk, _state_of(user), to_builtins(way)], salt=CHALLENGE_SALT), factors.asked_for(user)
        )
    return enter(user, way, label=label)


def sign_in_with_code(challenge: str, code: str, *, address: str, label: str | None = None) -> str:
    """A new token for whoever was challenged and has a code."""
    user, way = challenged(challenge)
    attempt = Attempt(email=user.email, address=address)
    lockout.refuse_locked(attempt, method=way.method)
    if not second_factor.accept(user, code):
        lockout.note_failure(attempt, user, reason="code", method=way.method)
        raise SecondFactorRefused
    return enter(user, way, label=label)


@transaction.atomic
def enter(user: User, way: Way = BY_PASSWORD, *, label: str | None = None) -> str:
    """A new token: nothing more is asked of `user`."""
    lockout.forget_failures(user)
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
    tell(user, EventType.USER_SIGNED_IN, actor=oneself(user), **way.told)
    return issue_token(
        user,
        label=label,
        method=way.method,
        organisation_id=way.organisation_id,
        second_factor_at=way.second_factor_at,
    )


@failure_told()
def challenged(token: str) -> tuple[User, Way]:
    """Whose second factor is awaited, and how they came so far; raises ChallengeInvalid."""
    try:
        number, state, told = signing.loads(token, salt=CHALLENGE_SALT, max_age=CHALLENGE_SECONDS)
        way = convert(told, Way)
    except (signing.BadSignature, ValueError) as error:
        raise ChallengeInvalid from error
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None or _state_of(user) != state or not factors.has_factor(user):
        raise ChallengeInvalid
    return user, way


def _state_of(user: User) -> str:
    """Changes with the password and with each sign-in, so that a challenge is answered once."""
    return sha256_hex(f"{user.password}{user.last_login}")[:32]
