"""Failed sign-ins lock, whoever tries and whether or not anybody has the address."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings

from burgee.cli import main
from burgee.control.accounts import lockout
from burgee.control.accounts.models import SignInFailures
from burgee.control.accounts.passwords import password_link
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.sign_in_settings import SignInSettings
from tests.control.postman import send_letters
from tests.factories.accounts import a_user

PASSWORD = "Correct-Horse-9-Battery"


@pytest.fixture
def ada():
    return a_user("ada@example.com", PASSWORD)


@pytest.fixture(autouse=True)
def _soon():
    with override_settings(SIGN_IN=SignInSettings(axes_failure_limit=3)):
        yield


def sign_in(anybody, password=PASSWORD, email="ada@example.com", address="192.0.2.1"):
    body = {"email": email, "password": password}
    return anybody.post("/api/v1/auth/login/", body, format="json", REMOTE_ADDR=address)


def fail(anybody, times, **facts):
    return [sign_in(anybody, "wrong", **facts).status_code for _ in range(times)]


def pass_time():
    """As if the lock had begun long ago."""
    past = clock.now() - timedelta(minutes=16)
    SignInFailures.objects.update(since=past)
    SignInFailures.objects.exclude(locked_until=None).update(locked_until=past)


def test_after_so_many_failures_the_right_password_waits_too(anybody, ada):
    assert fail(anybody, 3) == [400, 400, 400]

    locked = sign_in(anybody, address="198.51.100.9")
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 900
    assert "locked" in locked.json()["detail"]


@pytest.mark.database
def test_a_lock_ends(anybody, ada):
    fail(anybody, 3)
    pass_time()

    assert sign_in(anybody).status_code == 200


def test_signing_in_starts_the_count_anew(anybody, ada):
    fail(anybody, 2)
    sign_in(anybody)

    assert fail(anybody, 2) == [400, 400]
    assert sign_in(anybody).status_code == 200


def test_failures_of_long_ago_do_not_count(anybody, ada):
    fail(anybody, 2)
    pass_time()

    assert fail(anybody, 2) == [400, 400]
    assert sign_in(anybody).status_code == 200


def test_an_address_that_nobody_has_locks_all_the_same(anybody):
    assert fail(anybody, 4, email="nobody@example.com") == [400, 400, 400, 429]


@pytest.mark.database
def test_an_account_is_one_in_any_spelling(anybody, ada):
    fail(anybody, 2)
    fail(anybody, 1, email="ADA@Example.com")

    assert sign_in(anybody).status_code == 429


def test_one_client_that_tries_many_accounts_is_locked_out(anybody, ada):
    with override_settings(SIGN_IN=SignInSettings(axes_failure_limit=1)):
        for number in range(10):
            sign_in(anybody, "wrong", email=f"p{number}@example.com")

        assert sign_in(anybody).status_code == 429
        assert sign_in(anybody, address="198.51.100.9").status_code == 200


def test_locking_can_be_limited_to_accounts_or_switched_off(anybody, ada):
    with override_settings(SIGN_IN=SignInSettings(axes_failure_limit=1, axes_only_user_failures=True)):
        for number in range(10):
            sign_in(anybody, "wrong", email=f"p{number}@example.com")
        assert sign_in(anybody).status_code == 200
    with override_settings(SIGN_IN=SignInSettings(enable_axes=False, axes_failure_limit=1)):
        assert fail(anybody, 3) == [400] * 3


def test_the_owner_is_told_of_the_lock_once(anybody, ada):
    fail(anybody, 6)
    send_letters()

    assert [letter.subject for letter in mail.outbox] == ["Signing in to your Burgee account is locked"]
    assert [event.type for event in Event.objects.order_by("id")] == [
        *["user.sign_in_failed"] * 3,
        "user.sign_in_locked",
        *["user.sign_in_failed"] * 3,
    ]


def test_a_password_link_ends_the_lock(anybody, ada):
    fail(anybody, 3)
    _, _, _, _, _, uid, token, _ = password_link(ada, "http://testserver").split("/")
    body = {"uid": uid, "token": token, "new_password": "Another-Good-Pass-2"}

    assert anybody.post("/api/v1/auth/users/reset_password_confirm/", body, format="json").status_code == 204
    assert sign_in(anybody, "Another-Good-Pass-2").status_code == 200


def test_an_operator_ends_a_lock(anybody, ada, capsys):
    fail(anybody, 3)

    assert main(["unlock", "Ada@example.com"]) == 0
    assert sign_in(anybody).status_code == 200
    assert main(["unlock", "nobody@example.com"]) == 1


def test_unlocking_what_is_not_locked_tells_nobody(ada):
    assert lockout.unlock(ada, actor=SYSTEM) is False
    assert not Event.objects.exists()


@pytest.mark.database
def test_what_counts_no_more_is_forgotten(anybody, ada):
    fail(anybody, 3)
    assert lockout.expire() == 0
    pass_time()
    assert lockout.expire() == 2
