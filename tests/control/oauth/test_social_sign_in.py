"""Signing in with GitHub and Google. A local server stands in for them: the real ones cannot be reached from tests."""

import msgspec
import pytest

from burgee.control.accounts.models import SecondFactor, User
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.secrets import encrypt
from burgee.control.organisations.invites import create_link, secret_of
from burgee.control.sso.models import Link
from tests.control.oauth.conftest import with_header
from tests.control.oauth.elsewhere import URL
from tests.control.oauth.known import Account
from tests.factories.accounts import a_token, a_user

GITHUB = "/api/v1/auth/oauth/github/"
GOOGLE = "/api/v1/auth/oauth/google/"
BOTH = pytest.mark.parametrize("path", [GITHUB, GOOGLE])


@pytest.fixture
def account(elsewhere, settings) -> Account:
    settings.FEDERATION = msgspec.structs.replace(
        settings.FEDERATION,
        github_client_id="github-client",
        github_client_secret="github-secret",
        github_url=URL,
        google_client_id="google-client",
    )
    settings.GOOGLE_TOKEN_INFO = f"{URL}/tokeninfo"
    settings.GOOGLE_USER_INFO = f"{URL}/userinfo"
    return Account(elsewhere)


@pytest.fixture
def somebody(admin):
    """There are people already, so the rules of signing up apply."""
    return admin


def signed_in(client, path, token="right", **facts):
    return client.post(path, {"access_token": token} | facts, format="json")


@BOTH
def test_a_new_person_gets_an_account_and_is_signed_in(anybody, account, somebody, path):
    answer = signed_in(anybody, path, sign_up_type="NO_INVITE", marketing_consent_given=False)

    assert answer.status_code == 200
    assert (set(answer.json()), answer.json()["is_new_user"]) == ({"key", "is_new_user"}, True)
    me = with_header(f"Token {answer.json()['key']}").get("/api/v1/auth/users/me/").json()
    assert (me["email"], me["first_name"], me["sign_up_type"]) == ("Grace@example.com", "Grace", "NO_INVITE")
    assert me["auth_type"] == ("GITHUB" if path == GITHUB else "GOOGLE")
    user = User.objects.get(pk=me["id"])
    assert not user.has_usable_password()
    assert user.marketing_consent_given is False
    assert Event.objects.filter(type="user.signed_up", actor_id=user.pk).exists()


@BOTH
def test_somebody_with_the_verified_address_is_signed_in_to_their_account(anybody, account, path):
    user = a_user("GRACE@example.com", "a-long-password-1", email_verified_at=clock.now())

    answer = signed_in(anybody, path)

    assert answer.json()["is_new_user"] is False
    me = with_header(f"Token {answer.json()['key']}").get("/api/v1/auth/users/me/").json()
    assert me["id"] == user.pk
    user.refresh_from_db()
    assert user.check_password("a-long-password-1")
    assert user.last_login is not None


@BOTH
def test_a_password_that_was_set_before_anybody_proved_the_address_counts_no_more(anybody, account, path):
    user = a_user("grace@example.com", "of-somebody-else-1")
    foreign = with_header(f"Token {a_token(user)}")

    assert signed_in(anybody, path).status_code == 200

    user.refresh_from_db()
    assert (user.has_usable_password(), user.email_verified_at is None) == (False, False)
    assert foreign.get("/api/v1/auth/users/me/").status_code == 401


@BOTH
def test_an_address_that_is_not_verified_opens_nothing(anybody, account, path):
    a_user("grace@example.com")
    account.verified = False

    answer = signed_in(anybody, path)

    assert answer.status_code == 502
    assert "no verified e-mail address" in answer.json()["message"]


@BOTH
@pytest.mark.parametrize("email", ["", "grace", "grace@", None, 5, ["grace@example.com"], "g@" + "x" * 300 + ".com"])
def test_what_is_no_address_opens_nothing(anybody, account, path, email):
    account.email = email

    assert signed_in(anybody, path).status_code == 502


@BOTH
def test_a_wrong_code_or_token_is_502_with_a_message(anybody, account, path):
    answer = signed_in(anybody, path, token="wrong")

    assert (answer.status_code, list(answer.json())) == (502, ["message"])


def test_a_token_that_google_gave_to_another_application_is_refused(anybody, account):
    account.audience = "another-client"

    assert signed_in(anybody, GOOGLE).status_code == 502


@BOTH
@pytest.mark.parametrize("told", [(500, {}), (200, b"nonsense"), (200, []), (200, "x"), (302, {})])
def test_a_provider_that_makes_no_sense_is_502(anybody, account, elsewhere, path, told):
    for place in ("/login/oauth/access_token", "/tokeninfo"):
        elsewhere.answers[place] = lambda _: told

    assert signed_in(anybody, path).status_code == 502


@BOTH
def test_without_an_application_at_the_provider_nobody_is_asked(anybody, elsewhere, path):
    answer = signed_in(anybody, path)

    assert (answer.status_code, elsewhere.asked) == (502, [])
    assert "not set up" in answer.json()["message"]


@BOTH
@pytest.mark.parametrize("closed", [{"prevent_signup": True}, {"allow_registration_without_invite": False}])
def test_sign_up_that_is_closed_is_open_to_the_invited(
    anybody, account, somebody, organisation, settings, path, closed
):
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, **closed)
    link = create_link(organisation, actor=SYSTEM)

    assert signed_in(anybody, path).status_code == 403
    assert not User.objects.with_email("grace@example.com")

    invited = signed_in(anybody, path, sign_up_type="INVITE_LINK", invite_hash=secret_of(link))
    assert (invited.status_code, invited.json()["is_new_user"]) == (200, True)
    assert signed_in(anybody, path).json()["is_new_user"] is False


def test_passwords_may_be_switched_off(anybody, account, somebody, settings):
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, prevent_email_password=True)

    assert signed_in(anybody, GITHUB).status_code == 200


def test_a_deactivated_account_stays_closed(anybody, account):
    a_user("grace@example.com", is_active=False)

    assert signed_in(anybody, GITHUB).status_code == 403


def test_a_second_factor_is_asked_for(anybody, account):
    user = a_user("grace@example.com")
    SecondFactor.objects.create(user=user, ciphertext=encrypt("x"), confirmed_at=user.date_joined)

    answer = signed_in(anybody, GITHUB)

    assert (answer.status_code, set(answer.json())) == (200, {"ephemeral_token", "method"})
    assert not user.tokens.exists()


def test_whoever_signed_up_with_the_address_and_never_confirmed_it_loses_the_password(anybody, account):
    user = a_user("grace@example.com", "of-somebody-else-1", is_active=False, awaits_activation=True)

    assert signed_in(anybody, GITHUB).status_code == 200

    user.refresh_from_db()
    assert (user.is_active, user.has_usable_password()) == (True, False)


@BOTH
@pytest.mark.parametrize(
    "body", [{}, {"access_token": ""}, {"access_token": 5 * "x" * 1000}, {"access_token": "x", "sign_up_type": "X"}, []]
)
def test_a_body_that_makes_no_sense_is_400(anybody, account, path, body):
    assert anybody.post(path, body, format="json").status_code == 400


@BOTH
def test_tries_of_one_client_are_limited(anybody, path):
    assert [signed_in(anybody, path).status_code for _ in range(21)][-2:] == [502, 429]


def test_linked_while_signed_in_an_account_is_known_whatever_address_it_has_there(api, admin, anybody, account):
    """The address at the provider belongs to nobody here, so only the link can find the account."""
    made = api.post("/api/v1/users/me/links/github/", {"access_token": "right"}, format="json")
    assert (made.status_code, made.json()["is_explicit"], made.json()["key"]) == (201, True, "github")

    answer = signed_in(anybody, GITHUB)

    assert answer.json()["is_new_user"] is False
    me = with_header(f"Token {answer.json()['key']}").get("/api/v1/auth/users/me/").json()
    assert me["id"] == admin.pk
    assert signed_in(anybody, GOOGLE).json()["is_new_user"] is True


def test_what_is_linked_with_one_account_is_not_linked_with_another(api, account):
    mallory = with_header(f"Token {a_token(a_user())}")
    body = {"access_token": "right"}
    assert api.post("/api/v1/users/me/links/google/", body, format="json").status_code == 201

    assert mallory.post("/api/v1/users/me/links/google/", body, format="json").status_code == 409
    assert api.post("/api/v1/users/me/links/google/", body, format="json").status_code == 201
    assert len(api.get("/api/v1/users/me/links/").json()) == 1


def test_linking_asks_the_provider_and_takes_no_for_an_answer(api, account):
    for path in ("github", "google"):
        answer = api.post(f"/api/v1/users/me/links/{path}/", {"access_token": "wrong"}, format="json")
        assert answer.status_code == 502
    account.verified = False
    assert api.post("/api/v1/users/me/links/github/", {"access_token": "right"}, format="json").status_code == 502
    assert api.get("/api/v1/users/me/links/").json() == []


def test_a_page_of_another_site_links_nothing_with_the_cookie_of_the_victim(admin, anybody, account):
    anybody.cookies["burgee_session"] = a_token(admin)
    answer = anybody.post(
        "/api/v1/users/me/links/github/",
        {"access_token": "right"},
        format="json",
        headers={"origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert not Link.objects.exists()


@BOTH
def test_an_account_without_a_number_of_its_own_is_nobody(anybody, account, elsewhere, path):
    elsewhere.answers["/api/v3/user"] = lambda _: (200, {"login": "grace", "id": None})
    elsewhere.answers["/userinfo"] = lambda _: (200, {"email": "grace@example.com", "email_verified": True})

    assert signed_in(anybody, path).status_code == 502
    assert not User.objects.exists()
