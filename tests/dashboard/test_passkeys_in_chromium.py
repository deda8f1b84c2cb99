"""Passkeys with a real browser against a real server: Chromium makes and shows them, its authenticator is virtual."""

import pytest
from playwright.sync_api import Browser, Page

from tests.serve.running import Server, signed_up

pytestmark = pytest.mark.process

OWN = "/api/v1/auth/passkeys/"

MAKE = """async ([token, name]) => {
    const ask = (path, body) => fetch(path, {method: "POST", body: JSON.stringify(body),
        headers: {"Content-Type": "application/json", Authorization: `Token ${token}`}});
    const options = await (await ask("/api/v1/auth/passkeys/registration/options/", {})).json();
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
    const made = await navigator.credentials.create({publicKey});
    const answer = await ask("/api/v1/auth/passkeys/", {name, credential: made.toJSON()});
    return answer.status;
}"""

SHOW = """async (before) => {
    const ask = (path, body) => fetch(path, {method: "POST", body: JSON.stringify({...body, ...before}),
        headers: {"Content-Type": "application/json"}});
    const options = await (await ask("/api/v1/auth/passkeys/sign-in/options/", {})).json();
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
    const signed = await navigator.credentials.get({publicKey});
    const answer = await ask("/api/v1/auth/passkeys/sign-in/", {credential: signed.toJSON()});
    return [answer.status, await answer.json()];
}"""


@pytest.fixture
def server(start) -> Server:
    return signed_up(start("up"))


@pytest.fixture
def page(browser: Browser, server: Server) -> Page:
    """A page of the server, in a browser that has an authenticator which knows its owner."""
    page = browser.new_context().new_page()
    page.goto(f"{server.url.replace('127.0.0.1', 'localhost')}/health/liveness/")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    facts = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": facts | {"isUserVerified": True}})
    return page


def test_chromium_makes_a_passkey_signs_in_with_it_alone_and_after_the_password(page, server):
    token = server.headers["Authorization"].removeprefix("Token ")
    assert page.evaluate(MAKE, [token, "This laptop"]) == 201

    status, entered = page.evaluate(SHOW, {})
    assert status == 200
    assert (
        server.ask("/api/v1/auth/users/me/", Authorization=f"Token {entered['key']}")[1]["email"] == "ada@example.com"
    )

    person = {"email": "ada@example.com", "password": "correct-horse-battery"}
    _, asked = server.ask("/api/v1/auth/login/", person)
    assert asked["method"] == "passkey"
    status, entered = page.evaluate(SHOW, {"ephemeral_token": asked["ephemeral_token"]})
    assert (status, list(entered)) == (200, ["key"])
    listed = server.ask(OWN)[1]
    assert [(row["name"], row["transports"]) for row in listed] == [("This laptop", ["internal"])]
