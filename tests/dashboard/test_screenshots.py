"""Not a test of its own: `make screenshots` takes the pictures that people look at."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import DESK, PHONE
from tests.dashboard.conftest import Visit
from tests.dashboard.pages import PAGES, SIGNED_OUT
from tests.dashboard.shop import Shop
from tests.serve.running import Start

FOLDER = os.environ.get("BURGEE_SCREENSHOTS", "")
pytestmark = [pytest.mark.process, pytest.mark.skipif(not FOLDER, reason="pictures are taken by make screenshots")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1440", "390"])
def test_every_page_is_photographed(start: Start, visit: Visit, theme: str, viewport: dict[str, int]):
    shop = Shop(start(), superuser=True)
    for token, pages in ((shop.token, PAGES), (None, SIGNED_OUT)):
        person = visit(shop.server, token=token, viewport=viewport)
        person.open("/")
        person.choose_theme(theme)
        for name, page in pages.items():
            person.open(page.address(shop))
            expect(person.page.get_by_role("heading", name=page.heading, level=1)).to_be_visible()
            person.page.wait_for_load_state("networkidle") if token is None else person.page.wait_for_timeout(500)
            person.page.screenshot(path=Path(FOLDER) / f"{name}-{viewport['width']}-{theme}.png")
