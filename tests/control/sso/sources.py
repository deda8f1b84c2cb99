"""Sources that vouch for whomever a test says, and who comes through them."""

from rest_framework.test import APIClient

from burgee.control.accounts.models import SecondFactor, User
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.secrets import encrypt
from burgee.control.organisations.models import Organisation
from burgee.control.sso.arrivals import Entry, arrive
from burgee.control.sso.people import Method, Person, Source


def of_server(**fields) -> Source:
    return Source(**({"method": Method.GITHUB, "key": "github", "auth_type": "GITHUB"} | fields))


def of(organisation: Organisation, **fields) -> Source:
    """A connection that administrators of `organisation` made."""
    facts = {"method": Method.SAML, "key": f"saml:{organisation.pk}", "auth_type": "SAML"}
    return Source(**(facts | {"organisation_id": organisation.pk} | fields))


def a_person(email="grace@example.com", **fields) -> Person:
    return Person(**({"email": email, "subject": f"subject of {email}"} | fields))


def come(source: Source, email="grace@example.com", **fields) -> Entry:
    return arrive(a_person(email, **fields), source)


def user_of(entry: Entry) -> User:
    return User.objects.get(pk=entry.user_id)


def with_key(key) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def with_second_factor(user: User) -> User:
    SecondFactor.objects.create(user=user, ciphertext=encrypt("x"), confirmed_at=clock.now())
    return user


def told(event_type: str) -> list[dict]:
    """What events of a type say, in their order."""
    rows = Event.objects.filter(type=event_type).order_by("id")
    return [row.payload["changes"][0].get("after") for row in rows]
