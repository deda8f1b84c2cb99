"""A tour of every page: what axe finds, and what the console hears."""

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import COLOURS, Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.pages import PAGES, SIGNED_OUT, DashboardPage
from tests.dashboard.shop import Shop
from tests.serve.running import Start

pytestmark = pytest.mark.process

NOBODY = re.compile("status of 401")
"""How the browser tells that nobody is signed in: only asking shows it, as scripts do not see the cookie."""
THEMES = ("light", "dark")


@pytest.mark.timeout(400)
def test_no_page_has_a_serious_fault_or_complains_in_either_theme(start: Start, visit: Visit):
    shop = Shop(start(), superuser=True)
    first, other = THEMES
    found: dict[tuple[str, str], list[str]] = {}
    heard: list[str] = []
    for token, pages in ((shop.token, PAGES), (None, SIGNED_OUT)):
        person = visit(shop.server, token=token)
        person.page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        person.open("/")
        person.choose_theme(first)
        for name, page in pages.items():
            heard.append(name)
            come_to(person, page, page.address(shop))
            found[name, first] = person.serious_faults()
            person.choose_theme(other)
            found[name, other] = person.serious_faults(COLOURS)
            first, other = other, first
    assert {page: faults for page, faults in found.items() if faults} == {}
    complaints = [line for line in heard if line.startswith(("error", "warning")) and not NOBODY.search(line)]
    assert complaints == [], heard


def come_to(person: Visitor, page: DashboardPage, address: str) -> None:
    """By a link, which is quicker than to load it anew, unless one could take the last page for this one."""
    heading = person.page.get_by_role("heading", name=page.heading, level=1)
    go = person.open if heading.is_visible() else person.follow
    go(address)
    expect(heading).to_be_visible()
    expect(person.page.get_by_label("Loading")).to_have_count(0)
