"""Proving again that it is you, before what guards the account changes: an old session may be in other hands."""

from datetime import timedelta
from typing import Final

from msgspec import Struct

from burgee.control.accounts import factors, lockout, second_factor
from burgee.control.accounts.errors import ProofNeeded
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.models import Token, User
from burgee.control.kit import clock

RECENT: Final = timedelta(minutes=10)
"""A sign-in this young is proof by itself."""


class Shown(Struct, frozen=True, kw_only=True):
    """What somebody sends to prove it, and from where."""

    password: str = ""
    code: str = ""
    address: str = ""


def require(user: User, token: Token | None, shown: Shown) -> None:
    """Raise ProofNeeded unless `token` is of a recent sign-in or `shown` convinces.

    A password alone convinces only where signing in needs no more than that.
    """
    if token is not None and clock.now() - token.created_at < RECENT:
        return
    if not shown.password and not shown.code:
        raise ProofNeeded
    attempt = Attempt(email=user.email, address=shown.address)
    lockout.refuse_locked(attempt)
    if not _convinces(user, shown):
        lockout.note_failure(attempt, user, reason="proof")
        raise ProofNeeded


def _convinces(user: User, shown: Shown) -> bool:
    if shown.code and second_factor.accept(user, shown.code):
        return True
    return bool(shown.password) and not factors.has_factor(user) and user.check_password(shown.password)
