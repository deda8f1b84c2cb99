import json

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def test_a_change_is_found_with_old_and_new_and_reverted_with_two_clicks(shop: Shop, visit: Visit):
    shop.save("dark_mode", shop.production, {"environment_default": {"enabled": True}})
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    ada.click(ada.page.get_by_role("link", name="Audit log", exact=True))
    line = ada.page.get_by_role("listitem").filter(has_text="Flag state updated for feature: dark_mode").first
    expect(line).to_contain_text("Off")
    expect(line).to_contain_text("On")
    ada.click(line.get_by_role("button", name="Revert"))
    expect(ada.page.get_by_text("Taken back: Flag state updated for feature: dark_mode")).to_be_visible()
    assert ada.clicks == 2
    _, told = shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": shop.production})
    assert {flag["feature"]["name"]: flag["enabled"] for flag in told}["dark_mode"] is False


def test_a_revert_over_a_later_change_shows_it_first(shop: Shop, visit: Visit):
    for value in ("60", "70"):
        state = {"environment_default": {"value": {"type": "integer", "value": value}}}
        shop.save("free_shipping_from", shop.production, state)
    ada = visit(shop.server, token=shop.token)
    ada.open(f"/project/{shop.project}/audit-log")

    first = ada.page.get_by_role("listitem").filter(has_text="free_shipping_from").filter(has_text="60").last
    first.get_by_role("button", name="Revert").click()
    dialog = ada.page.get_by_role("dialog", name="Changed again since")
    expect(dialog).to_contain_text(shop.email)
    dialog.get_by_role("button", name="Revert anyway").click()
    expect(ada.page.get_by_text("Taken back: Flag state updated for feature: free_shipping_from")).to_be_visible()
    _, told = shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": shop.production})
    assert {flag["feature"]["name"]: flag["feature_state_value"] for flag in told}["free_shipping_from"] == 50


def test_the_log_is_narrowed_in_its_address_linked_to_and_exported(shop: Shop, visit: Visit):
    shop.save("banner", shop.production, {"environment_default": {"enabled": True}})
    shop.save("banner", shop.development, {"environment_default": {"enabled": True}})
    ada = visit(shop.server, token=shop.token)
    ada.open(f"/project/{shop.project}/audit-log?search=banner&type=FEATURE_STATE")
    expect(ada.page.get_by_text("2 changes")).to_be_visible()

    ada.page.get_by_role("combobox", name="Environment").click()
    ada.page.get_by_role("option", name="Production").click()
    expect(ada.page.get_by_text("1 change", exact=True)).to_be_visible()
    ada.press("Export")
    with ada.page.expect_download() as download:
        ada.page.get_by_role("menuitem", name="JSON lines").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["environment_name"] for line in lines] == ["Production"]
    ada.page.get_by_role("link", name="Flag state updated for feature: banner").click()
    expect(ada.page.get_by_role("heading", name="Change", level=1)).to_be_visible()
    expect(ada.page.get_by_role("definition").filter(has_text=shop.email)).to_be_visible()
    ada.page.reload()
    expect(ada.page.get_by_role("heading", name="Flag state updated for feature: banner")).to_be_visible()
