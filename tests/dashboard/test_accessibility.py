"""A tour of every page: what axe finds, and what the console hears."""

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.pages import PAGES, SIGNED_OUT
from tests.dashboard.shop import Shop
from tests.serve.running import Start

pytestmark = pytest.mark.process

NOBODY = re.compile("status of 401")
"""How the browser tells that nobody is signed in: only asking shows it, as scripts do not see the cookie."""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_fault_or_complains(start: Start, visit: Visit, theme: str):
    shop = Shop(start())
    found: dict[str, list[str]] = {}
    heard: list[str] = []
    for token, pages in ((shop.token, PAGES), (None, SIGNED_OUT)):
        person = visit(shop.server, token=token)
        person.page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        person.open("/")
        person.choose_theme(theme)
        for name, page in pages.items():
            heard.append(name)
            person.open(page.address(shop))
            expect(person.page.get_by_role("heading", name=page.heading, level=1)).to_be_visible()
            expect(person.page.get_by_label("Loading")).to_have_count(0)
            found[name] = person.serious_faults()
    assert {name: faults for name, faults in found.items() if faults} == {}
    complaints = [line for line in heard if line.startswith(("error", "warning")) and not NOBODY.search(line)]
    assert complaints == [], heard
