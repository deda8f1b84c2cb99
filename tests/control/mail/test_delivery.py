"""Letters against a real mail server: sent after commit, kept while it is away, each to whom it is meant."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction

from burgee.control.accounts.passwords import ask_for_password
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.mail import delivery
from burgee.control.mail.models import Letter
from burgee.control.mail.services import facts_of, post
from burgee.control.mail.texts import ENGLISH, LetterKind
from burgee.control.organisations.invites import invite
from burgee.control.worker.postman import COMPOSERS, Postman
from tests.control.postman import send_letters
from tests.factories.accounts import a_user
from tests.factories.organisations import an_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return a_user("ada@example.com")


@pytest.fixture
def owed(ada) -> Letter:
    ask_for_password(ada.email)
    return Letter.objects.get()


def test_a_letter_arrives_as_text_and_as_html(mail_server, owed):
    assert send_letters() == 1

    (letter,) = mail_server.letters
    plain, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert (letter["To"], letter["Subject"]) == ("ada@example.com", "A new password for Burgee")
    assert "/password-reset/confirm/" in plain
    assert "/password-reset/confirm/" in html
    assert "Choose a password</a>" in html


def test_a_sent_letter_keeps_nothing_of_what_it_said(mail_server, owed):
    send_letters()

    owed.refresh_from_db()
    assert (owed.is_sent, owed.ciphertext, owed.last_error) == (True, None, None)


def test_what_is_owed_holds_no_address_and_no_link(owed, ada):
    assert facts_of(owed) == {"user_id": ada.pk}
    assert "ada" not in owed.ciphertext


def test_a_letter_waits_for_a_mail_server_that_is_away(mail_server, owed):
    mail_server.stop()
    assert send_letters() == 1
    owed.refresh_from_db()
    assert (owed.done_at, owed.last_error) == (None, "ConnectionRefusedError")
    assert owed.due_at > clock.now()

    mail_server.start()
    assert send_letters() == 1
    assert [letter["To"] for letter in mail_server.letters] == ["ada@example.com"]


@pytest.mark.database
def test_a_letter_is_not_tried_before_its_rest_is_over(mail_server, owed):
    mail_server.stop()
    send_letters()

    assert delivery.serve(COMPOSERS, owner="test") == 0


def test_rests_grow_up_to_half_an_hour():
    rests = [delivery.rest(attempts).total_seconds() for attempts in (1, 2, 3, 100)]

    assert rests == [5, 10, 20, 1800]


def test_a_refused_recipient_ends_a_letter_and_no_other(mail_server, owed):
    mail_server.answers.append("550 no such mailbox")
    ask_for_password(a_user("bob@example.com").email)

    assert send_letters() == 2

    owed.refresh_from_db()
    assert (owed.is_sent, owed.last_error) == (False, "SMTPRecipientsRefused")
    assert [letter["To"] for letter in mail_server.letters] == ["bob@example.com"]


def test_a_recipient_refused_for_now_is_tried_again(mail_server, owed):
    mail_server.answers.append("450 try later")
    send_letters()
    send_letters()

    assert len(mail_server.letters) == 1


@pytest.mark.database
def test_a_letter_is_given_up_after_days(mail_server, owed):
    mail_server.stop()
    Letter.objects.update(created_at=clock.now() - timedelta(days=4))
    send_letters()

    owed.refresh_from_db()
    assert (owed.is_sent, owed.ciphertext) == (False, None)
    assert owed.done_at is not None


def test_a_letter_of_which_nothing_is_left_to_say_is_dropped(mail_server, owed, ada):
    ada.delete()
    send_letters()

    owed.refresh_from_db()
    assert (owed.is_sent, owed.last_error, mail_server.letters) == (False, "superseded", [])


def test_an_invitation_that_was_taken_back_is_not_sent(mail_server):
    row = invite(an_organisation(), "zoe@example.com", actor=SYSTEM)
    row.delete()
    send_letters()

    assert mail_server.letters == []


@pytest.mark.database
def test_a_letter_of_a_newer_release_is_put_aside(mail_server, owed):
    Letter.objects.update(kind="from_the_future")
    assert send_letters() == 1

    owed.refresh_from_db()
    assert (owed.is_sent, owed.last_error) == (False, "ValueError")


def test_a_letter_that_fails_for_a_reason_nobody_thought_of_rests_and_holds_up_no_other(mail_server, owed, ada):
    post(LetterKind.PASSWORD_CHANGED, user_id=ada.pk)
    broken = {**COMPOSERS, LetterKind(owed.kind): lambda _: [].strip()}
    assert delivery.serve(broken, owner="test") == 2

    owed.refresh_from_db()
    assert (owed.done_at, owed.owner, owed.last_error) == (None, None, "AttributeError")
    assert owed.due_at > clock.now()
    assert Letter.objects.exclude(pk=owed.pk).get().done_at is not None


@pytest.mark.database
def test_a_write_that_fails_owes_nobody_a_letter(ada):
    with transaction.atomic():
        ask_for_password(ada.email)
        transaction.set_rollback(True)

    assert not Letter.objects.exists()


@pytest.mark.database
def test_a_letter_belongs_to_one_worker_at_a_time(mail_server, owed):
    Letter.objects.update(owner="another", lease_until=clock.now() + timedelta(minutes=1))
    assert delivery.serve(COMPOSERS, owner="test") == 0

    Letter.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert delivery.serve(COMPOSERS, owner="test") == 1


def test_a_name_with_line_breaks_and_markup_stays_a_name(mail_server):
    organisation = an_organisation(name="Acme\r\nBcc: eve@example.com <b>")
    invite(organisation, "zoe@example.com", actor=SYSTEM)
    send_letters()

    (letter,) = mail_server.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "You are invited to Acme Bcc: eve@example.com <b> on Burgee"
    assert "&lt;b&gt;" in letter.get_body(("html",)).get_content()


@pytest.mark.database
def test_old_letters_are_forgotten(mail_server, owed):
    send_letters()

    assert delivery.expire(before=clock.now() - timedelta(days=1)) == 0
    assert delivery.expire(before=clock.now()) == 1


def test_every_letter_has_a_composer():
    assert set(COMPOSERS) == set(LetterKind) == set(ENGLISH)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_worker_s_postman_sends_in_a_thread_of_its_own(mail_server):
    post(LetterKind.PASSWORD_RESET, user_id=a_user("ada@example.com").pk)
    postman = Postman("test")
    try:
        assert postman.send_due() is True
        deadline = time.monotonic() + 20
        while not Letter.objects.filter(is_sent=True).exists():
            assert time.monotonic() < deadline, "it was not sent in time"
            threading.Event().wait(0.01)
    finally:
        postman.stop()
    assert len(mail_server.letters) == 1
    assert postman.send_due() is False
