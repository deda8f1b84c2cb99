"""What letters say: every sentence of every letter stands here and nowhere else, one table a language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct


class LetterKind(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of letter
    ACTIVATION = "activation"
    EMAIL_RESET = "email_reset"
    EMAIL_CONFIRMATION = "email_confirmation"
    EMAIL_WELCOME = "email_welcome"
    EMAIL_CHANGED = "email_changed"
    SIGN_IN_LOCKED = "sign_in_locked"
    GLASS_BROKEN = "glass_broken"
    WEBHOOK_FAILED = "webhook_failed"
    WEBHOOK_PAUSED = "webhook_paused"


class Text(Struct, frozen=True, kw_only=True):
    """``$words`` are filled in by whoever composes the letter; ``button`` names where its link leads."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""
    after: tuple[str, ...] = ()


class Frame(Struct, frozen=True, kw_only=True):
    """What stands around every letter."""

    greeting: str
    footer: str


ENGLISH_FRAME: Final = Frame(greeting="Hello,", footer="Burgee at $server sent this letter.")

ENGLISH: Final[Mapping[LetterKind, Text]] = {
    LetterKind.INVITATION: Text(
        subject="You are invited to $organisation on Burgee",
        paragraphs=("$inviter invites you to work with $organisation on Burgee.",),
        button="Join",
        after=("If you do not know why you got this letter, you can ignore it.",),
    ),
    LetterKind.PASSWORD_RESET: Text(
        subject="A new password for Burgee",
        paragraphs=("Somebody, probably you, asked for a new password for $email.",),
        button="Choose a password",
        after=("The link works once, for $days days. If it was not you, ignore this letter: nothing has changed.",),
    ),
    LetterKind.ACTIVATION: Text(
        subject="Confirm your address for Burgee",
        paragraphs=("Welcome to Burgee. Confirm that $email is your address, and your account is ready.",),
        button="Confirm",
        after=("If you did not sign up, ignore this letter.",),
    ),
    LetterKind.EMAIL_RESET: Text(
        subject="A new address for your Burgee account",
        paragraphs=("Somebody, probably you, asked to sign in with another address than $email.",),
        button="Choose another address",
        after=("The link works once, for $days days. If it was not you, ignore this letter: nothing has changed.",),
    ),
    LetterKind.EMAIL_CONFIRMATION: Text(
        subject="Confirm your new address for Burgee",
        paragraphs=("You asked to sign in to Burgee with $email from now on.",),
        button="Confirm",
        after=("Until then the old address stays. If it was not you, ignore this letter.",),
    ),
    LetterKind.EMAIL_WELCOME: Text(
        subject="Your new address for Burgee",
        paragraphs=("You sign in to Burgee with $email from now on.",),
    ),
    LetterKind.EMAIL_CHANGED: Text(
        subject="The address of your Burgee account was changed",
        paragraphs=(
            "The account that you signed in to with $email has another address now.",
            "If it was not you, tell an administrator of this server at once: somebody knows your password.",
        ),
    ),
    LetterKind.SIGN_IN_LOCKED: Text(
        subject="Signing in to your Burgee account is locked",
        paragraphs=(
            "Somebody tried so often to sign in as $email, and failed, that signing in is locked for $minutes minutes.",
            "If it was you, wait, or ask for a new password: that ends the lock.",
            "If it was not you, there is nothing to do; nobody got in.",
        ),
    ),
    LetterKind.GLASS_BROKEN: Text(
        subject="Somebody broke the glass: a password sign-in to Burgee",
        paragraphs=(
            "$email signed in with a password just now, although this server wants another way of signing in.",
            "That is what the break-glass access is for. If nobody needed it, end that account's sign-ins at once.",
        ),
    ),
    LetterKind.WEBHOOK_FAILED: Text(
        subject="A webhook of $organisation fails",
        paragraphs=(
            "Burgee could not deliver a message to the webhook at $address: $reason",
            "It was tried as often as this server allows and given up. Messages that follow are still sent.",
            "The list of deliveries of the webhook shows it; from there it can be sent again.",
        ),
    ),
    LetterKind.WEBHOOK_PAUSED: Text(
        subject="A webhook of $organisation is paused",
        paragraphs=(
            "The webhook at $address failed so often in a row that Burgee paused it.",
            "What is meant for it is kept for a while.",
            "Repair the receiver, then resume the webhook.",
        ),
    ),
}
