import pytest
from flagsmith import Flagsmith
from playwright.sync_api import expect

from tests.dashboard.conftest import Visit
from tests.dashboard.shop import PASSWORD, Shop
from tests.serve.running import Start

pytestmark = pytest.mark.process


def test_from_an_empty_server_to_a_flag_that_an_application_sees(start: Start, visit: Visit):
    server = start(empty=True)
    ada = visit(server)
    ada.open()

    ada.fill(First_name="Ada", Last_name="Lovelace")
    ada.fill(**{"E-mail": "ada@example.com", "Password": "correct horse battery"})
    ada.press("Create the administrator")
    ada.fill(Organisation="Acme", Project="Web shop")
    ada.press("Create the project")
    expect(ada.page.get_by_role("heading", name="Connect an app")).to_be_visible()
    key = ada.page.locator("code").first.inner_text()

    ada.click(ada.page.get_by_role("link", name="Features"))
    ada.press("Create the first feature")
    ada.page.get_by_role("textbox", name="Name").fill("dark_mode")
    ada.press("Create the feature")
    ada.flip("dark_mode in Development")
    ada.sees("dark_mode is on in Development")

    assert ada.clicks <= 6
    application = Flagsmith(environment_key=key, api_url=f"{server.url}/api/v1/")
    assert application.get_environment_flags().is_feature_enabled("dark_mode")
    cookies = {cookie["name"]: cookie for cookie in ada.page.context.cookies()}
    assert cookies["burgee_session"]["httpOnly"]


def test_who_signs_out_must_sign_in_again_and_comes_back(shop: Shop, visit: Visit):
    ada = visit(shop.server)
    ada.open("/create")

    ada.fill(**{"E-mail": shop.email, "Password": "wrong"})
    ada.press("Sign in")
    ada.sees("Unable to log in with provided credentials.")
    ada.fill(Password=PASSWORD)
    ada.press("Sign in")
    expect(ada.page.get_by_role("heading", name="New organisation")).to_be_visible()

    ada.click(ada.page.get_by_role("button", name="You and the theme"))
    ada.click(ada.page.get_by_role("menuitem", name="Sign out"))
    expect(ada.page.get_by_role("heading", name="Sign in")).to_be_visible()
    ada.open("/create")
    expect(ada.page.get_by_role("heading", name="Sign in")).to_be_visible()
