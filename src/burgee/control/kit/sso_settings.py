"""What operators may say about the ways of signing in, and how long a sign-in lasts."""

from typing import Annotated, Final, Self

from msgspec import Struct

from burgee.settings_reader import Var

METHODS: Final = ("password", "github", "google", "saml", "oidc", "ldap", "passkey")

FLAGSMITH: Final = {"EP": "password", "GO": "google", "GH": "github", "SAML": "saml"}
BESIDE_PASSWORDS: Final = ("oidc", "ldap", "passkey")
"""What Flagsmith's form cannot name; allowed with its passwords."""


class Methods(str):
    """Ways of signing in: ``saml,github``, or as Flagsmith writes them, ``EP=False,GO=True,GH=False,SAML=True``."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        if not set(made.names) <= set(METHODS):
            raise ValueError(text)
        return made

    @property
    def names(self) -> tuple[str, ...]:
        """The methods; none means that nothing was said."""
        words = [word.strip() for word in self.split(",") if word.strip()]
        if not any("=" in word for word in words):
            return tuple(word.lower() for word in words)
        said = {
            FLAGSMITH.get(name.strip().upper(), name): value for name, _, value in (w.partition("=") for w in words)
        }
        on = [name for name, value in said.items() if value.strip().lower() == "true" or name not in METHODS]
        return (*on, *(BESIDE_PASSWORDS if "password" in on else ()))


class SsoSettings(Struct, frozen=True, kw_only=True):
    """The ways in, who may always come by password, and the age of sessions."""

    methods: Annotated[
        Methods,
        Var(
            "BURGEE_SIGN_IN_METHODS",
            "GLOBAL_DOMAIN_AUTH_METHODS",
            about=(
                "Ways by which people may sign in, of password, github, google, saml, oidc, ldap and passkey; "
                "empty means all. Rules of e-mail domains go before it."
            ),
        ),
    ] = Methods("")
    break_glass_emails: Annotated[
        tuple[str, ...],
        Var(
            "BURGEE_BREAK_GLASS_EMAILS",
            about="People who may sign in by password whatever else is said about it; each use is told.",
        ),
    ] = ()
    session_days: Annotated[
        int, Var("BURGEE_SESSION_DAYS", about="Days until a sign-in ends; 0 means never.", ge=0, le=3650)
    ] = 0
    session_idle_days: Annotated[
        int,
        Var("BURGEE_SESSION_IDLE_DAYS", about="Days without use until a sign-in ends; 0 means never.", ge=0, le=3650),
    ] = 0
