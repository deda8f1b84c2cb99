"""Signing in with the password of a directory, which is OpenLDAP, and with GitHub, Google and an OpenID issuer.

A local server stands in for the last three: neither tests nor their browser can reach the real ones.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.control.ldap.conftest import person, tls
from tests.control.oauth.elsewhere import ISSUER, URL, Elsewhere, an_elsewhere, make_certificate, rsa_key
from tests.control.oauth.known import Account
from tests.control.oidc.issuer import Issuer
from tests.dashboard.browser import Visitor
from tests.dashboard.conftest import Visit
from tests.serve.running import Server, a_starter, made, signed_up
from tests.services.binaries import free_port
from tests.services.slapd import PEOPLE, Slapd, running_slapd

__all__ = ["tls"]

pytestmark = pytest.mark.process

LED_ELSEWHERE = str(Path(__file__).with_name("led_elsewhere.py"))


@pytest.fixture(scope="module")
def directory_port() -> int:
    """Where the server looks for the directory, whether it is there or not."""
    return free_port()


@pytest.fixture
def directory(tls: Path, directory_port: int) -> Iterator[Slapd]:
    """It knows Grace."""
    with running_slapd(tls, directory_port) as running:
        person(running, "grace", "correct horse")
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="module")
def elsewhere(certificate: Path) -> Iterator[Elsewhere]:
    with an_elsewhere(certificate) as running:
        yield running


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, directory_port: int, elsewhere: Elsewhere, certificate: Path
) -> Iterator[Server]:
    """The people of the directory join Acme."""
    directory = {
        "LDAP_AUTH_URL": f"ldap://localhost:{directory_port}",
        "LDAP_AUTH_SEARCH_BASE": PEOPLE,
        "LDAP_DEFAULT_FLAGSMITH_ORGANISATION_ID": "1",
    }
    port = free_port()
    others = {
        "PORT": str(port),
        "BURGEE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "GITHUB_CLIENT_ID": "github-client",
        "GITHUB_CLIENT_SECRET": "github-secret",
        "BURGEE_GITHUB_URL": URL,
        "BURGEE_GOOGLE_CLIENT_ID": "google-client",
        "BURGEE_OIDC_ISSUER": ISSUER,
        "BURGEE_OIDC_CLIENT_ID": "burgee",
        "BURGEE_OIDC_CLIENT_SECRET": "secret",
        "TEST_ELSEWHERE": str(elsewhere.port),
        "TEST_ELSEWHERE_URL": URL,
        "TEST_ELSEWHERE_CERTIFICATE": str(certificate),
    }
    with a_starter(tmp_path_factory.mktemp("burgee")) as start:
        server = start(program=[LED_ELSEWHERE], ready="", **directory, **others)
        server.url = others["BURGEE_PUBLIC_URL"]
        server.wait_until_it_answers()
        signed_up(server)
        made(server, "/api/v1/organisations/", {"name": "Acme"})
        yield server


def tried(visitor: Visitor, name: str, password: str) -> None:
    visitor.fill(**{"E-mail or user name": name, "Password": password})
    visitor.press("Sign in")


def refusal(visitor: Visitor, name: str, password: str) -> str:
    visitor.open("/login")
    tried(visitor, name, password)
    alert = visitor.page.get_by_role("alert")
    expect(alert).to_be_visible()
    return alert.inner_text()


def test_the_directorys_password_opens_the_organisation(server: Server, visit: Visit, directory: Slapd):
    grace = visit(server)
    grace.open("/login")
    tried(grace, "grace", "correct horse")

    expect(grace.page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    expect(grace.page.get_by_text("Acme", exact=True).first).to_be_visible()
    grace.open("/account")
    expect(grace.page.get_by_role("textbox", name="First name")).to_have_value("Grace")


def test_a_refused_password_does_not_tell_whom_the_directory_knows(server: Server, visit: Visit, directory: Slapd):
    mallory = visit(server)

    known = refusal(mallory, "grace", "wrong")

    assert known == "Unable to log in with provided credentials."
    assert refusal(mallory, "nobody", "wrong") == known
    assert mallory.serious_faults() == []


def test_a_directory_that_is_away_is_said_to_be_and_passwords_of_ours_still_work(server: Server, visit: Visit):
    visitor = visit(server)

    assert "directory that knows your password cannot be reached" in refusal(visitor, "grace", "correct horse")

    tried(visitor, "ada@example.com", "correct-horse-battery")
    expect(visitor.page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()


GRANTS = {
    "GitHub": (f"{URL}/login/oauth/authorize?*", "?", "code", "github-client"),
    "Google": ("https://accounts.google.com/o/oauth2/v2/auth?*", "#", "access_token", "google-client"),
}
"""Where the button leads, what comes back behind which sign, and as which application we ask."""


@pytest.mark.parametrize("provider", GRANTS)
def test_whom_github_or_google_knows_is_let_in_by_the_button(
    server: Server, visit: Visit, elsewhere: Elsewhere, provider: str
):
    Account(elsewhere).email = f"linus@{provider}.example"
    page, sign, name, client_id = GRANTS[provider]

    def ask_for_leave(route: Route) -> None:
        asked = asked_in(route.request.url)
        assert asked["client_id"] == client_id
        answers = {"Authorize": "right", "Wait too long": "old"}
        backs = {word: {name: shown, "state": asked["state"]} for word, shown in answers.items()}
        shown_page(route, {word: f"{asked['redirect_uri']}{sign}{urlencode(back)}" for word, back in backs.items()})

    linus = visit(server)
    linus.page.context.route(page, ask_for_leave)
    linus.open("/login?redirect=%2Faccount")
    linus.press(f"Continue with {provider}")
    linus.click(linus.page.get_by_role("link", name="Wait too long"))
    expect(linus.page.get_by_role("alert").filter(has_text=f"{provider} ")).to_be_visible()
    linus.press("Back to sign-in")
    linus.press(f"Continue with {provider}")
    linus.click(linus.page.get_by_role("link", name="Authorize"))

    expect(linus.page.get_by_role("textbox", name="First name")).to_have_value("Grace")
    assert "right" not in linus.page.url


def test_whom_the_openid_issuer_knows_is_let_in_by_the_button(server: Server, visit: Visit, elsewhere: Elsewhere):
    elsewhere.keys["one"] = rsa_key()
    issuer = Issuer(elsewhere)
    issuer.secret = "secret"
    issuer.claims["email"] = "margaret@example.com"

    def ask_for_leave(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        back = issuer.authorise(answer.headers["location"])
        shown_page(route, {"Authorize": f"{issuer.asked['redirect_uri']}?{urlencode(back)}"}, answer.headers)

    margaret = visit(server)
    margaret.page.context.route("**/api/v1/auth/oidc/*/start/**", ask_for_leave)
    margaret.open("/login?redirect=%2Faccount")
    margaret.press("Continue with Company account")
    margaret.click(margaret.page.get_by_role("link", name="Authorize"))

    expect(margaret.page.get_by_role("textbox", name="First name")).to_have_value("Grace")
    assert "code=" not in margaret.page.url


def asked_in(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def shown_page(route: Route, links: dict[str, str], headers: dict[str, str] | None = None) -> None:
    """A page of somebody else's with `links`, and the cookies of `headers`."""
    kept = {name: text for name, text in (headers or {}).items() if name == "set-cookie"}
    shown = " ".join(f"<a href='{escape(url)}'>{word}</a>" for word, url in links.items())
    page = f"<!doctype html><html lang=en><title>Elsewhere</title>{shown}"
    route.fulfill(headers=kept | {"content-type": "text/html"}, body=page)
