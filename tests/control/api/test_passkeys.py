"""Passkeys of the own account: added, named, removed, used alone and after a password."""

from datetime import timedelta

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from burgee.control.accounts.models import Passkey, SignInFailures, Token
from burgee.control.accounts.passkeys import MOST, remove_all
from burgee.control.events.catalog import EventType
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.digests import sha256_hex
from burgee.control.oauth.models import AccessToken, Application, Authorisation
from burgee.control.sso.models import SignInRule
from tests.control.api.conftest import client_of
from tests.control.api.passkey_steps import (
    ASK,
    ENTER,
    NEW,
    OWN,
    PASSWORD,
    add,
    challenge,
    enter,
    enter_after,
    post,
    refused,
)
from tests.control.authenticator import Authenticator
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member, an_organisation


@pytest.fixture
def ada():
    return a_user("ada@example.com", PASSWORD)


@pytest.fixture
def own(ada):
    return client_of(ada)


@pytest.fixture
def key():
    return Authenticator()


def grow_old(ada) -> None:
    Token.objects.filter(user=ada).update(created_at=clock.now() - timedelta(minutes=11))


def test_options_ask_for_a_discoverable_key_of_our_domain(own, ada):
    options = post(own, NEW).json()["publicKey"]

    assert options["rp"] == {"name": "Burgee", "id": "localhost"}
    assert options["user"]["name"] == "ada@example.com"
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert len(options["challenge"]) >= 43


@pytest.mark.database
def test_a_passkey_is_added_listed_renamed_and_removed(own, key):
    made = add(own, key)
    assert made.status_code == 201
    assert made.json()["transports"] == ["usb"]
    listed = own.get(OWN).json()
    assert [(row["name"], row["last_used_at"]) for row in listed] == [("Blue key", None)]

    one = f"{OWN}{listed[0]['id']}/"
    assert own.patch(one, {"name": "Red key"}, format="json").json()["name"] == "Red key"
    assert own.delete(one).status_code == 204
    assert own.get(OWN).json() == []


def test_adding_and_removing_are_told(own, key):
    row = add(own, key).json()
    own.delete(f"{OWN}{row['id']}/")

    told = Event.objects.order_by("id").values_list("type", flat=True)
    assert list(told) == [EventType.SECOND_FACTOR_ADDED, EventType.SECOND_FACTOR_REMOVED]


@pytest.mark.database
def test_a_passkey_alone_signs_in(own, anybody, key):
    add(own, key)

    entered = enter(anybody, key)
    assert entered.status_code == 200
    me = anybody.get("/api/v1/auth/users/me/", headers={"Authorization": f"Token {entered.json()['key']}"})
    assert me.json()["email"] == "ada@example.com"
    assert Passkey.objects.get().last_used_at is not None


def test_it_is_enough_although_a_password_would_need_a_second_factor(own, anybody, key):
    add(own, key)

    assert challenge(anybody)
    assert "key" in enter(anybody, key).json()


def test_where_policy_forbids_passkeys_they_let_nobody_in_alone(own, anybody, key):
    add(own, key)
    SignInRule.objects.create(domain="example.com", methods=["password"])

    assert enter(anybody, key).status_code == 403
    assert "key" in enter_after(anybody, key, challenge(anybody)).json()


def test_a_cookie_instead_of_a_token_for_the_dashboard(own, key):
    add(own, key)
    browser = APIClient()
    signed = key.sign(post(browser, ASK).json())
    entered = browser.post(ENTER, {"credential": signed}, format="json", headers={"Burgee-Session": "cookie"})

    assert entered.status_code == 204
    assert entered.cookies["burgee_session"].value


def test_after_a_password_a_passkey_is_asked_for_and_lets_in(own, anybody, key):
    add(own, key)
    token = challenge(anybody)

    assert len(post(anybody, ASK, {"ephemeral_token": token}).json()["publicKey"]["allowCredentials"]) == 1
    assert "key" in enter_after(anybody, key, token, verified=False, named=False).json()


def test_a_challenge_after_a_password_is_answered_once(own, anybody, key):
    add(own, key)
    token = challenge(anybody)
    enter_after(anybody, key, token)

    assert post(anybody, ASK, {"ephemeral_token": token}).status_code == 401


def test_a_code_is_no_answer_where_there_is_only_a_passkey(own, anybody, key):
    add(own, key)
    body = {"ephemeral_token": challenge(anybody), "code": "000000"}

    assert post(anybody, "/api/v1/auth/login/code/", body).status_code == 401


def test_a_registration_is_for_the_sign_in_that_asked(own, ada, key):
    options = post(own, NEW).json()
    elsewhere = client_of(ada)

    body = {"name": "Key", "credential": key.make(options)}
    assert refused(post(elsewhere, OWN, body))
    assert refused(post(own, OWN, body | {"credential": key.make(options, challenge=b"c" * 32)}))
    assert post(own, OWN, body).status_code == 201
    assert refused(post(own, OWN, body))


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"domain": "evil.example"},
        {"cross_origin": True},
        {"algorithm": -65535},
        {"algorithm": 4242},
    ],
    ids=str,
)
def test_a_passkey_of_another_page_or_with_a_key_that_nobody_can_check_is_not_kept(own, key, wrong):
    answer = add(own, key, **wrong)

    assert (answer.status_code, answer.json()["code"]) == (400, "passkey_not_made")
    assert not Passkey.objects.exists()


@pytest.mark.database
def test_a_key_belongs_to_one_account(own, key):
    add(own, key)
    eve = client_of(a_user("eve@example.com"))

    assert add(eve, key).status_code == 409
    assert post(own, NEW).json()["publicKey"]["excludeCredentials"][0]["type"] == "public-key"


def test_an_account_has_so_many_and_no_more(own, ada, key):
    add(own, key)
    row = Passkey.objects.get()
    for number in range(MOST - 1):
        row.pk, row.credential_key = None, str(number)
        row.save()

    assert (post(own, NEW).status_code, post(own, NEW).json()["code"]) == (400, "too_many_passkeys")


def test_others_see_and_touch_none_of_mine(own, key):
    one = f"{OWN}{add(own, key).json()['id']}/"
    eve = client_of(a_user("eve@example.com"))

    assert eve.get(OWN).json() == []
    assert eve.patch(one, {"name": "x"}, format="json").status_code == 404
    assert eve.delete(one).status_code == 404


def test_an_old_sign_in_must_prove_who_it_is(own, ada, key):
    row = add(own, key).json()
    grow_old(ada)

    for answer in (post(own, NEW), own.delete(f"{OWN}{row['id']}/")):
        assert (answer.status_code, answer.json()["code"]) == (403, "proof_needed")


def test_the_password_is_proof_where_it_alone_signs_in(own, ada):
    grow_old(ada)

    assert post(own, NEW, {"current_password": "wrong"}).status_code == 403
    assert post(own, NEW, {"current_password": PASSWORD}).status_code == 200


def test_the_password_alone_is_none_where_there_is_a_second_factor(own, ada, key):
    row = add(own, key).json()
    grow_old(ada)

    assert post(own, NEW, {"current_password": PASSWORD}).status_code == 403
    body = {"current_password": PASSWORD}
    assert own.delete(f"{OWN}{row['id']}/", body, format="json").status_code == 403


@pytest.mark.database
def test_guessing_the_proof_locks(own, ada, settings):
    grow_old(ada)
    for _ in range(10):
        post(own, NEW, {"current_password": "wrong"})

    assert post(own, NEW, {"current_password": PASSWORD}).status_code == 429
    assert SignInFailures.objects.filter(locked_until__isnull=False).exists()


@pytest.mark.parametrize("url", ["http://flags.example.com", "http://192.0.2.7", "https://[2001:db8::1]"])
def test_without_a_domain_and_https_there_are_no_passkeys(own, url):
    with override_settings(PUBLIC_URL=url):
        answer = post(own, NEW)
    assert (answer.status_code, answer.json()["code"]) == (400, "passkeys_unavailable")


def test_the_domain_and_the_page_are_those_of_the_dashboard(own, settings):
    settings.PUBLIC_URL = "https://flags.example.com"
    key = Authenticator(origin="https://flags.example.com")

    assert post(own, NEW).json()["publicKey"]["rp"]["id"] == "flags.example.com"
    assert add(own, key).status_code == 201
    assert add(own, Authenticator(origin="https://example.com")).status_code == 400
    assert add(own, Authenticator(origin="https://a.flags.example.com")).status_code == 400


def test_a_passkey_is_the_second_factor_that_an_organisation_asks_for(own, ada, key):
    organisation = an_organisation(force_2fa=True)
    a_member(organisation, ada, "ADMIN")
    url = f"/api/v1/organisations/{organisation.pk}/"

    assert own.get(url).status_code == 403
    assert add(own, key).status_code == 201
    assert own.get(url).status_code == 200


def test_an_application_that_acts_for_a_person_does_not_touch_passkeys(own, ada, key):
    row = add(own, key).json()
    application = Application.objects.create(client_id="tool", name="Tool")
    authorisation = Authorisation.objects.create(
        user=ada, application=application, session_hash=ada.get_session_auth_hash()
    )
    facts = {"digest": sha256_hex("text"), "scope": "", "expires_at": clock.now() + timedelta(minutes=5)}
    AccessToken.objects.create(authorisation=authorisation, **facts)
    tool = client_of(None)
    tool.credentials(HTTP_AUTHORIZATION="Bearer text")

    assert post(tool, NEW).status_code == 403
    assert post(tool, OWN, {"name": "x", "credential": {"response": {}}}).status_code == 403
    assert tool.delete(f"{OWN}{row['id']}/").status_code == 403


def test_whoever_lost_every_passkey_is_helped_by_the_operator(own, ada, key, anybody):
    add(own, key)

    assert remove_all(ada, actor=SYSTEM) == 1
    assert remove_all(ada, actor=SYSTEM) == 0
    told = post(anybody, "/api/v1/auth/login/", {"email": "ada@example.com", "password": PASSWORD}).json()
    assert set(told) == {"key"}
