"""Whoever owns an account gets a letter when a way into it changes, with the change or not at all."""

import pytest
from django.core import mail
from django.db import transaction

from burgee.control.accounts import passkeys, passwords, second_factor
from burgee.control.accounts.records import oneself
from burgee.control.kit.actor import SYSTEM
from burgee.control.mail.models import Letter
from burgee.control.sso import links
from tests.control.api.passkey_steps import add
from tests.control.api.test_mfa import code_of
from tests.control.authenticator import Authenticator
from tests.control.postman import send_letters
from tests.control.sso.sources import a_person, come, of, of_server, user_of
from tests.factories.accounts import a_user

PASSWORD = "a-long-password-1"


def subjects(to="ada@example.com") -> list[str]:
    """Of the letters that were sent just now."""
    mail.outbox.clear()
    send_letters()
    assert {address for letter in mail.outbox for address in letter.to} <= {to}
    return [letter.subject for letter in mail.outbox]


def test_a_new_password_is_told(ada):
    passwords.set_password(ada, current=PASSWORD, new="another-long-one-2", keep=None, actor=oneself(ada))

    assert subjects() == ["The password of your Burgee account was changed"]
    body = mail.outbox[0].body
    assert "for the account of ada@example.com: the password was changed." in body
    assert "UTC" in body
    assert "another-long-one-2" not in body


@pytest.mark.database
def test_an_authenticator_app_that_comes_or_goes_is_told(ada):
    seed, _ = second_factor.begin(ada)
    assert subjects() == []
    second_factor.confirm(ada, code_of(seed), actor=oneself(ada))
    assert subjects() == ["Your Burgee account has an authenticator app now"]
    second_factor.remove(ada, actor=SYSTEM)
    assert subjects() == ["The authenticator app of your Burgee account was removed"]


def test_passkeys_that_come_or_go_are_told_by_name(api, ada):
    add(api, Authenticator(), "Blue key")
    assert subjects() == ["A passkey was added to your Burgee account"]
    assert "“Blue key”" in mail.outbox[0].body
    add(api, Authenticator(), "Red key")
    subjects()

    passkeys.remove_all(ada, actor=SYSTEM)

    assert subjects() == ["A passkey of your Burgee account was removed"]
    assert "“Blue key, Red key”" in mail.outbox[0].body


def test_a_link_that_is_made_or_ended_is_told(ada):
    made = links.link(ada, a_person(ada.email), of_server(), explicit=True, actor=oneself(ada))
    assert subjects() == ["Your Burgee account is linked with GitHub"]
    links.unlink(made, actor=oneself(ada))
    assert subjects() == ["Your Burgee account is no longer linked with GitHub"]


def test_who_comes_for_the_first_time_gets_no_letter_and_who_is_found_by_the_address_does(ada, acme):
    come(of(acme), "grace@example.com")
    assert subjects() == []

    come(of_server(), a_user("alan@example.com", email_verified_at=ada.date_joined).email)
    assert subjects("alan@example.com") == ["Your Burgee account is linked with GitHub"]
    come(of_server(), "alan@example.com")
    assert subjects() == []


def test_a_password_that_counts_no_more_is_told(ada):
    squatted = a_user("grace@example.com", PASSWORD)

    assert user_of(come(of_server())) == squatted

    assert subjects("grace@example.com") == [
        "The password of your Burgee account does not count any more",
        "Your Burgee account is linked with GitHub",
    ]


@pytest.mark.database
def test_the_letter_goes_to_the_address_of_that_moment(ada):
    passwords.set_password(ada, current=PASSWORD, new="another-long-one-2", keep=None, actor=oneself(ada))
    type(ada).objects.filter(pk=ada.pk).update(email="thief@example.com")

    assert subjects() == ["The password of your Burgee account was changed"]


@pytest.mark.database
def test_a_change_that_fails_tells_nobody(ada):
    with transaction.atomic():
        links.link(ada, a_person(ada.email), of_server(), explicit=True, actor=oneself(ada))
        transaction.set_rollback(True)

    assert not Letter.objects.exists()
