"""What people come to one flag for, in at most as many clicks as were promised, from the list of features."""

import re
from typing import Any

import pytest
from flagsmith import Flagsmith
from playwright.sync_api import Locator, expect

from tests.dashboard.browser import PHONE, Visitor
from tests.dashboard.conftest import Visit
from tests.dashboard.shop import Shop
from tests.serve.running import made

pytestmark = pytest.mark.process


def feature_of(shop: Shop, name: str) -> int:
    told: Any = shop.server.ask(f"/api/v1/projects/{shop.project}/features/?search={name}")[1]
    return next(int(feature["id"]) for feature in told["results"] if feature["name"] == name)


def with_identities(shop: Shop, *identifiers: str) -> None:
    for identifier in identifiers:
        made(shop.server, f"/api/v1/environments/{shop.production}/identities/", {"identifier": identifier})


def with_segment(shop: Shop, name: str, trait: str) -> None:
    condition = {"operator": "EQUAL", "property": trait, "value": "yes"}
    rules = [{"type": "ALL", "rules": [{"type": "ALL", "rules": [], "conditions": [condition]}], "conditions": []}]
    made(
        shop.server,
        f"/api/v1/projects/{shop.project}/segments/",
        {"name": name, "project": shop.project, "rules": rules},
    )


def turn_on(shop: Shop, feature: int) -> None:
    body = {"environments": {shop.production: {"environment_default": {"enabled": True}}}}
    status, _ = shop.server.ask(f"/api/v1/projects/{shop.project}/features/{feature}/save/", body)
    assert status == 200


def open_flag(person: Visitor, name: str) -> None:
    person.click(person.page.get_by_role("link", name=name, exact=True))
    expect(person.page.get_by_role("heading", name=name, level=1)).to_be_visible()


def unsaved(person: Visitor) -> Locator:
    return person.page.get_by_role("region", name="Unsaved changes")


def save(person: Visitor, where: str) -> None:
    person.click(unsaved(person).get_by_role("button", name=re.compile(f"^Save in {where}")))


def sdk(shop: Shop) -> Flagsmith:
    return Flagsmith(environment_key=shop.production, api_url=f"{shop.server.url}/api/v1/")


def test_ten_per_cent_get_it_after_three_clicks_and_an_undo_takes_it_back(shop: Shop, visit: Visit):
    with_identities(shop, *(f"customer-{number}" for number in range(60)))
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    open_flag(ada, "dark_mode")
    slider = ada.page.get_by_role("slider", name="Roll-out in Production")
    rail = slider.locator("xpath=ancestor::*[contains(@class, 'trackContainer')]")
    box = rail.bounding_box()
    assert box is not None
    ada.clicks += 1
    ada.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    share = ada.page.get_by_label("Share of the roll-out in Production")
    expect(share).to_have_value("50 %")
    expect(unsaved(ada).get_by_text(re.compile(r"of (the )?60 identities get something else"))).to_be_visible()
    save(ada, "Production")
    ada.sees("dark_mode is saved in Production")

    assert ada.clicks == 3
    reached = [
        number
        for number in range(60)
        if sdk(shop).get_identity_flags(f"customer-{number}").is_feature_enabled("dark_mode")
    ]
    assert 10 < len(reached) < 50
    ada.press("Undo")
    ada.sees("dark_mode is as it was in Production")
    expect(share).to_have_value("0 %")
    assert not sdk(shop).get_identity_flags(f"customer-{reached[0]}").is_feature_enabled("dark_mode")


def test_on_for_one_customer_takes_three_clicks_and_why_another_two(shop: Shop, visit: Visit):
    with_identities(shop, "lena", "mia")
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    open_flag(ada, "dark_mode")
    who = ada.page.get_by_role("combobox", name="Turn it on for somebody in Production")
    ada.click(who)
    who.press_sequentially("lena")
    expect(ada.page.get_by_role("option", name="lena")).to_be_visible()
    who.press("Enter")
    save(ada, "Production")
    ada.sees("dark_mode is saved in Production")
    assert ada.clicks == 3
    assert sdk(shop).get_identity_flags("lena").is_feature_enabled("dark_mode")
    assert not sdk(shop).get_identity_flags("mia").is_feature_enabled("dark_mode")

    ada.clicks = 0
    ada.press("Test as…")
    ada.page.keyboard.type("lena")
    panel = ada.page.get_by_role("dialog")
    expect(panel.get_by_role("status")).to_contain_text("On")
    assert ada.clicks <= 2


def test_three_values_are_one_draft_and_one_save(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path("features"))

    open_flag(ada, "recommendations")
    for name in ("Development", "Production"):
        field = ada.page.get_by_role("textbox", name=f"Value in {name}")
        ada.click(field)
        field.fill(f"hybrid-{name}")
    expect(unsaved(ada).get_by_text("2 unsaved changes")).to_be_visible()
    ada.page.get_by_label("Note for the history").fill("Spring sale")
    save(ada, "2 environments")
    ada.sees("recommendations is saved in Development, Production")
    assert ada.clicks == 4
    assert sdk(shop).get_environment_flags().get_feature_value("recommendations") == "hybrid-Production"
    expect(ada.page.get_by_text("Spring sale").first).to_be_visible()


def test_the_last_change_is_taken_back_in_the_history(shop: Shop, visit: Visit):
    turn_on(shop, feature_of(shop, "dark_mode"))
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features?feature={feature_of(shop, 'dark_mode')}&tab=history"))
    expect(ada.switch("dark_mode in Production")).to_be_checked()

    ada.click(ada.page.get_by_role("button", name=re.compile("^Revert")).first)
    expect(ada.switch("dark_mode in Production")).not_to_be_checked()
    assert ada.clicks == 1


def test_what_somebody_else_saved_is_shown_before_mine_goes_on_top(shop: Shop, visit: Visit):
    feature = feature_of(shop, "recommendations")
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{feature}"))
    ada.is_live()
    ada.page.get_by_role("textbox", name="Value in Production").fill("mine")

    turn_on(shop, feature)
    conflict = unsaved(ada).get_by_role("alert")
    expect(conflict).to_contain_text("Changed by somebody else meanwhile")
    expect(conflict).to_contain_text("Ada")
    expect(unsaved(ada).get_by_role("button", name=re.compile("^Save in"))).to_be_disabled()
    ada.press("Keep my changes on top")
    save(ada, "Production")
    ada.sees("recommendations is saved in Production")
    flags = sdk(shop).get_environment_flags()
    assert flags.is_feature_enabled("recommendations")
    assert flags.get_feature_value("recommendations") == "mine"


def test_rules_are_added_and_put_in_order_by_keyboard(shop: Shop, visit: Visit):
    with_segment(shop, "Staff", "staff")
    with_segment(shop, "Beta", "beta")
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{feature_of(shop, 'dark_mode')}"))

    for name in ("Staff", "Beta"):
        box = ada.page.get_by_role("combobox", name="Add a rule for a segment")
        box.focus()
        box.fill(name)
        ada.page.keyboard.press("ArrowDown")
        ada.page.keyboard.press("Enter")
        expect(ada.page.get_by_role("switch", name=f"On for {name} in Production")).to_be_checked()
    grip = ada.page.get_by_role("button", name=re.compile("^Beta: place 2 of 2"))
    grip.focus()
    grip.press("ArrowUp")
    expect(ada.page.get_by_role("button", name=re.compile("^Beta: place 1 of 2"))).to_be_focused()
    ada.page.keyboard.press("Control+s")
    ada.sees("dark_mode is saved in Production")

    rules = ada.page.get_by_role("list", name="Rules, the strongest first").get_by_role("listitem")
    expect(rules.first).to_contain_text("Beta")
    expect(rules.first).to_contain_text("beta is yes")
    path = f"/api/__future__/environments/{shop.production}/features/{feature_of(shop, 'dark_mode')}/"
    told: Any = shop.server.ask(path)[1]
    assert [override["enabled"] for override in told["segment_overrides"]] == [True, True]


def test_a_draft_survives_another_environment_and_is_not_lost_unasked(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{feature_of(shop, 'dark_mode')}"))

    ada.flip("dark_mode in Production")
    ada.click(ada.page.get_by_role("main").get_by_role("link", name="Development"))
    expect(ada.page.get_by_role("heading", name="Who gets what in Development")).to_be_visible()
    expect(ada.switch("dark_mode in Production")).to_be_checked()
    ada.click(ada.page.get_by_role("link", name="Features"))
    expect(ada.page.get_by_role("dialog", name="Leave without saving?")).to_be_visible()
    ada.press("Stay")
    expect(unsaved(ada)).to_be_visible()


def test_links_lead_to_what_the_flag_belongs_to(shop: Shop, visit: Visit):
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{feature_of(shop, 'dark_mode')}"))
    links = ada.page.get_by_role("region", name="Links")
    url = links.get_by_label("URL")

    expect(links.get_by_text("No ticket, pull request or document.")).to_be_visible()
    ada.press("Add a link")
    url.fill("javascript:alert(1)")
    url.press("Enter")
    expect(url).to_have_accessible_description(re.compile("http"))
    url.fill("github.com/acme/shop/pull/12")
    url.press("Enter")
    link = links.get_by_role("link")
    expect(link).to_have_text("acme/shop#12")
    expect(link).to_have_attribute("href", "https://github.com/acme/shop/pull/12")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(links.get_by_role("img", name="Pull request")).to_be_visible()

    ada.press("Edit the title of acme/shop#12")
    title = links.get_by_label("Title of acme/shop#12")
    title.fill("Night theme")
    title.press("Enter")
    expect(link).to_have_text("Night theme")
    ada.press("Remove the link to Night theme")
    expect(link).to_have_count(0)
    ada.press("Undo")
    expect(link).to_have_text("Night theme")


def test_individuals_beyond_the_first_page_are_found_and_turned_to(shop: Shop, visit: Visit):
    feature = feature_of(shop, "dark_mode")
    names = [f"customer-{number:02}" for number in range(30)]
    with_identities(shop, *names)
    path = f"/api/v1/environments/{shop.production}/identities/?page_size=100"
    told: Any = shop.server.ask(path)[1]
    overrides = [{"identity": {"id": person["id"]}, "enabled": True} for person in told["results"]]
    shop.save("dark_mode", shop.production, {"identity_overrides": overrides})
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{feature}"))

    expect(ada.page.get_by_text(re.compile("^1.25 of 30$"))).to_be_visible()
    ada.press("Next individuals")
    expect(ada.page.get_by_text(re.compile("^26.30 of 30$"))).to_be_visible()
    expect(ada.page.get_by_role("button", name=re.compile("^Take away what customer"))).to_have_count(5)
    ada.page.get_by_label("Search those with a value of their own in Production").fill("customer-03")
    expect(ada.page.get_by_text(re.compile("^1.1 of 1$"))).to_be_visible()
    ada.press("Take away what customer-03 gets")
    save(ada, "Production")
    ada.sees("dark_mode is saved in Production")
    assert not sdk(shop).get_identity_flags("customer-03").is_feature_enabled("dark_mode")
    assert sdk(shop).get_identity_flags("customer-04").is_feature_enabled("dark_mode")


def test_what_came_of_evaluations_is_told_by_state(shop: Shop, visit: Visit):
    turn_on(shop, feature_of(shop, "dark_mode"))
    context = {"context": {"targetingKey": "lena"}}
    status, _ = shop.server.ask("/ofrep/v1/evaluate/flags/dark_mode", context, **{"X-Environment-Key": shop.production})
    assert status == 200
    ada = visit(shop.server, token=shop.token)
    ada.open(shop.path(f"features/{feature_of(shop, 'dark_mode')}?tab=usage"))

    ada.click(ada.page.get_by_text("On or off", exact=True))
    expect(ada.page).to_have_url(re.compile("by=state"))
    expect(ada.page.get_by_role("row", name=re.compile("^On 1"))).to_be_visible()
    ada.click(ada.page.get_by_text("Outcome", exact=True))
    expect(ada.page.get_by_role("row", name=re.compile("^On · no value 1"))).to_be_visible()


def test_a_flag_is_changed_on_a_phone(shop: Shop, visit: Visit):
    options = f"/api/v1/projects/{shop.project}/features/{feature_of(shop, 'recommendations')}/mv-options/"
    words = "the-others-bought-these-too-" * 6
    option = {
        "feature": feature_of(shop, "recommendations"),
        "type": "unicode",
        "string_value": words,
        "default_percentage_allocation": 20,
    }
    made(shop.server, options, option)
    made(shop.server, options, option | {"key": "words", "string_value": words + "again"})
    ada = visit(shop.server, token=shop.token, viewport=PHONE)
    ada.open(shop.path(f"features/{feature_of(shop, 'recommendations')}"))

    expect(ada.page.get_by_label(re.compile("^Share of words"))).to_be_visible()
    assert ada.too_wide() == 0
    ada.flip("recommendations in Production")
    save(ada, "Production")
    ada.sees("recommendations is saved in Production")
    assert ada.too_wide() == 0
