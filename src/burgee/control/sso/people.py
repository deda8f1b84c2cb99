"""Who comes, and who vouches for them: what every way of signing in says to the door."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct


class Method(StrEnum):
    """The ways of signing in, as policies name them."""

    PASSWORD = "password"  # noqa: S105 - a way of signing in
    GITHUB = "github"
    GOOGLE = "google"
    SAML = "saml"
    OIDC = "oidc"
    LDAP = "ldap"
    PASSKEY = "passkey"


NAMES: Final[Mapping[str, str]] = {
    Method.PASSWORD: "a password",
    Method.GITHUB: "GitHub",
    Method.GOOGLE: "Google",
    Method.SAML: "SAML",
    Method.OIDC: "OpenID Connect",
    Method.LDAP: "LDAP",
    Method.PASSKEY: "a passkey",
}


def named(method: str, source_key: str = "") -> str:
    """A way of signing in as people call it, with the connection that vouches where there are several."""
    name = NAMES.get(method, "an unknown way")
    return f"{name} ({source_key})" if source_key and source_key != method else name


class Person(Struct, frozen=True, kw_only=True):
    """Somebody as a source knows them.

    The source vouches for ``email``: callers refuse what it calls unverified before. ``subject`` never changes there.
    ``groups`` are external ids; None: the source says nothing of groups.
    """

    email: str
    subject: str
    first_name: str = ""
    last_name: str = ""
    groups: tuple[str, ...] | None = None
    has_second_factor: bool = False


class Source(Struct, frozen=True, kw_only=True):
    """A connection that vouches for people; ``key`` is its unique name: ``github``, ``saml:acme``, ``oidc:12``.

    ``organisation_id`` is set for a connection that administrators of one organisation made; without it the operator
    of the server made it, and people it vouches for may join ``default_organisation_id``. ``joins``: who is no member
    becomes one, as ``role``. New accounts get ``auth_type``.
    """

    method: Method
    key: str
    auth_type: str
    organisation_id: int | None = None
    default_organisation_id: int | None = None
    joins: bool = True
    role: str = "USER"

    @property
    def told(self) -> dict[str, Any]:
        """As events have it: who may read the name of a connection depends on whose it is."""
        facts = {"method": self.method.value, "source": self.key, "source_organisation": self.organisation_id}
        return {name: value for name, value in facts.items() if value}

    @property
    def home_id(self) -> int | None:
        """The organisation whose members and groups this source knows."""
        return self.organisation_id if self.organisation_id is not None else self.default_organisation_id


class Arrival(Struct, frozen=True, kw_only=True):
    """How somebody comes here; it matters when they have no account yet."""

    sign_up_type: str | None = None
    invite_hash: str = ""
    marketing_consent_given: bool = True
