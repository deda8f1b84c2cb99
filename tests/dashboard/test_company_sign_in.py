"""Signing in by what a company has: its identity provider, passkeys; and seeing where one is signed in."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.clients.burgee import wait_until
from tests.control.saml.identity_provider import IdentityProvider, an_identity_provider
from tests.dashboard.conftest import Visit
from tests.serve.running import Server, a_starter, made
from tests.services.binaries import free_port

pytestmark = pytest.mark.process

PASSWORD = "correct-horse-battery"
SETTINGS = "/organisation/1/settings?tab=sso"
SECURITY = "/account?tab=security"


@pytest.fixture
def provider(tmp_path) -> Iterator[IdentityProvider]:
    with an_identity_provider(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("burgee")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """At a name, not a number: passkeys belong to a domain. Each journey brings its own people; root asks."""
    port = free_port()
    ours = f"http://localhost:{port}"
    with a_starter(folder) as start:
        server = start(PORT=str(port), BURGEE_PUBLIC_URL=ours, ready="")
        server.url = ours
        server.wait_until_it_answers()
        server.headers["Authorization"] = f"Token {somebody(server, 'root@example.com', superuser=True)}"
        made(server, "/api/v1/organisations/", {"name": "Acme"})
        yield server


def somebody(server: Server, email: str, **facts: object) -> str:
    """The token of a new person."""
    person = {"email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "L"}
    status, told = server.ask("/api/v1/auth/users/", person | facts, Authorization="")
    assert (status, isinstance(told, dict)) == (201, True), told
    return str(told["key"])


def root_of(server: Server) -> str:
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
    ada = visit(server, token=root_of(server))
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
    token = somebody(server, "ada@example.com")
    ada = visit(server, token=token)
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
    assert server.ask("/api/v1/auth/users/me/", Authorization=f"Token {token}")[0] == 200

    ada.press("Sign out everywhere else…")
    ada.press("Sign out everywhere else")
    expect(sessions.get_by_role("row")).to_have_count(2)
    ada.sees("this one")
    assert server.ask("/api/v1/auth/users/me/", Authorization=f"Token {token}")[0] == 401


def test_after_the_password_a_passkey_is_the_second_step(server: Server, visit: Visit):
    ada = visit(server, token=somebody(server, "alan@example.com"))
    with_authenticator(ada.page)
    ada.open("/account?tab=security")
    ada.press("Add a passkey")
    ada.press("Make the passkey")
    expect(ada.page.get_by_role("table", name="passkeys")).to_be_visible()

    ada.page.context.clear_cookies()
    ada.open("/login?redirect=%2Faccount")
    ada.fill(**{"E-mail": "alan@example.com", "Password": PASSWORD})
    ada.press("Sign in")
    expect(ada.page.get_by_role("heading", name="Use your passkey")).to_be_visible()
    ada.press("Use the passkey")
    expect(ada.page.get_by_role("heading", name="Profile")).to_be_visible()


def test_our_key_is_replaced_in_steps(server: Server, visit: Visit):
    made(server, "/api/v1/auth/saml/configuration/", {"organisation": 1, "name": "keys", "frontend_url": server.url})
    ada = visit(server, token=root_of(server))
    ada.open(SETTINGS)
    ada.press("Actions for keys")
    ada.click(ada.page.get_by_role("menuitem", name="Edit"))
    before = certificates_of(server, "keys")
    ada.press("Make the next key")
    expect(ada.page.get_by_role("button", name="Drop the next key")).to_be_visible()
    ada.press("Drop the next key")
    expect(ada.page.get_by_role("button", name="Make the next key")).to_be_visible()
    assert certificates_of(server, "keys") == before

    ada.press("Make the next key")
    ada.press("Switch to the next key…")
    ada.press("Switch to the next key")
    expect(ada.page.get_by_role("button", name="Make the next key")).to_be_visible()
    assert len(certificates_of(server, "keys")) == 1
    assert certificates_of(server, "keys") != before


def certificates_of(server: Server, name: str) -> list[str]:
    told: Any = server.ask(f"/api/v1/auth/saml/configuration/{name}/")[1]
    return [certificate["sha256"] for certificate in told["certificates"]]


def test_an_openid_provider_is_refused_while_its_issuer_is_silent_then_changed_and_deleted(
    server: Server, folder: Path, visit: Visit
):
    """No issuer can be on this machine: the server never asks one that is."""
    ada = visit(server, token=root_of(server))
    ada.open(SETTINGS)
    ada.press("New OpenID provider")
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Acme ID")
    dialog.get_by_role("textbox", name="Issuer").fill("https://127.0.0.1:1")
    dialog.get_by_role("textbox", name="Client ID").fill("burgee")
    ada.press("Create it")
    expect(dialog.get_by_text("This issuer cannot be used")).to_be_visible()
    assert ada.serious_faults() == []

    an_openid_provider(folder, "Acme ID", "acme-id")
    ada.page.reload()
    ada.press("Actions for Acme ID")
    ada.click(ada.page.get_by_role("menuitem", name="Edit"))
    ada.sees(f"{server.url}/api/v1/auth/oidc/acme-id/callback/")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Acme people")
    ada.press("Save it")
    table = ada.page.get_by_role("table", name="OpenID providers")
    expect(table.get_by_text("Acme people")).to_be_visible()

    ada.press("Actions for Acme people")
    ada.click(ada.page.get_by_role("menuitem", name="Delete…"))
    ada.page.get_by_role("dialog").get_by_role("textbox").fill("Acme people")
    ada.press("Delete the provider")
    expect(ada.page.get_by_text("Acme people was deleted")).to_be_visible()
    expect(table).to_have_count(0)


def an_openid_provider(folder: Path, name: str, slug: str) -> None:
    """As if its issuer had answered."""
    facts = {"organisation_id": 1, "name": name, "slug": slug, "issuer": "https://127.0.0.1:1", "client_id": "burgee"}
    facts |= {"scopes": "openid email", "email_claim": "email", "first_name_claim": "name", "last_name_claim": "name"}
    facts |= {"groups_claim": "", "require_verified_email": 1, "joins": 1, "role": "USER"}
    facts["created_at"] = "2026-01-01 00:00:00"
    marks = ", ".join("?" * len(facts))
    with closing(sqlite3.connect(folder / "data" / "burgee.sqlite3", timeout=60)) as database, database:
        database.execute(f"INSERT INTO oidc_oidcprovider ({', '.join(facts)}) VALUES ({marks})", list(facts.values()))


def test_another_source_is_linked_from_the_account(server: Server, visit: Visit, provider: IdentityProvider):
    body = {"organisation": 1, "name": "linking", "frontend_url": server.url, "idp_metadata_xml": provider.metadata}
    made(server, "/api/v1/auth/saml/configuration/", body)
    told: Any = server.ask("/api/v1/auth/saml/linking/metadata/?format=json")[1]
    provider.knows(told["metadata"])
    provider.subject = "linus-1"
    linus = visit(server, token=somebody(server, "linus@elsewhere.example"))
    linus.open(SECURITY)
    linus.press("Link another")
    linus.click(linus.page.get_by_role("menuitem", name="Single sign-on (SAML)"))
    linus.page.get_by_role("textbox", name="Name of your organisation").fill("linking")
    linus.press("Continue")
    linus.press("Sign in as Grace")
    table = linus.page.get_by_role("table", name="linked sign-ins")
    expect(table.get_by_text("by you")).to_be_visible()
    expect(linus.page.get_by_text("SAML opens your account from now on")).to_be_visible()
    assert "code=" not in linus.page.url

    linus.press("Actions for SAML")
    linus.click(linus.page.get_by_role("menuitem", name="Unlink…"))
    linus.press("Unlink it")
    expect(table).to_have_count(0)


def test_a_domain_is_locked_to_its_provider_and_nobody_is_asked_for_a_password(server: Server, visit: Visit):
    somebody(server, "grace@locked.example")
    ada = visit(server, token=root_of(server))
    ada.open("/server")
    ada.press("New rule")
    ada.page.get_by_role("textbox", name="Domain of the e-mail addresses").fill("locked.example")
    ada.page.get_by_role("checkbox", name="Password").uncheck()
    ada.page.get_by_role("checkbox", name="OpenID Connect").check()
    ada.press("Save the rule")
    expect(ada.page.get_by_text("Keep these people out?")).to_be_visible()
    expect(ada.page.get_by_text("grace@locked.example.")).to_be_visible()
    assert ada.serious_faults() == []
    ada.click(ada.page.get_by_role("dialog").get_by_role("button", name="Save the rule").last)
    expect(ada.page.get_by_role("table", name="sign-in rules").get_by_text("locked.example")).to_be_visible()

    for email in ("grace@locked.example", "nobody@locked.example"):
        somebody_there = visit(server)
        somebody_there.open("/login")
        somebody_there.page.get_by_label("E-mail", exact=True).fill(email)
        words = "People of locked.example"
        expect(somebody_there.page.get_by_role("status").filter(has_text=words)).to_be_visible()
        expect(somebody_there.page.get_by_label("Password", exact=True)).to_have_count(0)
    somebody_there.press("Emergency access with a password")
    somebody_there.fill(**{"E-mail": "grace@locked.example", "Password": PASSWORD})
    somebody_there.press("Sign in")
    expect(somebody_there.page.get_by_role("alert")).to_be_visible()

    ada.press("Actions for locked.example")
    ada.click(ada.page.get_by_role("menuitem", name="Delete…"))
    ada.sees("Nobody is kept out by that.")
    ada.press("Delete the rule")
    expect(ada.page.get_by_role("table", name="sign-in rules")).to_have_count(0)


def test_who_failed_to_sign_in_is_found_and_taken_along(server: Server, visit: Visit):
    server.ask("/api/v1/auth/login/", {"email": "stranger@example.com", "password": "wrong"}, Authorization="")
    wait_until(lambda: lines_with(server, "stranger@"), "the failure was told")
    ada = visit(server, token=root_of(server))
    ada.open("/server")

    ada.click(ada.page.get_by_role("link", name="Sign-ins and changes"))
    ada.page.get_by_role("textbox", name="Search the audit log").fill("stranger@")
    expect(ada.page.get_by_text("1 line", exact=True)).to_be_visible()
    line = ada.page.get_by_role("main").get_by_role("listitem")
    expect(line).to_contain_text("Somebody as stranger@example.com failed to sign in with a password")
    ada.press("Export")
    with ada.page.expect_download() as download:
        ada.page.get_by_role("menuitem", name="JSON lines").click()
    assert len(download.value.path().read_text(encoding="utf-8").splitlines()) == 1
    for theme in ("light", "dark"):
        ada.choose_theme(theme)
        expect(line).to_be_visible()
        assert ada.serious_faults() == []


def lines_with(server: Server, text: str) -> int:
    told: Any = server.ask(f"/api/v1/installation/audit/?search={text}")[1]
    return int(told["count"])


@pytest.mark.parametrize("address", ["/server", "/server?tab=log"])
def test_the_policy_and_the_log_are_for_superusers(server: Server, visit: Visit, address: str):
    eve = visit(server, token=somebody(server, f"eve{len(address)}@example.com"))
    eve.open(address)
    eve.sees("Only superusers of this server see and change this")
