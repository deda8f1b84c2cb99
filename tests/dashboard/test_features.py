import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import PHONE
from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop
from tests.serve.running import Start

pytestmark = pytest.mark.process


def test_a_flag_is_turned_on_with_one_click_and_taken_back_with_another(start: Start, visit: Visit):
    shop = Shop(start())
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    ada.flip("dark_mode in Production")
    ada.sees("dark_mode is on in Production")
    assert ada.clicks == 1
    ada.press("Undo")
    ada.sees("dark_mode is off in Production")
    assert ada.clicks == 2
    _, told = shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": shop.production})
    assert {flag["feature"]["name"]: flag["enabled"] for flag in told}["dark_mode"] is False


def test_what_somebody_else_changes_appears_by_itself(start: Start, visit: Visit):
    shop = Shop(start())
    ada = visit(shop.server, token=shop.token)
    ben = visit(shop.server, token=shop.token)
    for person in (ada, ben):
        person.open(shop.path("features"))
        expect(person.page.get_by_role("status", name="Live")).to_be_visible()

    ben.flip("dark_mode in Production")
    expect(ada.switch("dark_mode in Production")).to_be_checked()


def test_the_keyboard_alone_reaches_everything_on_the_list(start: Start, visit: Visit):
    shop = Shop(start())
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


def test_the_list_works_on_a_phone(start: Start, visit: Visit):
    shop = Shop(start())
    ada = visit(shop.server, token=shop.token, viewport=PHONE)
    ada.open(shop.path("features"))

    ada.flip("dark_mode in Production")
    ada.sees("dark_mode is on in Production")
    ada.press("Open the menu")
    ada.click(ada.page.get_by_role("link", name="Development"))
    expect(ada.switch("dark_mode in Development")).to_be_visible()
    assert ada.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_page_says_that_the_server_is_away_and_recovers_by_itself(start: Start, visit: Visit):
    shop = Shop(start())
    port = shop.server.url.rsplit(":", 1)[1]
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))
    expect(ada.switch("dark_mode in Production")).to_be_visible()

    shop.server.stop()
    ada.click(ada.page.get_by_role("link", name="Development"))
    expect(ada.page.get_by_text("cannot be reached").first).to_be_visible()
    start(PORT=port)
    expect(ada.switch("dark_mode in Development")).to_be_visible()
    expect(ada.page.get_by_text("cannot be reached")).to_have_count(0)
