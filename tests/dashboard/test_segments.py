import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.people import asked, customers, segment_of, turn_on_for
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def test_a_segment_is_written_as_a_sentence_and_says_at_once_whom_it_fits(shop: Shop, visit: Visit):
    customers(shop)
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))
    expect(ada.switch("dark_mode in Production")).to_be_visible()

    ada.open(f"/project/{shop.project}/segments")
    ada.press("Create the first segment")
    ada.fill(Name="Payers")
    ada.page.get_by_role("combobox", name="Trait", exact=True).fill("plan")
    ada.page.get_by_role("textbox", name="Value", exact=True).fill("pro")
    expect(ada.page.get_by_label("In one sentence")).to_have_text("plan is pro")
    expect(ada.page.get_by_label("Who fits", exact=True)).to_contain_text("2 of 3 identities")
    expect(ada.page.get_by_role("link", name="lena")).to_be_visible()
    ada.press("Create the segment")

    expect(ada.page.get_by_role("heading", name="Payers", level=1)).to_be_visible()
    assert ada.clicks == 2
    [segment] = asked(shop, f"/api/v1/projects/{shop.project}/segments/")["results"]
    assert segment["rules"][0]["conditions"][0] | {"id": 1} == {
        "id": 1,
        "operator": "EQUAL",
        "property": "plan",
        "value": "pro",
        "description": None,
    }


def test_editing_a_segment_shows_who_comes_and_which_flag_they_get(shop: Shop, visit: Visit):
    customers(shop)
    segment = segment_of(shop, "Payers", "pro")
    turn_on_for(shop, segment, "dark_mode")
    ada = visit(shop.server, token=shop.token)
    ada.open(f"/project/{shop.project}/segments/{segment}?environment={shop.production}")

    expect(ada.page.get_by_label("Flags it decides")).to_contain_text("dark_mode")
    ada.page.get_by_role("textbox", name="Value", exact=True).fill("free")
    expect(ada.page.get_by_label("Who fits", exact=True)).to_contain_text("+1 comes in")
    expect(ada.page.get_by_label("Who fits", exact=True)).to_contain_text("2 drop out")
    ada.page.get_by_role("link", name="Compare", exact=True).click()
    ada.page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Stay").click()
    ada.press("Save the segment")
    ada.sees("Payers is saved")
    assert ada.clicks == 1
    ada.press("Undo")
    expect(ada.page.get_by_role("textbox", name="Value", exact=True)).to_have_value("pro")

    ada.press("More about Payers")
    ada.click(ada.page.get_by_role("menuitem", name="Delete"))
    expect(ada.page.get_by_role("dialog")).to_contain_text("dark_mode in Production")
    ada.page.get_by_role("textbox", name="to confirm").fill("Payers")
    ada.press("Delete the segment")
    ada.sees("Payers is gone")
    ada.sees("No segments yet")
