import msgspec
import pytest
from django.test import Client
from rest_framework.test import APIClient

from burgee.control.accounts.models import Token

pytestmark = pytest.mark.django_db

PERSON = {"email": "ada@example.com", "password": "correct-horse-battery", "first_name": "Ada", "last_name": "L"}
HERE = {"origin": "http://testserver"}
ME = "/api/v1/auth/users/me/"


@pytest.fixture
def browser() -> Client:
    client = Client()
    answer = client.post("/api/v1/auth/users/", PERSON, "application/json", headers={"burgee-session": "cookie"})
    assert answer.status_code == 201
    assert "key" not in answer.json()
    return client


def test_the_cookie_is_out_of_reach_of_scripts_and_signs_in(browser: Client):
    cookie = browser.cookies["burgee_session"]
    assert (bool(cookie["httponly"]), cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", False)
    assert browser.get(ME).json()["email"] == "ada@example.com"


def test_over_https_the_cookie_never_travels_in_clear(browser: Client):
    sent = {"burgee-session": "cookie", "x-forwarded-proto": "https"}
    facts = {name: PERSON[name] for name in ("email", "password")}
    answer = browser.post("/api/v1/auth/login/", facts, "application/json", headers=sent)
    assert answer.status_code == 204
    assert answer.cookies["burgee_session"]["secure"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_write_from_elsewhere_is_refused(browser: Client, origin: str | None):
    headers = {} if origin is None else {"origin": origin}
    answer = browser.post("/api/v1/organisations/", {"name": "X"}, "application/json", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [HERE, {"sec-fetch-site": "same-origin"}])
def test_a_write_from_our_own_page_is_taken(browser: Client, headers: dict[str, str]):
    answer = browser.post("/api/v1/organisations/", {"name": "X"}, "application/json", headers=headers)
    assert answer.status_code == 201


def test_signing_out_ends_the_token_and_the_cookie(browser: Client):
    answer = browser.post("/api/v1/auth/logout/", headers=HERE)
    assert answer.cookies["burgee_session"].value == ""
    assert Token.objects.count() == 0
    assert browser.get(ME).status_code == 401


@pytest.mark.parametrize(
    ("origin", "is_given"), [("https://evil.example", False), ("null", False), ("http://testserver", True)]
)
def test_where_cookies_are_the_rule_another_site_signs_nobody_in(settings, origin: str, is_given: bool):
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, cookie_auth_enabled=True)
    APIClient().post("/api/v1/auth/users/", PERSON, format="json")
    facts = {name: PERSON[name] for name in ("email", "password")}
    answer = Client().post("/api/v1/auth/login/", facts, headers={"origin": origin})
    assert answer.status_code in {200, 204}
    assert ("burgee_session" in answer.cookies) is is_given


def test_without_the_header_the_token_is_in_the_body_as_ever():
    answer = APIClient().post("/api/v1/auth/users/", PERSON, format="json")
    assert len(answer.json()["key"]) == 40
    assert "burgee_session" not in answer.cookies
