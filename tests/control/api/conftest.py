from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from burgee.control.accounts.models import User
from burgee.control.api.base.throttling import ClientThrottle
from tests.control.api.documented import DocumentedClient
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation

ClientOf = Callable[[User | None], APIClient]


def client_of(user: User | None = None) -> APIClient:
    """A client that presents a token of `user`; without one, anonymous."""
    client = DocumentedClient(raise_request_exception=True)
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {a_token(user)}")
    return client


def forget_throttles(kind: type[ClientThrottle] = ClientThrottle) -> None:
    """Nobody has asked for anything yet."""
    for below in kind.__subclasses__():
        below.forget()
        forget_throttles(below)


@pytest.fixture(autouse=True)
def _database(db):
    forget_throttles()


@pytest.fixture
def organisation():
    return an_organisation(name="Acme")


@pytest.fixture
def admin(organisation):
    user = a_user("ada@example.com")
    a_member(organisation, user, "ADMIN")
    return user


@pytest.fixture
def member(organisation):
    user = a_user("bob@example.com")
    a_member(organisation, user, "USER")
    return user


@pytest.fixture
def foreigner():
    """The administrator of another organisation."""
    user = a_user("eve@example.com")
    a_member(an_organisation(name="Elsewhere"), user, "ADMIN")
    return user


@pytest.fixture
def api(admin) -> APIClient:
    return client_of(admin)


@pytest.fixture
def anybody() -> APIClient:
    return client_of(None)
