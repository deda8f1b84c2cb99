from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.test import APIClient

from burgee.control.api.base.throttling import SamlThrottle
from burgee.control.kit.actor import SYSTEM
from burgee.control.saml import keys
from burgee.control.saml.addresses import entity_id, response_url
from burgee.control.saml.configurations import create_configuration
from burgee.control.saml.models import SamlConfiguration
from tests.control.saml.asking import FRONTEND, a_request
from tests.control.saml.forge import Answer, Keys, metadata, posted, quick_rsa
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation


@pytest.fixture(autouse=True)
def _fresh(db, settings, monkeypatch) -> None:
    SamlThrottle.forget()
    settings.PUBLIC_URL = FRONTEND
    monkeypatch.setattr(keys, "rsa", quick_rsa())


@pytest.fixture(scope="session")
def idp_keys() -> Keys:
    return Keys()


@pytest.fixture(scope="session")
def other_keys() -> Keys:
    return Keys()


@pytest.fixture
def organisation():
    return an_organisation(name="Acme")


@pytest.fixture
def admin(organisation):
    user = a_user("ada@acme.example", first_name="Ada")
    a_member(organisation, user, "ADMIN")
    return user


@pytest.fixture
def api(admin) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {a_token(admin)}")
    return client


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()


@pytest.fixture
def connection(organisation, idp_keys) -> SamlConfiguration:
    return create_configuration(
        organisation, name="acme", frontend_url=FRONTEND, idp_metadata_xml=metadata(idp_keys), actor=SYSTEM
    )


@pytest.fixture
def answer(connection, anybody) -> Answer:
    """A good answer to a request that was made just now."""
    return Answer(
        audience=entity_id(connection), recipient=response_url(connection), in_response_to=a_request(anybody, "acme")
    )


@pytest.fixture
def bring(anybody) -> Callable:
    """The browser posts an answer to us."""

    def post(tree, name: str = "acme", query: str = "?format=json", **form: str):
        body = {"SAMLResponse": tree if isinstance(tree, str) and "<" not in tree else posted(tree)} | form
        return anybody.post(f"/api/v1/auth/saml/{name}/response/{query}", body)

    return post


@pytest.fixture
def enter(anybody) -> Callable:
    """The dashboard exchanges the code that stands in the address it was opened with."""

    def exchange(brought):
        assert brought.status_code == 200, brought.content
        code = parse_qs(urlsplit(brought.json()["url"]).query)["code"][0]
        return anybody.post("/api/v1/auth/saml/login/", {"access_token": code}, format="json")

    return exchange
