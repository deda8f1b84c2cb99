import pytest
from flagsmith import Flagsmith
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process


def test_the_page_turns_green_when_an_application_asks_for_the_first_time(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("sdk-keys"))
    expect(ada.page.get_by_text("Waiting for the first evaluation in Production")).to_be_visible()

    application = Flagsmith(environment_key=shop.production, api_url=f"{shop.server.url}/api/v1/")
    assert application.get_environment_flags().is_feature_enabled("apple_pay")
    expect(ada.page.get_by_text("Connected.")).to_be_visible(timeout=60_000)
