"""Owing letters."""

from datetime import timedelta
from typing import Any

import msgspec
from django.db import transaction

from burgee.control.events import wakeup
from burgee.control.kit import clock
from burgee.control.kit.secrets import decrypt, encrypt
from burgee.control.mail.models import Letter
from burgee.control.mail.texts import LetterKind


def post(kind: LetterKind, *, about: str | None = None, **facts: Any) -> None:
    """Owe a letter. Inside the transaction of what it tells of, both are kept or neither; nothing waits for it.

    `facts` are ids and addresses from which the letter is composed when it is sent.
    """
    now = clock.now()
    ciphertext = encrypt(msgspec.json.encode(facts).decode())
    Letter.objects.create(kind=kind.value, about=about, ciphertext=ciphertext, created_at=now, due_at=now)
    transaction.on_commit(wakeup.nudge)


def posted(kind: LetterKind, about: str, *, within: timedelta) -> int:
    """How many letters of that kind were owed about `about` lately, sent or not."""
    return Letter.objects.filter(kind=kind.value, about=about, created_at__gt=clock.now() - within).count()


def facts_of(letter: Letter) -> dict[str, Any]:
    """What `post` was given."""
    return msgspec.json.decode(decrypt(letter.ciphertext or ""), type=dict[str, Any])
