import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import PHONE
from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop
from tests.serve.running import Start, made

pytestmark = pytest.mark.process


def test_a_flag_is_turned_on_with_one_click_and_taken_back_with_another(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    ada.flip("dark_mode in Production")
    ada.sees("dark_mode is on in Production")
    assert ada.clicks == 1
    ada.press("Undo")
    ada.sees("Taken back")
    assert ada.clicks == 2
    assert served(shop, shop.production)["dark_mode"]["enabled"] is False


def test_a_value_is_changed_in_three_environments_and_saved_once(shop: Shop, visit: Visit):
    staging = shop.environment("Staging")
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features?view=all"))

    for value, environment in (("20", "Development"), ("30", "Production"), ("40", "Staging")):
        ada.click(ada.page.get_by_role("button", name=f"Value of free_shipping_from in {environment}"))
        ada.page.get_by_role("textbox", name=f"free_shipping_from in {environment}").fill(value)
    ada.press("Save")
    ada.sees("3 values saved")

    assert ada.clicks == 4
    keys = (shop.development, shop.production, staging)
    assert [served(shop, key)["free_shipping_from"]["feature_state_value"] for key in keys] == [20, 30, 40]
    ada.press("Undo")
    ada.sees("Taken back")
    assert served(shop, staging)["free_shipping_from"]["feature_state_value"] == 50


def test_flags_that_nobody_asks_for_are_found_with_one_click(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    ada.press("Not evaluated for 30 days")
    expect(ada.page).to_have_url(re.compile("unused=30"))
    assert ada.clicks == 1
    ada.page.reload()
    expect(ada.page.get_by_role("button", name="Not evaluated for 30 days")).to_have_attribute("aria-pressed", "true")


def test_several_flags_are_turned_on_tagged_copied_and_archived_together(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features", shop.development))
    for name in ("dark_mode", "legacy_search"):
        ada.page.get_by_role("checkbox", name=f"Select {name}").check()

    ada.press("Enable")
    ada.sees("2 features turned on in Development")
    ada.press("Copy to…")
    ada.click(ada.page.get_by_role("menuitem", name="Production"))
    ada.press("Copy to Production")
    ada.sees("2 features copied to Production")
    assert served(shop, shop.production)["dark_mode"]["enabled"] is True
    ada.press("Tag")
    ada.click(ada.page.get_by_role("menuitemcheckbox", name="payments"))
    ada.sees("Put payments on 2 features")
    ada.page.keyboard.press("Escape")
    ada.press("Archive")
    ada.sees("2 features moved to the archive")
    expect(ada.switch("dark_mode in Development")).to_have_count(0)


def served(shop: Shop, key: str) -> dict[str, Any]:
    _, told = shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": key})
    flags: list[dict[str, Any]] = json.loads(json.dumps(told))
    return {flag["feature"]["name"]: flag for flag in flags}


def test_what_somebody_else_changes_appears_by_itself(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ben = visit(shop.server, token=shop.token)
    # The end of the log, from which on it is told.
    with ada.page.expect_response("**/audit/?*"):
        ada.open(shop.path("features"))
    ben.open(shop.path("features"))
    for person in (ada, ben):
        person.is_live()

    ben.flip("dark_mode in Production")
    expect(ada.switch("dark_mode in Production")).to_be_checked()

    key = made(shop.server, f"/api/v1/organisations/{shop.organisation}/master-api-keys/", {"name": "Deploys"})
    shop.server.headers["Authorization"] = f"Api-Key {key['key']}"
    shop.save("apple_pay", shop.production, {"environment_default": {"enabled": False}})
    news = ada.page.get_by_role("alert").filter(has_text="Deploys in Production")
    expect(news).to_contain_text("feature: apple_pay")
    expect(news).to_contain_text("State on → off")


def test_a_search_is_kept_under_a_name_and_opened_again(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features?search=pay&sort=changed"))
    ada.press("Saved views")
    ada.page.get_by_label("Name for this view").fill("Payments")
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("button", name="Payments", exact=True)).to_be_visible()

    ada.open(shop.path("features?state=off"))
    ada.press("Saved views")
    ada.press("Payments")
    expect(ada.page).to_have_url(re.compile(r"\?search=pay&sort=changed$"))
    expect(ada.switch("apple_pay in Production")).to_be_visible()
    ada.press("Saved views")
    ada.press("Forget the view Payments")
    ada.page.reload()
    ada.press("Saved views")
    expect(ada.page.get_by_text("keep it here under a name")).to_be_visible()


def test_the_keyboard_alone_reaches_everything_on_the_list(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))
    expect(ada.switch("dark_mode in Production")).to_be_visible()
    keyboard = ada.page.keyboard

    keyboard.press("Control+k")
    expect(ada.page.get_by_role("searchbox").or_(ada.page.get_by_placeholder("Search or jump to…"))).to_be_focused()
    keyboard.type("development")
    keyboard.press("Enter")
    expect(ada.switch("dark_mode in Development")).to_be_visible()
    keyboard.press("/")
    keyboard.type("dark")
    expect(ada.page.get_by_role("switch")).to_have_count(1)
    keyboard.press("Escape")
    ada.switch("dark_mode in Development").focus()
    keyboard.press("Space")
    ada.sees("dark_mode is on in Development")


def test_the_list_works_on_a_phone(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token, viewport=PHONE)
    ada.open(shop.path("features"))

    ada.flip("dark_mode in Production")
    ada.sees("dark_mode is on in Production")
    ada.press("Open the menu")
    ada.click(ada.page.get_by_role("link", name="Development"))
    expect(ada.switch("dark_mode in Development")).to_be_visible()
    assert ada.too_wide() == 0


def test_a_page_says_that_the_server_is_away_and_recovers_by_itself(start: Start, visit: Visit):
    shop = Shop(start())
    port = shop.server.url.rsplit(":", 1)[1]
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))
    expect(ada.switch("dark_mode in Production")).to_be_visible()

    shop.server.stop()
    ada.click(ada.page.get_by_role("link", name="Development"))
    expect(ada.page.get_by_text("cannot be reached").first).to_be_visible()
    start(PORT=port, ready="")
    expect(ada.switch("dark_mode in Development")).to_be_visible()
    expect(ada.page.get_by_text("cannot be reached")).to_have_count(0)
