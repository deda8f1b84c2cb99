import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def served(shop: Shop, environment: str) -> dict[str, bool]:
    _, told = shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": environment})
    assert isinstance(told, list)
    return {flag["feature"]["name"]: flag["enabled"] for flag in told}


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Its development is ahead."""
    shop.save("dark_mode", shop.development, {"environment_default": {"enabled": True}})
    value = {"type": "string", "value": "neural"}
    shop.save("recommendations", shop.development, {"environment_default": {"enabled": True, "value": value}})
    return shop


def test_a_flag_is_promoted_with_three_clicks_and_taken_back_with_another(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    ada.click(ada.page.get_by_role("link", name="Compare", exact=True))
    expect(ada.page.get_by_text("2 of 7 features differ")).to_be_visible()
    ada.press("Promote dark_mode to Production")
    expect(ada.page.get_by_role("list", name="What changes in Production")).to_contain_text("dark_mode")
    ada.press("Change 1 feature in Production")
    ada.sees("1 feature promoted to Production")
    assert ada.clicks == 3
    assert served(shop, shop.production)["dark_mode"] is True
    assert served(shop, shop.production)["recommendations"] is False

    ada.press("Undo")
    ada.sees("Production is as it was before")
    assert served(shop, shop.production)["dark_mode"] is False
    expect(ada.page.get_by_text("2 of 7 features differ")).to_be_visible()


def test_several_flags_are_promoted_together_with_a_note(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(f"/project/{shop.project}/compare")

    ada.page.get_by_role("checkbox", name="Select all").check()
    ada.press("Promote 2 features to Production")
    ada.fill(Note="Release 12")
    ada.press("Change 2 features in Production")
    expect(ada.page.get_by_text("Development and Production are equal")).to_be_visible()
    assert served(shop, shop.production)["recommendations"] is True
    ada.open(f"/project/{shop.project}/audit-log")
    expect(ada.page.get_by_text("Release 12")).to_have_count(2)


def test_one_flag_is_compared_over_all_environments(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(f"/project/{shop.project}/compare?feature={shop.feature('recommendations')}")

    production = ada.page.get_by_role("row", name="Production")
    expect(production).to_contain_text("collaborative")
    expect(production).to_contain_text("neural")
    ada.press("Promote to Production")
    ada.press("Change 1 feature in Production")
    expect(production).to_contain_text("Equal")
