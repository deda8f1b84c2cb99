"""Where the directory meets the sign-in with a password; nothing of it is loaded on a server that has none."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings

from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.signing_in import Challenge
from burgee.control.sso import policies
from burgee.control.sso.doors import Door
from burgee.control.sso.password_sign_in import sign_in_by_password
from burgee.control.sso.people import Method

KEY: Final = "ldap"


def sign_in(attempt: Attempt, password: str, *, label: str | None = None) -> str | Challenge:
    """A new token, or a challenge: by the directory where there is one, and otherwise by a password of ours."""
    if not settings.LDAP.urls or Method.LDAP not in policies.allowed_for_somebody():
        return sign_in_by_password(attempt, password, label=label)
    from burgee.control.ldap.sign_in import sign_in_by_directory

    return sign_in_by_directory(attempt, password, label=label)


def ldap_doors(_domain: str) -> Iterator[Door]:
    """The same fields as for a password of ours."""
    if settings.LDAP.urls:
        yield Door(method=Method.LDAP, key=KEY, name="Directory")
