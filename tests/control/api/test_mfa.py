"""The second factor: a code after the password, backup codes, and nothing that works twice."""

import base64
import re
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from burgee.control.accounts.models import BackupCode, SecondFactor, Token, User
from burgee.control.api.base.throttling import CodeThrottle
from burgee.control.events.models import Event
from burgee.control.kit import clock
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user

PASSWORD = "Correct-Horse-9-Battery"


def code_of(seed: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or so many half minutes from now."""
    totp = TOTP(base64.b32decode(seed), 6, SHA1(), 30)
    return totp.generate(time.time() + 30 * steps).decode()


def forget_steps() -> None:
    """As if half a minute had passed since the last code."""
    SecondFactor.objects.update(last_step=0)


@pytest.fixture
def ada():
    return a_user("ada@example.com", PASSWORD)


@pytest.fixture
def own(ada):
    return client_of(ada)


@pytest.fixture
def seed(own) -> str:
    return own.post("/api/v1/auth/app/activate/").json()["secret"]


@pytest.fixture
def backup_codes(own, seed) -> list[str]:
    confirmed = own.post("/api/v1/auth/app/activate/confirm/", {"code": code_of(seed)}, format="json")
    forget_steps()
    return confirmed.json()["backup_codes"]


def challenge(anybody) -> dict:
    answer = anybody.post("/api/v1/auth/login/", {"email": "ada@example.com", "password": PASSWORD}, format="json")
    assert answer.status_code == 200
    return answer.json()


def answer(anybody, token: str, code: str):
    body = {"ephemeral_token": token, "code": code}
    return anybody.post("/api/v1/auth/login/code/", body, format="json")


def test_activating_gives_a_seed_and_a_link_for_authenticator_apps(own):
    told = own.post("/api/v1/auth/app/activate/").json()

    assert re.fullmatch("[A-Z2-7]{32}", told["secret"])
    link = f"otpauth://totp/Burgee:ada%40example.com?secret={told['secret']}&issuer=Burgee"
    assert told["qr_link"] == link


def test_a_seed_is_not_stored_in_clear(seed):
    assert seed not in SecondFactor.objects.get().ciphertext


def test_nothing_is_asked_for_before_the_first_code_was_right(anybody, own, seed):
    wrong = own.post("/api/v1/auth/app/activate/confirm/", {"code": "000000"}, format="json")

    assert (wrong.status_code, wrong.json()) == (400, {"code": ["Code invalid or expired."]})
    assert own.get("/api/v1/auth/mfa/user-active-methods/").json() == []
    assert "key" in challenge(anybody)


def test_five_backup_codes_are_shown_once_and_stored_hashed(own, backup_codes):
    assert [len(code) for code in backup_codes] == [10] * 5
    assert all(row.password.startswith("argon2") for row in BackupCode.objects.all())
    assert own.get("/api/v1/auth/mfa/user-active-methods/").json() == [{"name": "app", "is_primary": True}]


def test_signing_in_needs_the_password_and_then_a_code(anybody, seed, backup_codes):
    asked = challenge(anybody)
    entered = answer(anybody, asked["ephemeral_token"], code_of(seed))

    assert set(asked) == {"ephemeral_token", "method"}
    me = anybody.get("/api/v1/auth/users/me/", HTTP_AUTHORIZATION=f"Token {entered.json()['key']}")
    assert me.json()["email"] == "ada@example.com"


def test_a_code_works_once(anybody, seed, backup_codes):
    code = code_of(seed)
    first = answer(anybody, challenge(anybody)["ephemeral_token"], code)
    again = answer(anybody, challenge(anybody)["ephemeral_token"], code)

    assert first.status_code == 200
    assert (again.status_code, again.json()) == (401, {"error": "Invalid or expired code."})


def test_a_code_older_than_the_last_one_used_is_refused(anybody, seed, backup_codes):
    answer(anybody, challenge(anybody)["ephemeral_token"], code_of(seed))

    assert answer(anybody, challenge(anybody)["ephemeral_token"], code_of(seed, -1)).status_code == 401


def test_a_clock_may_be_half_a_minute_away_and_no_more(anybody, seed, backup_codes):
    assert answer(anybody, challenge(anybody)["ephemeral_token"], code_of(seed, 5)).status_code == 401
    assert answer(anybody, challenge(anybody)["ephemeral_token"], code_of(seed, -5)).status_code == 401
    assert answer(anybody, challenge(anybody)["ephemeral_token"], code_of(seed, -1)).status_code == 200


def test_each_backup_code_works_once(anybody, backup_codes):
    first, again, other = (
        answer(anybody, challenge(anybody)["ephemeral_token"], code).status_code
        for code in (backup_codes[0], backup_codes[0], backup_codes[1])
    )

    assert (first, again, other) == (200, 401, 200)


def test_a_challenge_is_answered_once(anybody, backup_codes):
    token = challenge(anybody)["ephemeral_token"]

    assert answer(anybody, token, backup_codes[0]).status_code == 200
    assert answer(anybody, token, backup_codes[1]).json() == {"error": "Invalid or expired token."}


def test_a_challenge_ends_with_the_password(anybody, ada, seed, backup_codes):
    token = challenge(anybody)["ephemeral_token"]
    ada.set_password("Another-Good-Pass-2")
    ada.save()

    assert answer(anybody, token, code_of(seed)).status_code == 401


def test_a_made_up_challenge_is_401(anybody):
    refused = answer(anybody, "x", "123456")

    assert (refused.status_code, refused.json()) == (401, {"error": "Invalid or expired token."})


def test_a_challenge_is_no_token(anybody, backup_codes):
    token = challenge(anybody)["ephemeral_token"]

    assert anybody.get("/api/v1/auth/users/me/", HTTP_AUTHORIZATION=f"Token {token}").status_code == 401


def test_codes_are_throttled(anybody):
    answers = [answer(anybody, "x", "123456").status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]


def test_wrong_codes_lock_the_account(anybody, seed, backup_codes):
    for _ in range(10):
        CodeThrottle.forget()
        assert answer(anybody, challenge(anybody)["ephemeral_token"], "000000").status_code == 401

    locked = anybody.post("/api/v1/auth/login/", {"email": "ada@example.com", "password": PASSWORD}, format="json")
    assert locked.status_code == 429


def test_a_second_activation_is_refused_while_one_is_active(own, backup_codes):
    again = own.post("/api/v1/auth/app/activate/")

    assert (again.status_code, again.json()) == (400, {"error": "MFA method already active."})


def test_deactivating_ends_it(anybody, own, backup_codes):
    assert own.post("/api/v1/auth/app/deactivate/").status_code == 204
    assert own.post("/api/v1/auth/app/deactivate/").json() == {"error": "2FA is not enabled."}
    assert "key" in challenge(anybody)
    assert not BackupCode.objects.exists()


def test_there_is_one_method(own):
    assert own.post("/api/v1/auth/sms/activate/").status_code == 404


def test_adding_removing_and_using_it_is_told(anybody, own, seed, backup_codes):
    answer(anybody, challenge(anybody)["ephemeral_token"], code_of(seed))
    own.post("/api/v1/auth/app/deactivate/")

    told = [event.type for event in Event.objects.order_by("id")]
    assert told == ["user.second_factor_added", "user.signed_in", "user.second_factor_removed"]
    assert User.objects.get().last_login is not None


def grow_old(user) -> None:
    Token.objects.filter(user=user).update(created_at=clock.now() - timedelta(minutes=11))


def test_an_old_sign_in_proves_itself_before_the_factor_changes(own, ada):
    grow_old(ada)
    url = "/api/v1/auth/app/activate/"

    assert own.post(url).status_code == 403
    assert own.post(url, {"current_password": "wrong"}, format="json").status_code == 403
    assert own.post(url, {"current_password": PASSWORD}, format="json").status_code == 200


def test_where_there_is_an_app_only_its_code_is_proof_for_an_old_sign_in(own, ada, seed, backup_codes):
    grow_old(ada)
    url = "/api/v1/auth/app/deactivate/"

    assert own.post(url).status_code == 403
    assert own.post(url, {"current_password": PASSWORD}, format="json").status_code == 403
    assert own.post(url, {"code": code_of(seed)}, format="json").status_code == 204
