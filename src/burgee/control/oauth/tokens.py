"""Tokens of applications: issued, renewed, recognised, forgotten."""

from datetime import timedelta
from typing import Final, TypeVar

from django.db import transaction

from burgee.control.accounts.models import User
from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex
from burgee.control.oauth.authorisations import revoke, still_stands
from burgee.control.oauth.models import AccessToken, Authorisation, Code, RefreshToken

ACCESS_LIFETIME: Final = timedelta(minutes=15)
REFRESH_LIFETIME: Final = timedelta(days=30)

Spent = Code | RefreshToken
"""What buys tokens, once."""

S = TypeVar("S", Code, RefreshToken)


class SpentAlready(Exception):
    """Somebody else was faster with the same code or refresh token."""


def holder_of(token: str) -> tuple[User, AccessToken] | None:
    """Whom the bearer of this access token acts for, if it still counts."""
    row = access_token(token)
    return None if row is None else (row.authorisation.user, row)


def access_token(token: str) -> AccessToken | None:
    rows = AccessToken.objects.select_related("authorisation__user", "authorisation__application")
    row = rows.filter(digest=sha256_hex(token)).first()
    return row if row is not None and _counts(row) else None


def refresh_token(token: str) -> RefreshToken | None:
    """The living one; one that was used before ends the whole authorisation, because two hold it."""
    rows = RefreshToken.objects.select_related("authorisation__user", "authorisation__application")
    return _unspent(rows.filter(digest=sha256_hex(token)).first())


def code(text: str) -> Code | None:
    """The living code; one that was used before ends the whole authorisation."""
    rows = Code.objects.select_related("authorisation__user", "authorisation__application")
    return _unspent(rows.filter(digest=sha256_hex(text)).first())


def issue(spent: Spent, *, access: str, refresh: str, scope: str) -> None:
    """Store a new pair for what is spent by it; of two that spend the same at once, neither keeps anything."""
    if not _issue(spent, access=access, refresh=refresh, scope=scope):
        revoke(spent.authorisation)
        raise SpentAlready


def forget_expired() -> None:
    """Used ones stay until they would have expired, so that a second use is noticed."""
    now = clock.now()
    AccessToken.objects.filter(expires_at__lt=now).delete()
    RefreshToken.objects.filter(expires_at__lt=now).delete()
    Code.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    Authorisation.objects.filter(code=None, access_tokens=None, refresh_tokens=None).delete()


@transaction.atomic
def _issue(spent: Spent, *, access: str, refresh: str, scope: str) -> bool:
    now = clock.now()
    table = Code if isinstance(spent, Code) else RefreshToken
    if not table.objects.filter(pk=spent.pk, used_at=None).update(used_at=now):
        return False
    authorisation = spent.authorisation
    digest = sha256_hex(access)
    AccessToken.objects.create(
        authorisation=authorisation, digest=digest, scope=scope, expires_at=now + ACCESS_LIFETIME
    )
    RefreshToken.objects.create(
        authorisation=authorisation, digest=sha256_hex(refresh), expires_at=now + REFRESH_LIFETIME
    )
    return True


def _counts(row: AccessToken | Spent) -> bool:
    return row.expires_at > clock.now() and still_stands(row.authorisation)


def _unspent(row: S | None) -> S | None:
    if row is None:
        return None
    if row.used_at is not None:
        revoke(row.authorisation)
        return None
    return row if _counts(row) else None
