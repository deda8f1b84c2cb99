import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.people import asked, customers, segment_of, turn_on_for
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def flags_of(shop: Shop, identifier: str) -> dict[str, bool]:
    told = asked(shop, f"/api/v1/identities/?identifier={identifier}", **{"X-Environment-Key": shop.production})
    return {flag["feature"]["name"]: flag["enabled"] for flag in told["flags"]}


def test_an_identity_shows_its_traits_its_segments_and_why_it_gets_each_flag(shop: Shop, visit: Visit):
    customers(shop)
    turn_on_for(shop, segment_of(shop, "Payers", "pro"), "dark_mode")
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("identities"))

    traits = ada.page.get_by_role("combobox", name="Traits that they have")
    traits.fill("plan:pro")
    traits.press("Enter")
    expect(ada.page.get_by_role("link", name="chen")).to_have_count(0)
    ada.click(ada.page.get_by_role("link", name="lena"))
    expect(ada.page.get_by_role("row", name="dark_mode")).to_contain_text("by the segment Payers")
    expect(ada.page.get_by_label("Segments", exact=True)).to_contain_text("In it")

    ada.press("Edit plan")
    ada.fill(Value="free")
    ada.press("Save the trait")
    expect(ada.page.get_by_role("row", name="dark_mode")).to_contain_text("by the default of the environment")
    assert ada.clicks == 3
    assert flags_of(shop, "lena")["dark_mode"] is False


def test_one_customer_gets_a_flag_of_their_own_and_loses_it_again(shop: Shop, visit: Visit):
    customers(shop)
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("users?q=lena"))
    ada.page.get_by_role("link", name="lena").click()

    ada.press("dark_mode")
    ada.press("Add an override")
    ada.click(ada.page.get_by_role("dialog").locator("label", has_text="Off"))
    ada.press("Save in Production")
    ada.sees("lena gets its own dark_mode")
    assert ada.clicks == 4
    assert flags_of(shop, "lena")["dark_mode"] is True

    ada.press("Remove the override")
    ada.sees("lena follows the rules for dark_mode again")
    assert flags_of(shop, "lena")["dark_mode"] is False
