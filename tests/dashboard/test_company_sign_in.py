"""Signing in by what a company has: its identity provider, passkeys; and seeing where one is signed in."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.control.saml.identity_provider import IdentityProvider, an_identity_provider
from tests.dashboard.conftest import Visit
from tests.serve.running import Server, Start, made, signed_up
from tests.services.binaries import free_port

pytestmark = pytest.mark.process

PASSWORD = "correct-horse-battery"
SETTINGS = "/organisation/1/settings?tab=sso"


@pytest.fixture
def provider(tmp_path) -> Iterator[IdentityProvider]:
    with an_identity_provider(tmp_path) as running:
        yield running


@pytest.fixture
def server(start: Start) -> Server:
    """At a name, not a number: passkeys belong to a domain."""
    port = free_port()
    ours = f"http://localhost:{port}"
    server = start(PORT=str(port), BURGEE_PUBLIC_URL=ours, ready="")
    server.url = ours
    server.wait_until_it_answers()
    signed_up(server)
    made(server, "/api/v1/organisations/", {"name": "Acme"})
    return server


def token_of(server: Server) -> str:
    return server.headers["Authorization"].removeprefix("Token ")


def with_authenticator(page: Page) -> None:
    """A device that knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    facts = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": facts | {"isUserVerified": True}})


def test_a_connection_made_in_the_settings_lets_a_colleague_in(
    server: Server, visit: Visit, provider: IdentityProvider, tmp_path
):
    metadata = tmp_path / "metadata.xml"
    metadata.write_text(provider.metadata)
    ada = visit(server, token=token_of(server))
    ada.open(SETTINGS)
    ada.press("New SAML configuration")
    ada.page.get_by_role("textbox", name="Name").fill("acme")
    ada.page.locator("input[type=file]").set_input_files(metadata)
    ada.press("Create it")
    ada.sees(f"{server.url}/api/v1/auth/saml/acme/response/")
    assert ada.serious_faults() == []

    told: Any = server.ask("/api/v1/auth/saml/acme/metadata/?format=json")[1]
    provider.knows(told["metadata"])
    provider.relay_state = f"{server.url}/account"
    grace = visit(server)
    grace.open("/login")
    grace.press("Single sign-on")
    grace.page.get_by_role("textbox", name="Name of your organisation").fill("nobody")
    grace.press("Continue")
    grace.sees("No sign-in has this name.")
    grace.page.get_by_role("textbox", name="Name of your organisation").fill("acme")
    grace.press("Continue")
    grace.press("Sign in as Grace")
    expect(grace.page.get_by_role("heading", name="Profile")).to_be_visible()
    expect(grace.page.get_by_role("textbox", name="First name")).to_have_value("Grace")
    assert "code=" not in grace.page.url


def test_a_code_that_this_tab_did_not_ask_for_waits_for_a_person(server: Server, visit: Visit):
    ada = visit(server)
    ada.open("/saml?code=somebody-elses")
    expect(ada.page.get_by_role("heading", name="Sign in here?")).to_be_visible()
    ada.press("Sign me in")
    ada.sees("This sign-in has ended. Please start again.")
    ada.press("Back to sign-in")
    expect(ada.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_a_passkey_opens_the_account_and_other_sign_ins_end(server: Server, visit: Visit):
    ada = visit(server, token=token_of(server))
    with_authenticator(ada.page)
    ada.open("/account?tab=security")
    ada.press("Add a passkey")
    ada.page.get_by_role("textbox", name="Name").fill("This laptop")
    ada.press("Make the passkey")
    expect(ada.page.get_by_role("table", name="passkeys").get_by_text("This laptop")).to_be_visible()

    ada.page.context.clear_cookies()
    ada.open("/login?redirect=%2Faccount%3Ftab%3Dsecurity")
    ada.press("Sign in with a passkey")
    sessions = ada.page.get_by_role("table", name="sign-ins", exact=True)
    expect(sessions.get_by_text("Passkey")).to_be_visible()
    expect(sessions.get_by_role("row")).to_have_count(3)
    assert server.ask("/api/v1/auth/users/me/")[0] == 200

    ada.press("Sign out everywhere else…")
    ada.press("Sign out everywhere else")
    expect(sessions.get_by_role("row")).to_have_count(2)
    ada.sees("this one")
    assert server.ask("/api/v1/auth/users/me/")[0] == 401


def test_after_the_password_a_passkey_is_the_second_step(server: Server, visit: Visit):
    ada = visit(server, token=token_of(server))
    with_authenticator(ada.page)
    ada.open("/account?tab=security")
    ada.press("Add a passkey")
    ada.press("Make the passkey")
    expect(ada.page.get_by_role("table", name="passkeys")).to_be_visible()

    ada.page.context.clear_cookies()
    ada.open("/login?redirect=%2Faccount")
    ada.fill(**{"E-mail": "ada@example.com", "Password": PASSWORD})
    ada.press("Sign in")
    expect(ada.page.get_by_role("heading", name="Use your passkey")).to_be_visible()
    ada.press("Use the passkey")
    expect(ada.page.get_by_role("heading", name="Profile")).to_be_visible()
