import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.people import asked, segment_of, turn_on_for
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def test_anybody_can_be_tested_and_the_trace_names_the_rule(shop: Shop, visit: Visit):
    turn_on_for(shop, segment_of(shop, "Payers", "pro"), "dark_mode")
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("playground"))

    ada.page.get_by_role("combobox", name="Test as").fill("somebody")
    ada.sees("Not stored yet: what it would get when it comes.")
    ada.press("Add a trait")
    ada.page.get_by_role("combobox", name="Trait", exact=True).fill("plan")
    ada.fill(Value_of_plan="pro")
    expect(ada.page.get_by_role("row", name="dark_mode")).to_contain_text("by the segment Payers")
    ada.press("dark_mode")
    expect(ada.page.get_by_role("list", name="How it was decided")).to_contain_text("Segment Payers")
    expect(ada.page.get_by_role("dialog")).to_contain_text("plan is pro")
    assert ada.clicks == 2

    ada.page.reload()
    expect(ada.page.get_by_role("dialog")).to_contain_text("by the segment Payers")
    assert asked(shop, f"/api/v1/environments/{shop.production}/identities/")["count"] == 0
