import json
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop

pytestmark = pytest.mark.process

USAGE = "/project/{}/usage?period=24h"


def test_what_is_asked_for_is_counted_within_seconds(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(USAGE.format(shop.project))
    expect(ada.page.get_by_text("No API calls in this period")).to_be_visible()

    for _ in range(3):
        shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": shop.production})
    row = ada.page.get_by_role("row", name="Production")
    expect(row).to_contain_text("3")
    expect(row).to_contain_text("100 %")


def test_evaluations_are_split_by_feature_and_told_as_numbers(shop: Shop, visit: Visit):
    counted = json.dumps({"dark_mode": 7, "banner": 2}).encode()
    headers = {"X-Environment-Key": shop.production, "Content-Type": "application/json"}
    urllib.request.urlopen(
        urllib.request.Request(shop.server.url + "/api/v1/analytics/flags/", counted, headers), timeout=30
    ).close()
    ada = visit(shop.server, token=shop.token)
    ada.open(USAGE.format(shop.project))

    ada.page.get_by_text("Evaluations", exact=True).click()
    expect(ada.page.get_by_role("row", name="dark_mode")).to_contain_text("78 %")
    ada.page.get_by_text("Table", exact=True).click()
    table = ada.page.get_by_role("table", name="evaluations over time")
    expect(table.get_by_role("row").nth(1)).to_contain_text("9")
