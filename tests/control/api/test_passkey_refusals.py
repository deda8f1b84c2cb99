"""What a passkey signed elsewhere, before, for somebody else or not at all lets nobody in."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from burgee.control.accounts.models import Passkey, PasskeyChallenge, Token
from burgee.control.accounts.records import NOBODY
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.events.catalog import EventType
from burgee.control.events.models import Event
from burgee.control.kit import clock
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
from tests.control.authenticator import FLAG, Authenticator
from tests.factories.accounts import a_user


@pytest.fixture
def ada():
    return a_user("ada@example.com", PASSWORD)


@pytest.fixture
def own(ada):
    return client_of(ada)


@pytest.fixture
def key():
    return Authenticator()


def test_an_account_without_a_name_must_verify_its_owner(own, anybody, key):
    add(own, key)

    assert refused(enter(anybody, key, verified=False))


def test_without_a_user_handle_nobody_is_named(own, anybody, key):
    add(own, key)

    assert refused(enter(anybody, key, named=False))


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9000"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost.evil.example:8000"},
        {"domain": "evil.example"},
        {"cross_origin": True},
        {"type": "webauthn.create"},
        {"type": "payment.get"},
        {"challenge": b"another challenge, long enough.."},
        {"flags": FLAG.UV},
        {"signer": ec.generate_private_key(ec.SECP256R1())},
        {"handle": b"somebody else"},
        {"handle": b""},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_was_not_signed_here_and_by_it_is_refused(own, anybody, key, wrong):
    add(own, key)

    assert refused(enter(anybody, key, **wrong))
    if "handle" not in wrong:
        assert refused(enter_after(anybody, key, challenge(anybody), **wrong))
    assert Token.objects.count() == 1


def test_a_failed_try_of_a_known_key_is_told_of_its_owner_and_one_of_nobody_of_nobody(own, anybody, key):
    add(own, key)
    Event.objects.all().delete()
    enter(anybody, key, origin="https://evil.example")
    stranger = Authenticator()
    assert refused(enter(anybody, stranger))

    events = Event.objects.order_by("id")
    assert [event.type for event in events] == [EventType.SIGN_IN_FAILED] * 2
    assert [event.payload["changes"][0]["id"] for event in events] == [Passkey.objects.get().user_id, NOBODY]


def test_an_answer_is_worth_nothing_a_second_time(own, anybody, key):
    add(own, key)
    signed = key.sign(post(anybody, ASK).json())

    assert post(anybody, ENTER, {"credential": signed}).status_code == 200
    assert refused(post(anybody, ENTER, {"credential": signed}))


def test_a_failed_answer_spends_its_challenge_too(own, anybody, key):
    add(own, key)
    options = post(anybody, ASK).json()
    post(anybody, ENTER, {"credential": key.sign(options, origin="https://evil.example")})

    assert refused(post(anybody, ENTER, {"credential": key.sign(options)}))


def test_a_challenge_has_an_end(own, anybody, key):
    add(own, key)
    options = post(anybody, ASK).json()
    PasskeyChallenge.objects.update(expires_at=clock.now())

    assert refused(post(anybody, ENTER, {"credential": key.sign(options)}))
    post(anybody, ASK)
    assert PasskeyChallenge.objects.count() == 1


def test_only_the_browser_that_asked_may_answer(own, anybody, key):
    add(own, key)
    other = client_of(None)
    signed = key.sign(post(anybody, ASK).json())

    assert refused(post(other, ENTER, {"credential": signed}))
    post(other, ASK)
    assert refused(post(other, ENTER, {"credential": signed}))


def test_the_browser_secret_is_for_no_script_and_no_other_path(anybody):
    cookie = post(anybody, ASK).cookies["burgee_passkey"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", OWN)


def test_a_counter_that_goes_back_or_stands_still_is_a_copy(own, anybody, key):
    add(own, key)
    assert enter(anybody, key).status_code == 200
    key.counter -= 1

    assert refused(enter(anybody, key))
    key.counter = -1
    assert refused(enter(anybody, key))
    key.counter = 50
    assert enter(anybody, key).status_code == 200


def test_a_key_that_never_counts_may_stay_at_zero(own, anybody):
    key = Authenticator(counts=False)
    add(own, key)

    assert [enter(anybody, key).status_code for _ in range(2)] == [200, 200]
    key.counter = 7
    assert enter(anybody, key).status_code == 200
    key.counter = 0
    assert refused(enter(anybody, key))


def test_somebody_elses_key_does_not_answer_my_challenge(own, anybody, key):
    add(own, key)
    theirs = Authenticator()
    add(client_of(a_user("eve@example.com")), theirs)

    token = challenge(anybody)
    assert refused(enter_after(anybody, theirs, token))
    assert refused(enter_after(anybody, theirs, token, named=False))


def test_a_key_does_not_answer_for_another_account_that_it_names(own, anybody, key):
    add(own, key)
    eve = a_user("eve@example.com")

    assert refused(enter(anybody, key, handle=eve.uuid.bytes))


def test_answers_after_a_password_and_instead_of_one_are_not_exchangeable(own, anybody, key):
    add(own, key)
    token = challenge(anybody)
    nameless = key.sign(post(anybody, ASK).json())
    named = key.sign(post(anybody, ASK, {"ephemeral_token": token}).json())

    assert refused(post(anybody, ENTER, {"credential": named}))
    assert refused(post(anybody, ENTER, {"ephemeral_token": token, "credential": nameless}))


def test_an_inactive_account_does_not_open(own, anybody, ada, key):
    add(own, key)
    ada.is_active = False
    ada.save()

    assert refused(enter(anybody, key))


@pytest.mark.parametrize("said", [[], "x", 1, None, {}, {"response": {}}, {"response": {"clientDataJSON": "x"}}])
def test_what_is_no_credential_is_a_4xx(own, anybody, said):
    assert 400 <= post(own, OWN, {"name": "x", "credential": said}).status_code < 500
    assert 400 <= post(anybody, ENTER, {"credential": said}).status_code < 500


def test_damaged_answers_are_refused_not_failed_on(own, anybody, key):
    add(own, key)
    for place in ("clientDataJSON", "authenticatorData", "signature"):
        for damage in ("", "AAAA", "!!", "e30", "n" * 50, 7, None, [], {}):
            LoginThrottle.forget()
            signed = key.sign(post(anybody, ASK).json())
            signed["response"][place] = damage
            assert refused(post(anybody, ENTER, {"credential": signed})), (place, damage)
    for damage in ("", "AAAA", "oWNmbXRkbm9uZQ", 7, None, []):
        LoginThrottle.forget()
        made = Authenticator().make(post(own, NEW).json())
        made["response"]["attestationObject"] = damage
        assert post(own, OWN, {"name": "x", "credential": made}).status_code == 400, damage
