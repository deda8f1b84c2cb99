"""The second factor: time-based codes of an authenticator app (RFC 6238), and backup codes for when it is lost."""

import base64
import hmac
import secrets
from typing import Final
from urllib.parse import quote

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from burgee.control.accounts.errors import CodeRefused, SecondFactorMissing, SecondFactorThere
from burgee.control.accounts.letters import post_change
from burgee.control.accounts.models import BackupCode, SecondFactor, User
from burgee.control.accounts.records import tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.ids import ALPHABET
from burgee.control.kit.secrets import decrypt, encrypt
from burgee.control.mail.texts import LetterKind

ISSUER: Final = "Burgee"
SEED_BYTES: Final = 20
STEP_SECONDS: Final = 30
DIGITS: Final = 6

STEPS_AROUND: Final = 1
"""How far the clock of a telephone may be away, either way."""

BACKUP_CODES: Final = 5
BACKUP_LENGTH: Final = 10


def is_active(user: User) -> bool:
    """Whether signing in needs a code."""
    return SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()


@transaction.atomic
def begin(user: User) -> tuple[str, str]:
    """A new seed, and the link that authenticator apps read; nothing is needed of the user until it is confirmed."""
    if is_active(user):
        raise SecondFactorThere
    seed = base64.b32encode(secrets.token_bytes(SEED_BYTES)).decode()
    SecondFactor.objects.update_or_create(user=user, defaults={"ciphertext": encrypt(seed), "created_at": clock.now()})
    label = f"{quote(ISSUER)}:{quote(user.email, safe='')}"
    return seed, f"otpauth://totp/{label}?secret={seed}&issuer={quote(ISSUER)}"


@transaction.atomic
def confirm(user: User, code: str, *, actor: Actor) -> list[str]:
    """From now on signing in needs a code; returns the backup codes, which are shown this once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        raise SecondFactorMissing
    if factor.confirmed_at is not None:
        raise SecondFactorThere
    if not _spend_step(factor, code):
        raise CodeRefused
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=clock.now())
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(BACKUP_LENGTH)) for _ in range(BACKUP_CODES)]
    BackupCode.objects.bulk_create([BackupCode(factor=factor, password=make_password(made)) for made in codes])
    tell(user, EventType.SECOND_FACTOR_ADDED, actor=actor)
    post_change(LetterKind.APP_ADDED, user)
    return codes


@transaction.atomic
def remove(user: User, *, actor: Actor) -> None:
    """Signing in needs the password only."""
    if not is_active(user):
        raise SecondFactorMissing
    SecondFactor.objects.filter(user=user).delete()
    tell(user, EventType.SECOND_FACTOR_REMOVED, actor=actor)
    post_change(LetterKind.APP_REMOVED, user)


def accept(user: User, code: str) -> bool:
    """Whether `code` lets `user` in; each works once."""
    factor = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    if factor is None:
        return False
    return _spend_step(factor, code) if len(code) == DIGITS else _spend_backup(factor, code)


def _spend_step(factor: SecondFactor, code: str) -> bool:
    """Whether `code` is of about now and of a later step than any before; the database decides who was first."""
    step = _step_of(factor, code)
    if step is None:
        return False
    newer = SecondFactor.objects.filter(pk=factor.pk, ciphertext=factor.ciphertext, last_step__lt=step)
    return bool(newer.update(last_step=step))


def _step_of(factor: SecondFactor, code: str) -> int | None:
    try:
        seed = base64.b32decode(decrypt(factor.ciphertext))
    except InvalidToken:
        return None
    # What authenticator apps agree on is SHA-1; as a keyed hash it is sound.
    totp = TOTP(seed, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
    now = int(clock.now().timestamp()) // STEP_SECONDS
    matching = [
        step
        for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
        if hmac.compare_digest(totp.generate(step * STEP_SECONDS), code.encode())
    ]
    return max(matching, default=None)


def _spend_backup(factor: SecondFactor, code: str) -> bool:
    if len(code) != BACKUP_LENGTH:
        return False
    for backup in factor.backup_codes.filter(used_at=None):
        if check_password(code, backup.password):
            return bool(BackupCode.objects.filter(pk=backup.pk, used_at=None).update(used_at=clock.now()))
    return False
