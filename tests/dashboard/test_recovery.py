"""Every page while the API does not answer, and when it answers again."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.dashboard.browser import Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.pages import PAGES, SIGNED_OUT, DashboardPage
from tests.dashboard.shop import Shop
from tests.serve.running import Start

pytestmark = pytest.mark.process

API = re.compile(r"/(api|_burgee|health|version)/")
AWAY = re.compile("cannot be reached")


def test_every_page_says_that_the_api_is_away_and_recovers_by_itself(start: Start, visit: Visit):
    shop = Shop(start())
    found = {}
    for token, pages in ((shop.token, PAGES), (None, SIGNED_OUT)):
        person = visit(shop.server, token=token)
        for name, page in pages.items():
            found[name] = what_happens(person, page, page.address(shop))
    assert {name: what for name, what in found.items() if what != "recovers"} == {}


def what_happens(person: Visitor, page: DashboardPage, address: str) -> str:
    """In words, so that one page that fails does not hide the others."""
    heading = person.page.get_by_role("heading", name=page.heading, level=1)
    person.page.route(API, unanswered)
    person.open(address)
    try:
        expect(person.page.get_by_text(AWAY).first).to_be_visible(timeout=5_000)
    except AssertionError:
        return "says nothing"
    finally:
        person.page.unroute(API, unanswered)
    try:
        expect(heading).to_be_visible()
        expect(person.page.get_by_text(AWAY)).to_have_count(0)
        expect(person.page.get_by_role("alert").filter(has_text="Could not load")).to_have_count(0)
    except AssertionError:
        return "does not come back"
    return "recovers"


def unanswered(route: Route) -> None:
    route.abort("connectionrefused")
