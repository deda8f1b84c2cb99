"""Changes that wait for their time: where environments keep versions, and only there."""

import re
import urllib.request
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser import Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


@pytest.fixture
def shop(shop: Shop) -> Shop:
    path = f"{shop.server.url}/api/v1/environments/{shop.production}/enable-v2-versioning/"
    urllib.request.urlopen(urllib.request.Request(path, b"", shop.server.headers), timeout=30).close()
    return shop


def draft(person: Visitor, shop: Shop, value: str) -> None:
    person.open(shop.path(f"features/{shop.feature('recommendations')}"))
    person.page.get_by_role("textbox", name="Value in Production").fill(value)


def choose_tomorrow(person: Visitor) -> None:
    person.press("Later…")
    person.click(person.page.get_by_role("button", name="Save later"))
    tomorrow = datetime.now() + timedelta(days=1)  # noqa: DTZ005 - the clock of the browser
    if tomorrow.day == 1:
        person.click(person.page.locator("[data-direction=next]"))
    day = person.page.get_by_role("button", name=re.compile(rf"^{tomorrow.day} {tomorrow:%B} {tomorrow.year}"))
    person.click(day)
    person.press("Choose this moment")


def value_of(shop: Shop) -> Any:
    flags: Any = shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": shop.production})[1]
    return next(flag for flag in flags if flag["feature"]["name"] == "recommendations")["feature_state_value"]


def waiting(shop: Shop) -> list[Any]:
    _, environment = shop.server.ask(f"/api/v1/environments/{shop.production}/")
    told: Any = environment
    path = f"/api/v1/environments/{told['id']}/features/{shop.feature('recommendations')}/versions/?is_live=false"
    _, versions = shop.server.ask(path)
    found: Any = versions
    return list(found["results"])


def test_a_change_is_scheduled_listed_and_cancelled(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    draft(ada, shop, "hybrid")
    ada.page.get_by_label("Note for the history").fill("Spring sale")
    choose_tomorrow(ada)
    ada.press("Schedule in Production")

    listed = ada.page.get_by_role("region", name="Scheduled")
    expect(listed).to_contain_text("hybrid")
    expect(listed).to_contain_text("Spring sale")
    expect(ada.page.get_by_role("region", name="Unsaved changes")).to_have_count(0)
    assert value_of(shop) == "collaborative"
    assert [version["published"] for version in waiting(shop)] == [True]

    ada.click(listed.get_by_role("button", name=re.compile("^Cancel what is scheduled in Production")))
    ada.press("Cancel the change")
    ada.sees("It is no longer scheduled")
    expect(listed).to_have_count(0)
    assert waiting(shop) == []


def test_a_schedule_is_undone_at_once(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    draft(ada, shop, "hybrid")
    choose_tomorrow(ada)
    ada.press("Schedule in Production")
    ada.press("Undo")

    ada.sees("It is no longer scheduled")
    assert waiting(shop) == []


def test_what_cannot_wait_says_why(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    draft(ada, shop, "hybrid")
    ada.page.get_by_role("textbox", name="Share of the roll-out in Production").fill("10")
    ada.page.keyboard.press("Tab")
    ada.press("Later…")

    expect(ada.page.get_by_text("Rules beside a roll-out change at once and cannot wait.")).to_be_visible()


def test_without_versions_nothing_is_offered_for_later(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{shop.feature('recommendations')}", shop.development))
    ada.page.get_by_role("textbox", name="Value in Development").fill("hybrid")

    expect(ada.page.get_by_role("button", name=re.compile("^Save in Development"))).to_be_visible()
    expect(ada.page.get_by_role("button", name="Later…")).to_have_count(0)
