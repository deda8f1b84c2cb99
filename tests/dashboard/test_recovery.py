"""Every page while the API does not answer, and when it answers again."""

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.pages import PAGES, SIGNED_OUT, DashboardPage
from tests.dashboard.shop import Shop
from tests.serve.running import Start

pytestmark = pytest.mark.process

API = ["*/api/*", "*/_burgee/*", "*/health/*", "*/version/*"]
AWAY = re.compile("cannot be reached")
TABS = 12
"""So many wait side by side until they look again."""


class Tab:
    """One that may be kept from the API."""

    def __init__(self, person: Visitor) -> None:
        self.person = person
        self.wire = person.page.context.new_cdp_session(person.page)
        self.wire.send("Network.enable")

    def keep_from(self, addresses: list[str]) -> None:
        self.wire.send("Network.setBlockedURLs", {"urls": addresses})

    def begins(self, address: str) -> None:
        self.keep_from(API)
        self.person.page.goto(self.person.url + address, wait_until="commit")

    def says_that_it_is_away(self) -> bool:
        try:
            expect(self.person.page.get_by_text(AWAY).first).to_be_visible()
        except AssertionError:
            return False
        return True

    def recovers(self, page: DashboardPage) -> bool:
        shown = self.person.page
        try:
            expect(shown.get_by_role("heading", name=page.heading, level=1)).to_be_visible()
            expect(shown.get_by_text(AWAY)).to_have_count(0)
            expect(shown.get_by_role("alert").filter(has_text="Could not load")).to_have_count(0)
        except AssertionError:
            return False
        return True


def test_every_page_says_that_the_api_is_away_and_recovers_by_itself(start: Start, visit: Visit):
    shop = Shop(start(), superuser=True)
    silent, lost = [], []
    for token, pages in ((shop.token, PAGES), (None, SIGNED_OUT)):
        person = visit(shop.server, token=token)
        tabs = [Tab(person), *(Tab(person.another_tab()) for _ in range(TABS - 1))]
        names = list(pages)
        for batch in (names[at : at + TABS] for at in range(0, len(names), TABS)):
            at_work = dict(zip(batch, tabs, strict=False))
            addresses = {name: pages[name].address(shop) for name in batch}
            for name, tab in at_work.items():
                tab.begins(addresses[name])
            silent += [name for name, tab in at_work.items() if not tab.says_that_it_is_away()]
            for tab in at_work.values():
                tab.keep_from([])
            lost += [name for name, tab in at_work.items() if not tab.recovers(pages[name])]
    assert (silent, lost) == ([], [])
