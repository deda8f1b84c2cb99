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


def test_what_opens_on_a_page_and_a_conflict_have_no_serious_fault_either(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    found: dict[str, list[str]] = {}

    def look(at: str) -> None:
        for theme, rules in zip(THEMES, ((), COLOURS), strict=True):
            ada.choose_theme(theme)
            found[f"{at}, {theme}"] = ada.serious_faults(rules)
        ada.page.keyboard.press("Escape")

    ada.open(shop.path(f"features/{shop.feature('dark_mode')}"))
    ada.page.get_by_role("button", name="Search or jump to").click()
    ada.page.get_by_role("textbox", name="Search and commands").fill("dark")
    expect(ada.page.get_by_role("dialog").get_by_text("Night theme for all pages")).to_be_visible()
    look("the palette")
    ada.press("More about dark_mode")
    expect(ada.page.get_by_role("menuitem", name="Delete")).to_be_visible()
    look("a menu")
    ada.is_live()
    ada.page.get_by_role("textbox", name="Value in Production").fill("mine")
    shop.save("dark_mode", shop.production, {"environment_default": {"enabled": True}})
    expect(ada.page.get_by_text("Changed by somebody else meanwhile")).to_be_visible()
    look("a conflict")
    assert {place: faults for place, faults in found.items() if faults} == {}


def come_to(person: Visitor, page: DashboardPage, address: str) -> None:
    """By a link, which is quicker than to load it anew, unless one could take the last page for this one."""
    heading = person.page.get_by_role("heading", name=page.heading, level=1)
    go = person.open if heading.is_visible() else person.follow
    go(address)
    expect(heading).to_be_visible()
    expect(person.page.get_by_label("Loading")).to_have_count(0)
