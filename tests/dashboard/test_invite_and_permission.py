import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def test_somebody_is_invited_by_link_and_may_then_do_what_they_are_granted(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.settings("members"))
    ada.press("New link")
    ada.press("Make the link")
    expect(ada.page.get_by_role("button", name="Copy the link")).to_be_visible()
    assert ada.clicks == 2
    _, links = shop.server.ask(f"/api/v1/organisations/{shop.organisation}/invite-links/", **shop.server.headers)

    ben = visit(shop.server)
    ben.open(f"/invite-link/{links[0]['hash']}")
    ben.fill(First_name="Ben", Last_name="Ng", Password="correct horse battery", **{"E-mail": "ben@example.com"})
    ben.page.get_by_role("button", name="Create").or_(ben.page.get_by_role("button", name="Sign up")).click()
    ben.press("Accept the invitation")
    expect(ben.page.get_by_role("heading", name="No projects yet")).to_be_visible()

    _grant_reading_and_changing(ada, shop)

    ben.open(shop.path("features"))
    ben.flip("dark_mode in Production")
    ben.sees("dark_mode is on in Production")

    ada.open(shop.settings("members"))
    ada.click(ada.page.get_by_role("button", name="What Ben Ng may do"))
    place = ada.page.get_by_role("region", name="In Production")
    changing = place.get_by_role("listitem").filter(has_text="Change features: yes")
    expect(changing.get_by_text("in person")).to_be_visible()
    expect(place.get_by_role("listitem").filter(has_text="Propose changes: no")).to_be_visible()


def _grant_reading_and_changing(ada, shop: Shop) -> None:
    """To Ben, who is the only other one."""
    for address in (f"/project/{shop.project}/settings?tab=permissions", shop.path("settings?tab=permissions")):
        ada.open(address)
        ada.clicks = 0
        ada.click(ada.page.get_by_role("combobox", name="Grant something to"))
        ada.click(ada.page.get_by_role("option", name="Ben Ng"))
        ada.press("Editor")
        ada.press("Save the permissions")
        ada.sees("The permissions of Ben Ng were saved")
        assert ada.clicks == 4
