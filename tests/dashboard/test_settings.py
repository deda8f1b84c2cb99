import hashlib
import hmac
import struct
import time
from base64 import b32decode

import pytest
from flagsmith import Flagsmith
from playwright.sync_api import expect

from tests.dashboard.browser import Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def test_an_api_key_and_a_token_for_the_directory_are_told_once_and_work(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.settings("api-keys"))
    ada.press("New API key")
    ada.fill(Name="Terraform")
    ada.page.get_by_label("May do everything in the organisation").check()
    ada.press("Create the key")

    key = ada.page.get_by_role("dialog").locator("pre").inner_text()
    _, projects = shop.server.ask("/api/v1/projects/", Authorization=f"Api-Key {key}")
    assert [project["name"] for project in projects] == ["Web shop"]
    ada.press("I have copied it")
    expect(ada.page.get_by_role("row").filter(has_text="Terraform")).to_be_visible()
    expect(ada.page.get_by_text(key)).to_have_count(0)
    _provision(shop, ada)


def _provision(shop: Shop, ada: Visitor) -> None:
    """The directory gets a token, adds somebody, gets another token, and none."""

    def directory(token: str, user_name: str) -> int:
        sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        return shop.server.ask("/api/v1/scim/v2/Users", {"userName": user_name}, **sent)[0]

    ada.open(shop.settings("provisioning"))
    ada.press("Switch SCIM on")
    first = ada.page.get_by_role("dialog").locator("pre").inner_text()
    ada.press("I have copied it")
    assert directory(first, "grace@example.com") == 201
    ada.open(shop.settings("provisioning"))
    expect(ada.page.get_by_role("group", name="To copy")).to_contain_text("/api/v1/scim/v2")
    ada.page.get_by_label("Search provisioned people").fill("GRACE")
    expect(ada.page.get_by_role("table", name="provisioned people").get_by_role("row")).to_have_count(2)
    ada.sees("active")
    assert ada.serious_faults() == []
    ada.page.get_by_label("Search provisioned people").fill("nobody")
    ada.sees("Nobody fits “nobody”.")

    ada.press("New token…")
    ada.press("Make a new token")
    expect(ada.page.get_by_role("dialog").locator("pre")).not_to_have_text(first)
    second = ada.page.get_by_role("dialog").locator("pre").inner_text()
    ada.press("I have copied it")
    assert (directory(first, "bob@example.com"), directory(second, "bob@example.com")) == (401, 201)
    ada.press("Switch off…")
    ada.press("Switch it off")
    expect(ada.page.get_by_role("heading", name="SCIM is off")).to_be_visible()
    assert directory(second, "cyd@example.com") == 401


def test_a_server_reads_the_environment_with_a_key_until_it_is_turned_off(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("settings?tab=keys"))
    ada.press("New server-side key")
    ada.fill(Name="Backend")
    ada.press("Create the key")
    expect(ada.page.get_by_role("switch", name="Backend is active")).to_be_checked()
    snippet = ada.page.locator("pre").inner_text()
    key = snippet.split('environment_key="')[1].split('"')[0]

    assert key.startswith("ser.")
    application = Flagsmith(environment_key=key, api_url=f"{shop.server.url}/api/v1/")
    assert application.get_environment_flags().is_feature_enabled("apple_pay")
    ada.flip("Backend is active")
    expect(ada.page.get_by_role("switch", name="Backend is active")).not_to_be_checked()


def test_a_second_factor_is_set_up_with_the_picture_and_a_code(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open("/account?tab=security")
    ada.press("Set up two-factor sign-in")
    expect(ada.page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    seed = ada.page.locator("form code").inner_text()

    ada.page.get_by_label("2. The code that it shows").fill(_code(seed))
    ada.press("Turn it on")
    expect(ada.page.get_by_text("each lets you in once")).to_be_visible()
    ada.press("Turn two-factor sign-in off…")
    ada.press("Turn it off")
    expect(ada.page.get_by_role("button", name="Set up two-factor sign-in")).to_be_visible()


def test_features_leave_as_a_file_that_can_be_loaded_into_another_environment(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(f"/project/{shop.project}/settings?tab=import-export")
    ada.press("Make the file")
    with ada.page.expect_download() as begun:
        ada.press("Download")
    file = begun.value.path()

    ada.click(ada.page.get_by_role("combobox", name="Into"))
    ada.click(ada.page.get_by_role("option", name="Production"))
    ada.page.locator("input[type=file]").set_input_files(
        {
            "name": "features.json",
            "mimeType": "application/json",
            "buffer": file.read_bytes(),
        }
    )
    ada.press("Import the file")
    expect(ada.page.get_by_role("table", name="imports").get_by_text("done", exact=True)).to_be_visible()
    expect(ada.page.get_by_role("table", name="imports").get_by_text("7 skipped")).to_be_visible()


def test_a_project_goes_only_after_its_name_was_typed(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(f"/project/{shop.project}/settings")
    ada.press("Delete the project…")
    dialog = ada.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Delete the project")).to_be_disabled()
    dialog.get_by_role("textbox").fill("Web shop")
    ada.click(dialog.get_by_role("button", name="Delete the project"))
    expect(ada.page.get_by_role("heading", name="No projects yet")).to_be_visible()


def _code(seed: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.new(b32decode(seed), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
