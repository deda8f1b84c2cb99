"""With a real provider, npm's oidc-provider, and with a browser between it and us."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from burgee.control.accounts.models import User
from burgee.control.federation.issuers import ISSUERS
from burgee.control.kit.actor import SYSTEM
from burgee.control.oidc.services import add_provider
from burgee.control.organisations.groups import create_group
from burgee.control.organisations.models import GroupMembership
from tests.control.oauth.elsewhere import HOST, URL
from tests.dashboard.browser import find_binary
from tests.factories.accounts import a_user
from tests.factories.organisations import an_organisation

PEER = Path(__file__).parent / "peer"
SECRET = "s:cret/+ %"


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Path:
    npm = find_binary("npm")
    folder = tmp_path_factory.mktemp("peer") / "oidc"
    shutil.copytree(PEER, folder, ignore=shutil.ignore_patterns("node_modules"))
    subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def peer_port(installed, certificate, live_server, settings) -> Iterator[int]:
    """Where the provider listens; to us and to the browser it is at the address that policy admits."""
    settings.PUBLIC_URL = live_server.url
    callback = f"{live_server.url}/api/v1/auth/oidc/acme/callback/"
    command = [find_binary("node"), "server.mjs", URL, str(certificate), callback]
    with subprocess.Popen(
        command, cwd=installed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        settings.OUTBOUND_CONNECT = lambda _: ("127.0.0.1", port)
        settings.OUTBOUND_TRUST = ssl.create_default_context(cafile=str(certificate))
        ISSUERS.forget()
        yield port
        process.terminate()


@pytest.mark.process
def test_a_browser_goes_there_and_comes_back_signed_in(peer_port, live_server, transactional_db) -> None:
    organisation = an_organisation(name="Acme")
    a_user()
    create_group(organisation, "Makers", actor=SYSTEM, external_id="makers")
    facts = {"name": "Acme ID", "slug": "acme", "issuer": URL, "client_id": "burgee", "client_secret": SECRET}
    add_provider(organisation, actor=SYSTEM, groups_claim="groups", **facts)

    with sync_playwright() as playwright:
        rules = f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{peer_port}"
        browser = playwright.chromium.launch(
            executable_path=find_binary("chromium"), args=["--no-sandbox", rules, "--allow-insecure-localhost"]
        )
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(f"{live_server.url}/api/v1/auth/oidc/acme/start/")
        page.get_by_placeholder("Enter any login").fill("grace")
        page.get_by_placeholder("and password").fill("any")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"{live_server.url}/login/oidc**")
        exchange = """async () => {
            const code = new URLSearchParams(location.hash.slice(1)).get('code');
            const headers = {'Content-Type': 'application/json', 'Burgee-Session': 'cookie'};
            const body = JSON.stringify({code});
            const told = await fetch('/api/v1/auth/oidc/login/', {method: 'POST', headers, body});
            const me = await fetch('/api/v1/auth/users/me/');
            return [told.status, (await me.json()).email];
        }"""
        assert page.evaluate(exchange) == [200, "grace@acme.example"]
        assert page.evaluate(exchange)[0] == 401
        browser.close()

    grace = User.objects.get(email="grace@acme.example")
    assert (grace.first_name, grace.last_name) == ("Grace", "Hopper")
    assert GroupMembership.objects.get(user=grace).group.name == "Makers"
