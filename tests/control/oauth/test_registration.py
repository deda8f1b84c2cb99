"""Applications register themselves; where they may be sent back to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burgee.control.api.base.throttling import rate
from burgee.control.oauth.models import Application
from burgee.control.oauth.redirects import is_same, refusal

REGISTER = "/o/register/"


def registered(client, **facts):
    return client.post(REGISTER, {"redirect_uris": ["https://app.example/cb"]} | facts, format="json")


def test_an_application_without_a_word_about_itself_is_an_mcp_client_without_a_secret(anybody):
    answer = registered(anybody)

    told = answer.json()
    assert answer.status_code == 201
    assert set(told) == {
        "client_id",
        "client_name",
        "redirect_uris",
        "grant_types",
        "response_types",
        "token_endpoint_auth_method",
        "client_id_issued_at",
    }
    assert (told["client_name"], told["token_endpoint_auth_method"]) == ("MCP client", "none")
    assert told["grant_types"] == ["authorization_code", "refresh_token"]


def test_an_application_that_wants_a_secret_gets_one_that_does_not_expire(anybody):
    told = registered(anybody, token_endpoint_auth_method="client_secret_post").json()

    assert told["client_secret"]
    assert told["client_secret_expires_at"] == 0


@pytest.mark.parametrize("name", [None, "", "   ", "\u202e", "\u0007"])
def test_a_name_that_shows_nothing_is_none(anybody, name):
    assert registered(anybody, client_name=name).json()["client_name"] == "MCP client"


def test_nothing_of_a_name_is_invisible(anybody):
    assert registered(anybody, client_name="Good\u202e App\u200b").json()["client_name"] == "Good App"


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": None}, "invalid_redirect_uri"),
        ({"redirect_uris": "https://app.example/cb"}, "invalid_redirect_uri"),
        ({"redirect_uris": [1]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://app.example/cb"] * 6}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://app.example/cb"]}, "invalid_redirect_uri"),
        ({"client_name": "x" * 256}, "invalid_client_metadata"),
        ({"client_name": 1}, "invalid_client_metadata"),
        ({"grant_types": ["client_credentials"]}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
    ],
)
def test_what_cannot_be_registered_is_400(anybody, facts, error):
    answer = registered(anybody, **facts)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"]
    assert not Application.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b"{", b"\xff"])
def test_a_body_that_is_no_object_is_400(anybody, body):
    assert anybody.generic("POST", REGISTER, body, content_type="application/json").status_code == 400


def test_registrations_of_one_client_are_limited(anybody, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"dcr": "2/month"}
    }

    answers = [registered(anybody) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[2].headers["Retry-After"]) > 86_400


@pytest.mark.parametrize(
    ("text", "seconds"), [("500/month", 30 * 86_400), ("20/min", 60), ("1/m", 60), ("9/day", 86_400)]
)
def test_a_month_is_no_minute(text, seconds):
    assert rate(text)[1] == seconds


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/cb?x=1",
        "http://127.0.0.1:8912/callback",
        "http://[::1]/callback",
        "http://localhost:3000/",
        "com.example.app:/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback",
    ],
)
def test_places_that_may_be_registered(uri):
    assert refusal(uri) is None


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/callback",
        "app.example/cb",
        "https://",
        "https:///cb",
        "https://app.example/cb#part",
        "https://app.example/cb#",
        "https://user@app.example/cb",
        "https://127.0.0.1\\@app.example/",
        "https://app.example:port/",
        "https://app.example/ x",
        "https://äpp.example/",
        "https://app.example/" + "x" * 2000,
        "http://app.example/cb",
        "http://127.0.0.1.app.example/",
        "http://localhost.app.example/",
        "http://10.0.0.1/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "myapp://cb",
        "java\nscript:x",
    ],
)
def test_places_that_may_not_be_registered(uri):
    assert refusal(uri) is not None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/cb", "https://a.example/cb", True),
        ("https://a.example/cb", "https://a.example:444/cb", False),
        ("https://a.example/cb", "https://a.example/cb/", False),
        ("https://a.example/cb", "https://A.example/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", True),
        ("http://127.0.0.1:1/cb", "http://127.0.0.1:5000/cb?x=1", False),
        ("http://127.0.0.1/cb", "http://localhost/cb", False),
        ("http://127.0.0.1/cb", "http://evil@127.0.0.1/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1/cb#x", False),
        ("http://127.0.0.1/cb", "https://127.0.0.1:5000/cb", False),
    ],
)
def test_a_place_is_compared_to_the_letter_but_for_the_port_of_a_loopback(one, other, same):
    assert is_same(one, other) is same


@given(st.text(max_size=60), st.sampled_from(["", "https://", "http://127.0.0.1", "http://[", "com.app:"]))
def test_any_text_is_accepted_or_refused(text, start):
    refusal(start + text)
    is_same("http://127.0.0.1/cb", start + text)
