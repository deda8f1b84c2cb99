"""Many tabs of one browser, and tabs that were open before the server had another build."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.dashboard.browser import Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process

TABS = 8
"""More than the six connections that a browser has to a server."""
COMPARE = re.compile(r"/assets/(route-)?(\w|[.$-])*compare(\w|[.$-])*\.js$")
PALETTE = re.compile(r"/assets/palette-(\w|-)*\.js$")
GONE = "A part of this page could not be loaded."


def test_eight_tabs_work_and_hear_of_changes_by_one_stream(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    tabs = [ada, *(ada.another_tab() for _ in range(TABS - 1))]
    for tab in tabs:
        tab.page.goto(shop.server.url + shop.path("features"), wait_until="commit")
    for tab in tabs:
        tab.is_live()
        expect(tab.switch("dark_mode in Production")).not_to_be_checked()

    shop.save("dark_mode", shop.production, {"environment_default": {"enabled": True}})
    for tab in tabs:
        expect(tab.switch("dark_mode in Production")).to_be_checked()

    for tab in tabs[:-1]:
        tab.page.close()
    tabs[-1].page.reload()
    tabs[-1].is_live()
    shop.save("dark_mode", shop.production, {"environment_default": {"enabled": False}})
    expect(tabs[-1].switch("dark_mode in Production")).not_to_be_checked()


def test_without_shared_workers_each_tab_has_a_stream(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.page.add_init_script("delete window.SharedWorker")
    ada.open(shop.path("features"))
    ada.is_live()
    shop.save("dark_mode", shop.production, {"environment_default": {"enabled": True}})
    expect(ada.switch("dark_mode in Production")).to_be_checked()


def test_what_changed_before_the_stream_began_is_seen_too(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    # What a worker asks for cannot be held back.
    ada.page.add_init_script("delete window.SharedWorker")
    held: list[Route] = []
    ada.page.route("**/_burgee/live*", lambda route: held.append(route))
    with ada.page.expect_request("**/_burgee/live*"):
        ada.open(shop.path("features"))
    expect(ada.switch("dark_mode in Production")).not_to_be_checked()

    shop.save("dark_mode", shop.production, {"environment_default": {"enabled": True}})
    for route in held:
        route.continue_()
    ada.is_live()
    expect(ada.switch("dark_mode in Production")).to_be_checked()


def another_build(person: Visitor) -> None:
    """From now on the server has one without the parts of this tab's."""

    def page(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("./assets/index-", "./assets/another-"))

    person.page.route(COMPARE, lambda route: route.fulfill(status=404, body=""))
    person.page.route(person.url + "/", page)


def test_a_tab_of_an_earlier_build_is_loaded_anew_and_says_so(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))
    expect(ada.switch("dark_mode in Production")).to_be_visible()

    another_build(ada)
    compare = ada.page.get_by_role("link", name="Compare", exact=True)
    with ada.page.expect_event("load"):
        compare.hover()
    ada.sees("Burgee was updated")
    # Still the same build, so that loading it once more would not help.
    compare.click()
    expect(ada.page.get_by_role("button", name="Load anew")).to_be_visible()
    ada.page.unroute_all()
    ada.press("Load anew")
    expect(ada.page.get_by_role("heading", name="Compare", level=1)).to_be_visible()


def test_a_tab_of_an_earlier_build_with_a_draft_waits_for_its_person(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))
    ada.click(ada.page.get_by_role("button", name="Value of free_shipping_from in Production"))
    ada.page.get_by_role("textbox", name="free_shipping_from in Production").fill("70")
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("region", name="Unsaved changes")).to_be_visible()

    another_build(ada)
    ada.page.get_by_role("link", name="Compare", exact=True).hover()
    expect(ada.page.get_by_role("button", name="Load anew")).to_be_visible()
    expect(ada.page.get_by_role("region", name="Unsaved changes")).to_be_visible()


def test_a_part_that_does_not_come_is_told_and_comes_later(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))
    expect(ada.switch("dark_mode in Production")).to_be_visible()
    ada.page.route(COMPARE, lambda route: route.fulfill(status=404, body=""))

    ada.page.get_by_role("link", name="Compare", exact=True).click()
    ada.sees(GONE)
    ada.page.unroute(COMPARE)
    ada.press("Try again")
    expect(ada.page.get_by_role("heading", name="Compare", level=1)).to_be_visible()


def test_a_part_that_is_drawn_later_is_asked_for_until_it_comes(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.page.route(PALETTE, lambda route: route.abort())
    ada.open(shop.path("features"))
    ada.page.get_by_role("button", name="Search or jump to").click()
    expect(ada.page.get_by_role("alert").filter(has_text=GONE[:-1])).to_be_visible()

    ada.page.unroute(PALETTE)
    expect(ada.page.get_by_role("dialog", name="Search and commands")).to_be_visible()
