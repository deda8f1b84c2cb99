"""With a real identity provider, and with a browser between it and us."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from burgee.control.accounts.models import User
from burgee.control.kit.actor import SYSTEM
from burgee.control.saml.configurations import create_configuration
from burgee.control.saml.description import metadata
from tests.control.saml.asking import FRONTEND
from tests.control.saml.identity_provider import IdentityProvider, an_identity_provider
from tests.dashboard.browser import launch
from tests.serve.running import made, signed_up, start
from tests.services.binaries import free_port

__all__ = ["start"]


@pytest.fixture
def provider(tmp_path) -> Iterator[IdentityProvider]:
    with an_identity_provider(tmp_path) as running:
        yield running


@pytest.mark.parametrize(
    "how",
    [
        {"sign_assertion": True, "sign_response": False},
        {"sign_assertion": False, "sign_response": True},
        {"sign_assertion": True, "sign_response": True},
        {
            "sign_assertion": True,
            "sign_response": False,
            "encrypt_assertion": True,
            "encrypt_assertion_self_contained": False,
        },
        {
            "sign_assertion": True,
            "sign_response": True,
            "encrypt_assertion": True,
            "encrypt_assertion_self_contained": False,
        },
    ],
    ids=lambda how: "+".join(name for name, wanted in how.items() if wanted),
)
def test_it_understands_us_and_we_understand_it(how, provider, organisation, anybody, enter) -> None:
    connection = create_configuration(
        organisation, name="acme", frontend_url=FRONTEND, idp_metadata_xml=provider.metadata, actor=SYSTEM
    )
    provider.knows(metadata(connection))
    provider.how = how
    url = anybody.post("/api/v1/auth/saml/acme/request/").json()["url"]

    place, response = provider.answer(url)
    posted = base64.b64encode(response.encode()).decode()
    told = enter(anybody.post(f"{place.removeprefix(FRONTEND)}?format=json", {"SAMLResponse": posted}))

    assert told.status_code == 200
    grace = User.objects.get(email="grace@acme.example")
    assert (grace.first_name, grace.last_name) == ("Grace", "Hopper")


def test_it_refuses_a_request_that_is_not_ours(provider, organisation, anybody) -> None:
    from saml2.response import IncorrectlySigned

    connection = create_configuration(
        organisation, name="acme", frontend_url=FRONTEND, idp_metadata_xml=provider.metadata, actor=SYSTEM
    )
    provider.knows(metadata(connection))
    url = anybody.post("/api/v1/auth/saml/acme/request/").json()["url"]
    assert provider.asked(url).message.issuer.text.endswith("/acme/metadata/")

    with pytest.raises(IncorrectlySigned):
        provider.asked(url.replace("Signature=", "Signature=AA"))


@pytest.mark.process
def test_a_browser_goes_there_and_comes_back_signed_in(provider, start) -> None:
    port = free_port()
    ours = f"http://localhost:{port}"
    server = start(PORT=str(port), BURGEE_PUBLIC_URL=ours, ready="")
    server.url = f"http://127.0.0.1:{port}"
    server.wait_until_it_answers()
    signed_up(server)
    organisation = made(server, "/api/v1/organisations/", {"name": "Acme"})
    facts = {"organisation": organisation["id"], "name": "acme", "frontend_url": ours}
    made(server, "/api/v1/auth/saml/configuration/", facts | {"idp_metadata_xml": provider.metadata})
    provider.knows(server.ask("/api/v1/auth/saml/acme/metadata/?format=json")[1]["metadata"])
    provider.relay_state = f"{ours}/project/1"

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.goto(f"{ours}/health/liveness/")
        url = page.evaluate(
            "async () => (await (await fetch('/api/v1/auth/saml/acme/request/', {method: 'POST'})).json()).url"
        )
        page.goto(url)
        page.get_by_role("button", name="Sign in as Grace").click()
        page.wait_for_url(f"{ours}/saml?**")
        assert page.url.endswith("&next=%2Fproject%2F1")
        exchange = """async () => {
            const code = new URL(location.href).searchParams.get('code');
            const body = JSON.stringify({access_token: code});
            const headers = {'Content-Type': 'application/json', 'Burgee-Session': 'cookie'};
            const told = await fetch('/api/v1/auth/saml/login/', {method: 'POST', headers, body});
            const me = await fetch('/api/v1/auth/users/me/');
            return [told.status, (await me.json()).email];
        }"""
        assert page.evaluate(exchange) == [204, "grace@acme.example"]
        assert page.evaluate(exchange)[0] == 401
        browser.close()
