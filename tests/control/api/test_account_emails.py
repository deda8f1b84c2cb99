"""Proving the address of an account, changing it, and the letters with links."""

import re
from contextlib import contextmanager

import pytest
from django.core import mail
from django.test import override_settings

from burgee.control.accounts.models import User
from burgee.control.kit.sign_in_settings import SignInSettings
from burgee.control.mail.models import Letter
from tests.control.api.conftest import client_of
from tests.control.postman import send_letters
from tests.factories.accounts import a_user

PASSWORD = "Correct-Horse-9-Battery"
ADA = {"email": "ada@example.com", "password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace"}
USERS = "/api/v1/auth/users/"


@pytest.fixture
def ada():
    return a_user("ada@example.com", PASSWORD)


@contextmanager
def confirmed_addresses():
    with override_settings(SIGN_IN=SignInSettings(enable_email_activation=True)):
        yield


def letters() -> list[tuple[str, str]]:
    """To whom and what, of everything that was sent just now."""
    mail.outbox.clear()
    send_letters()
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def follow(anybody, letter: int = 0, **added: str):
    """Open the link of a letter and send the form that stands there."""
    link = re.search(r"http://localhost:8000(/\S+)", mail.outbox[letter].body)[1]
    page = anybody.get(link)
    assert page.status_code == 200, page.content
    text = page.content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', text))
    return anybody.post(re.search(r'action="([^"]+)"', text)[1], fields | added, format="json")


def sign_in(anybody, email="ada@example.com", password=PASSWORD):
    return anybody.post("/api/v1/auth/login/", {"email": email, "password": password}, format="json")


def test_a_forgotten_password_is_set_by_the_link_of_a_letter(anybody, ada):
    anybody.post(f"{USERS}reset_password/", {"email": "ADA@example.com"}, format="json")

    assert letters() == [("ada@example.com", "A new password for Burgee")]
    assert follow(anybody, new_password="Another-Good-Pass-2").status_code == 204
    assert sign_in(anybody, password="Another-Good-Pass-2").status_code == 200


@pytest.mark.database
def test_only_so_many_letters_are_sent_in_a_day(anybody, ada):
    for _ in range(7):
        assert anybody.post(f"{USERS}reset_password/", {"email": ada.email}, format="json").status_code == 204

    assert Letter.objects.count() == 5


@pytest.mark.database
@pytest.mark.parametrize("path", ["reset_password/", "reset_email/"])
def test_who_is_unknown_or_switched_off_gets_no_letter(anybody, ada, path):
    User.objects.update(is_active=False)
    for email in ("ada@example.com", "nobody@example.com"):
        assert anybody.post(f"{USERS}{path}", {"email": email}, format="json").status_code == 204

    assert not Letter.objects.exists()


def test_an_account_works_once_its_address_is_confirmed(anybody):
    with confirmed_addresses():
        made = anybody.post(USERS, ADA, format="json")
        assert (made.status_code, made.json()["is_active"], "key" in made.json()) == (201, False, False)
        assert sign_in(anybody).status_code == 400

        assert letters() == [("ada@example.com", "Confirm your address for Burgee")]
        assert follow(anybody).status_code == 204
        assert sign_in(anybody).status_code == 200


@pytest.mark.database
def test_an_activation_link_works_once_and_not_for_who_was_switched_off(anybody):
    with confirmed_addresses():
        anybody.post(USERS, ADA, format="json")
        letters()
        follow(anybody)
        User.objects.update(is_active=False)

        assert follow(anybody).status_code == 403
        assert (
            anybody.post(f"{USERS}resend_activation/", {"email": "ada@example.com"}, format="json").status_code == 204
        )
        assert letters() == []


def test_the_letter_of_an_activation_is_sent_again(anybody):
    with confirmed_addresses():
        anybody.post(USERS, ADA, format="json")
        letters()
        again = anybody.post(f"{USERS}resend_activation/", {"email": "ada@example.com"}, format="json")

        assert again.status_code == 204
        assert letters() == [("ada@example.com", "Confirm your address for Burgee")]


def test_without_activation_there_is_nothing_to_send_again(anybody, ada):
    assert anybody.post(f"{USERS}resend_activation/", {"email": ada.email}, format="json").status_code == 400


def test_a_made_up_activation_is_refused(anybody):
    refused = anybody.post(f"{USERS}activation/", {"uid": "MQ", "token": "x-y"}, format="json")

    assert (refused.status_code, list(refused.json())) == (400, ["token"])
    assert anybody.get("/activate/MQ/x-y/").status_code == 404


def test_the_first_superuser_needs_no_letter(anybody):
    with confirmed_addresses():
        assert "key" in anybody.post(USERS, ADA | {"superuser": True}, format="json").json()


def change_email(user, new_email, password=PASSWORD):
    return client_of(user).post(
        f"{USERS}set_email/", {"new_email": new_email, "current_password": password}, format="json"
    )


def test_an_address_is_changed_with_the_password_and_both_mailboxes_hear_of_it(anybody, ada):
    assert change_email(ada, "augusta@example.com").status_code == 204

    assert letters() == [
        ("ada@example.com", "The address of your Burgee account was changed"),
        ("augusta@example.com", "Your new address for Burgee"),
    ]
    assert sign_in(anybody, "augusta@example.com").status_code == 200


def test_a_new_address_needs_the_password_and_must_be_free(ada):
    a_user("bob@example.com")

    wrong, taken = change_email(ada, "x@example.com", "wrong"), change_email(ada, "BOB@example.com")
    assert (wrong.status_code, list(wrong.json())) == (400, ["current_password"])
    assert (taken.status_code, list(taken.json())) == (400, ["new_email"])


@pytest.mark.database
def test_where_addresses_are_confirmed_the_new_one_waits_for_its_letter(anybody, ada):
    with confirmed_addresses():
        change_email(ada, "augusta@example.com")
        assert sign_in(anybody, "augusta@example.com").status_code == 400

        assert letters() == [("augusta@example.com", "Confirm your new address for Burgee")]
        assert follow(anybody).status_code == 204
        assert sign_in(anybody, "augusta@example.com").status_code == 200
        link = re.search(r"http://localhost:8000(/\S+)", mail.outbox[0].body)[1]
        assert anybody.get(link).status_code == 404


def test_a_new_password_ends_a_change_of_address_that_waits(anybody, ada):
    with confirmed_addresses():
        change_email(ada, "thief@example.com")
        letters()
        ada.set_password("Another-Good-Pass-2")
        ada.save()
        link = re.search(r"http://localhost:8000(/\S+)", mail.outbox[0].body)[1]
        assert anybody.get(link).status_code == 404
        token = {"token": link.rstrip("/").rpartition("/")[2]}
        assert anybody.post(f"{USERS}set_email_confirm/", token, format="json").status_code == 400
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


def test_strangers_get_only_so_many_letters_about_a_new_address(ada):
    with confirmed_addresses():
        assert {change_email(ada, f"{number}@example.com").status_code for number in range(8)} == {204}
        assert len(letters()) == 5


def test_another_address_can_be_chosen_by_a_link_to_the_old_one(anybody, ada):
    anybody.post(f"{USERS}reset_email/", {"email": ada.email}, format="json")

    assert letters() == [("ada@example.com", "A new address for your Burgee account")]
    assert follow(anybody, new_email="augusta@example.com").status_code == 204
    assert sign_in(anybody, "augusta@example.com").status_code == 200


def test_a_link_for_one_thing_does_nothing_else(anybody, ada):
    anybody.post(f"{USERS}reset_email/", {"email": ada.email}, format="json")
    letters()
    uid, token = re.search(r"/email-reset/confirm/([^/]+)/([^/]+)/", mail.outbox[0].body).groups()

    body = {"uid": uid, "token": token, "new_password": "Another-Good-Pass-2"}
    assert anybody.post(f"{USERS}reset_password_confirm/", body, format="json").status_code == 400
    assert anybody.post(f"{USERS}activation/", {"uid": uid, "token": token}, format="json").status_code == 400


def test_nobody_may_change_another_account(ada):
    other = a_user()
    for method in ("put", "patch", "delete"):
        assert getattr(client_of(ada), method)(f"{USERS}{other.pk}/", {}, format="json").status_code == 404


def test_guessing_the_password_by_deleting_the_account_is_throttled(ada):
    client = client_of(ada)
    answers = [
        client.delete(f"{USERS}me/", {"current_password": "wrong"}, format="json").status_code for _ in range(21)
    ]

    assert answers == [400] * 20 + [429]
    assert client.get(f"{USERS}me/").status_code == 200
