import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.pages import PAGES, SIGNED_OUT
from tests.dashboard.shop import Shop
from tests.serve.running import Start

pytestmark = pytest.mark.process


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(start: Start, visit: Visit, theme: str):
    shop = Shop(start())
    found = {}
    for token, pages in ((shop.token, PAGES), (None, SIGNED_OUT)):
        person = visit(shop.server, token=token)
        person.open("/")
        person.choose_theme(theme)
        for name, page in pages.items():
            person.open(page.address(shop))
            expect(person.page.get_by_role("heading", name=page.heading, level=1)).to_be_visible()
            found[name] = person.serious_faults()
    assert {name: faults for name, faults in found.items() if faults} == {}
