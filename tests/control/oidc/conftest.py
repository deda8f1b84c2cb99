from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from burgee.control.kit.actor import SYSTEM
from burgee.control.oidc.services import add_provider
from tests.control.oauth.conftest import _fresh, admin, anybody, api, certificate, elsewhere, organisation  # noqa: F401
from tests.control.oauth.elsewhere import ISSUER
from tests.control.oidc.issuer import Issuer


@pytest.fixture
def issuer(elsewhere) -> Iterator[Issuer]:  # noqa: F811 - fixtures are asked for by name
    return Issuer(elsewhere)


@pytest.fixture
def provider(organisation, issuer):  # noqa: F811
    facts = {"name": "Acme ID", "slug": "acme", "issuer": ISSUER, "client_id": "burgee", "client_secret": "s:cret/ö"}
    return add_provider(organisation, actor=SYSTEM, groups_claim="groups", **facts)


@pytest.fixture
def browser(provider, admin) -> APIClient:  # noqa: F811
    """A browser that keeps cookies; there are people already."""
    return APIClient()
