"""Sending what is owed: at least once, by one worker at a time, tried again while the mail server is away."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Final

from cryptography.fernet import InvalidToken
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet

from burgee.control.kit import clock
from burgee.control.mail.layout import Contents, laid_out
from burgee.control.mail.models import Letter
from burgee.control.mail.services import facts_of
from burgee.control.mail.texts import LetterKind

log = logging.getLogger(__name__)

Composer = Callable[[Mapping[str, Any]], Contents | None]
"""From the facts of a letter to what it says; None when there is nothing to say any more."""

Composers = Mapping[LetterKind, Composer]

LEASE: Final = timedelta(minutes=2)
"""How long a letter belongs to whoever claimed it; longer than a mail server may take."""

FIRST_REST: Final = timedelta(seconds=5)
LAST_REST: Final = timedelta(minutes=30)

GIVEN_UP_AFTER: Final = timedelta(days=3)
"""A letter that could not be sent for so long would only confuse."""

PERMANENT: Final = 500
"""From this status on, a mail server means never instead of not now."""

LONGEST_ERROR: Final = 200


def is_due() -> bool:
    """Whether a letter waits for somebody to send it."""
    return _free(clock.now()).exists()


def serve(composers: Composers, *, owner: str, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Send the letters that are due until one fails or none is left; returns how many were tried."""
    tried = 0
    connection = get_connection()
    try:
        while goes_on() and (letter := _claim(owner)) is not None:
            tried += 1
            if not _try(letter, composers, connection):
                break
    finally:
        connection.close()
    return tried


def expire(*, before: datetime) -> int:
    """Forget letters that were done before that moment; returns how many."""
    return Letter.objects.filter(done_at__lt=before).delete()[0]


def rest(attempts: int) -> timedelta:
    """How long a letter rests after that many tries."""
    return min(FIRST_REST * int(2 ** min(max(attempts - 1, 0), 20)), LAST_REST)


def _free(now: datetime) -> QuerySet[Letter]:
    return Letter.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), done_at=None, due_at__lte=now)


def _claim(owner: str) -> Letter | None:
    now = clock.now()
    for letter_id in list(_free(now).order_by("due_at", "id").values_list("pk", flat=True)[:10]):
        mine = _free(now).filter(pk=letter_id)
        if mine.update(owner=owner, lease_until=now + LEASE, attempts=F("attempts") + 1):
            return Letter.objects.get(pk=letter_id)
    return None


def _try(letter: Letter, composers: Composers, connection: BaseEmailBackend) -> bool:
    """Whether the next letter may follow at once."""
    facts = {"letter_id": letter.pk, "kind": letter.kind, "attempt": letter.attempts}
    try:
        contents = composers[LetterKind(letter.kind)](facts_of(letter))
        if contents is not None:
            connection.send_messages([laid_out(LetterKind(letter.kind), contents)])
    except (OSError, SMTPException) as error:
        # First, as a certificate that does not hold is a ValueError, too. The text of such an error may name
        # people, so it stays out of logs and tables.
        log.warning("a letter could not be sent", extra=facts | {"error": type(error).__name__})
        return _fail(letter, error)
    except (InvalidToken, LookupError, ValueError) as error:
        # It cannot be composed: an unknown key of the ring, a kind of a newer release.
        log.exception("a letter cannot be composed", extra=facts)
        _end(letter, error=type(error).__name__)
    except Exception as error:
        # What nobody thought of holds up this letter and no other.
        log.exception("a letter could not be sent", extra=facts)
        _fail(letter, error)
    else:
        _end(letter, error=None if contents else "superseded", is_sent=contents is not None)
    return True


def _fail(letter: Letter, error: Exception) -> bool:
    described = _described(error)
    if _is_final(error) or clock.now() - letter.created_at > GIVEN_UP_AFTER:
        _end(letter, error=described)
        return True
    _mine(letter).update(owner=None, lease_until=None, due_at=clock.now() + rest(letter.attempts), last_error=described)
    return False


def _end(letter: Letter, *, error: str | None, is_sent: bool = False) -> None:
    _mine(letter).update(
        owner=None,
        lease_until=None,
        ciphertext=None,
        done_at=clock.now(),
        is_sent=is_sent,
        last_error=error,
    )


def _mine(letter: Letter) -> QuerySet[Letter]:
    return Letter.objects.filter(pk=letter.pk, owner=letter.owner)


def _is_final(error: Exception) -> bool:
    """Whether the mail server said that this letter will never be taken."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(status >= PERMANENT for status, _ in error.recipients.values())


def _described(error: Exception) -> str:
    status = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__}{status}"[:LONGEST_ERROR]
