"""A protected environment asks with what changes and for whom; where approvals are needed, nothing is changed."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.dashboard.browser import Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.people import customers
from tests.dashboard.shop import Shop
from tests.serve.running import made

pytestmark = pytest.mark.process


def protected(shop: Shop) -> str:
    """A third environment, called Live, with three stored identities."""
    key = shop.environment("Live", is_protected=True)
    for identifier in ("lena", "bruno", "chen"):
        made(shop.server, f"/api/v1/environments/{key}/identities/", {"identifier": identifier})
    return key


def state(shop: Shop, feature: str, key: str) -> Any:
    flags: Any = shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": key})[1]
    return next(flag for flag in flags if flag["feature"]["name"] == feature)


def question(person: Visitor, title: str) -> Locator:
    return person.page.get_by_role("dialog", name=title)


def test_an_environment_is_protected_in_its_settings_and_asks_from_then_on(shop: Shop, visit: Visit):
    customers(shop)
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("settings"))
    ada.flip("Ask before a flag changes here")
    ada.press("Save the settings")
    ada.sees("The settings were saved")

    ada.open(shop.path("features"))
    ada.clicks = 0
    ada.flip("dark_mode in Production")
    asked = question(ada, "Turn dark_mode on in Production?")
    expect(asked.get_by_text("It goes on for everybody.")).to_be_visible()
    expect(asked.get_by_text(re.compile("3 of 3 identities get something else"))).to_be_visible()
    assert state(shop, "dark_mode", shop.production)["enabled"] is False
    ada.press("Turn on in Production")
    ada.sees("dark_mode is on in Production")
    assert ada.clicks == 2
    assert state(shop, "dark_mode", shop.production)["enabled"] is True
    ada.press("Undo")
    ada.sees("Taken back")


def test_the_page_of_a_flag_asks_with_the_difference_and_cancelling_changes_nothing(shop: Shop, visit: Visit):
    live = protected(shop)
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{shop.feature('recommendations')}", live))
    ada.page.get_by_role("textbox", name="Value in Live").fill("hybrid")
    unsaved = ada.page.get_by_role("region", name="Unsaved changes")
    save = unsaved.get_by_role("button", name=re.compile("^Save in Live"))
    save.click()
    asked = question(ada, "Change recommendations in Live?")
    expect(asked.get_by_text("hybrid").first).to_be_visible()
    expect(asked.get_by_text(re.compile("of 3 identities"))).to_be_visible()

    ada.press("Cancel")
    assert state(shop, "recommendations", live)["feature_state_value"] == "collaborative"
    save.click()
    asked.get_by_role("button", name="Save in Live").click()
    ada.sees("recommendations is saved in Live")
    assert state(shop, "recommendations", live)["feature_state_value"] == "hybrid"


def test_other_environments_are_changed_at_once(shop: Shop, visit: Visit):
    protected(shop)
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features", shop.development))

    ada.flip("dark_mode in Development")
    ada.sees("dark_mode is on in Development")
    assert ada.clicks == 1


def test_several_flags_at_once_ask_too(shop: Shop, visit: Visit):
    live = protected(shop)
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features", live))
    for name in ("dark_mode", "legacy_search"):
        ada.page.get_by_role("checkbox", name=f"Select {name}").check()

    ada.press("Enable")
    asked = question(ada, "Turn 2 features on in Live?")
    expect(asked.get_by_text("dark_mode")).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    assert state(shop, "dark_mode", live)["enabled"] is False
