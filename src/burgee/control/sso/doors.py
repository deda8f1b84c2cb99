"""The ways in that are set up here, for the page where people sign in. Protocols register theirs."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from msgspec import Struct

from burgee.control.accounts import relying_party
from burgee.control.accounts.models import Passkey
from burgee.control.sso import policies
from burgee.control.sso.people import Method


class Door(Struct, frozen=True, kw_only=True):
    """One button, or for a password the fields. ``start_url`` is where the browser goes; ``key`` names the source."""

    method: Method
    key: str
    name: str
    start_url: str = ""
    client_id: str = ""


Lister = Callable[[str], Iterable[Door]]
"""The doors of a protocol for the domain of an address; for the empty one those that everybody is shown."""

_listers: dict[str, Lister] = {}
_unseen: dict[Method, Callable[[], bool]] = {}


def register(name: str, lister: Lister) -> None:
    """Show what `lister` knows, too."""
    _listers[name] = lister


def register_unseen(method: Method, is_there: Callable[[], bool]) -> None:
    """`method` may be set up although no door of it is shown to everybody."""
    _unseen[method] = is_there


def doors(email: str = "") -> list[Door]:
    """The doors for people with this address; without one those that somebody may use. Whether it is known matters not.

    One that the policy refuses to everybody is not shown.
    """
    allowed = policies.allowed_for(email) if email else policies.allowed_for_somebody()
    domain = policies.domain_of(email) if email else ""
    return [door for door in _all(domain) if door.method in allowed]


def configured() -> frozenset[Method]:
    """The methods that are set up here for somebody, allowed or not."""
    return frozenset(door.method for door in _all("")) | {method for method, is_there in _unseen.items() if is_there()}


def _all(domain: str) -> list[Door]:
    return [*_built_in(), *(door for lister in _listers.values() for door in lister(domain))]


def _built_in() -> Iterator[Door]:
    yield Door(method=Method.PASSWORD, key="password", name="Password")
    if relying_party.is_available() and Passkey.objects.exists():
        yield Door(method=Method.PASSKEY, key="passkey", name="Passkey")
    ours = settings.FEDERATION
    if ours.github_client_id and ours.github_client_secret:
        start_url = f"{ours.github_url.rstrip('/')}/login/oauth/authorize"
        yield Door(
            method=Method.GITHUB, key="github", name="GitHub", start_url=start_url, client_id=ours.github_client_id
        )
    if ours.google_client_id:
        start_url = "https://accounts.google.com/o/oauth2/v2/auth"
        yield Door(
            method=Method.GOOGLE, key="google", name="Google", start_url=start_url, client_id=ours.google_client_id
        )
