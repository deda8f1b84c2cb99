import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from burgee.control.api.base.throttling import LoginThrottle, RegistrationThrottle, TokenExchangeThrottle
from burgee.control.federation.issuers import ISSUERS
from tests.control.oauth.elsewhere import Elsewhere, an_elsewhere, make_certificate, rsa_key
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation


@pytest.fixture(autouse=True)
def _fresh(db) -> None:
    ISSUERS.forget()
    for throttle in (LoginThrottle, RegistrationThrottle, TokenExchangeThrottle):
        throttle.forget()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture
def elsewhere(certificate, settings) -> Iterator[Elsewhere]:
    with an_elsewhere(certificate) as running:
        settings.OUTBOUND_CONNECT = running.connect
        settings.OUTBOUND_TRUST = ssl.create_default_context(cafile=str(certificate))
        running.keys["one"] = rsa_key()
        yield running


@pytest.fixture
def organisation():
    return an_organisation(name="Acme")


@pytest.fixture
def admin(organisation):
    user = a_user("ada@example.com", first_name="Ada")
    a_member(organisation, user, "ADMIN")
    return user


@pytest.fixture
def api(admin) -> APIClient:
    return with_header(f"Token {a_token(admin)}")


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()


def with_header(text: str) -> APIClient:
    """A client that presents `text`."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=text)
    return client
