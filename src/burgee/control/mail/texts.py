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
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of letter
    PASSWORD_REMOVED = "password_removed"  # noqa: S105 - a kind of letter
    SOURCE_LINKED = "source_linked"
    SOURCE_UNLINKED = "source_unlinked"
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


def _changed(subject: str, what: str, *, also: str = "") -> Text:
    """A way into an account is another one now; its owner must be able to object."""
    alarm = (
        "If it was not you, or an administrator at your request, somebody else is in your account: ask for a new "
        "password, end the sign-ins that you do not know, and tell an administrator of this server."
    )
    paragraphs = (f"On $moment, for the account of $email: {what}", also, alarm)
    return Text(subject=subject, paragraphs=tuple(filter(None, paragraphs)))


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
    LetterKind.APP_ADDED: _changed(
        "Your Burgee account has an authenticator app now",
        "an authenticator app was set up, with new backup codes.",
        also="Signing in asks for its code from now on.",
    ),
    LetterKind.APP_REMOVED: _changed(
        "The authenticator app of your Burgee account was removed",
        "the authenticator app was removed, and its backup codes with it.",
        also="Signing in asks for no code any more.",
    ),
    LetterKind.PASSKEY_ADDED: _changed(
        "A passkey was added to your Burgee account", "the passkey “$name” was added. It opens the account."
    ),
    LetterKind.PASSKEY_REMOVED: _changed(
        "A passkey of your Burgee account was removed",
        "the passkey “$name” was removed. It does not open the account any more.",
    ),
    LetterKind.PASSWORD_CHANGED: _changed(
        "The password of your Burgee account was changed",
        "the password was changed.",
        also="Other sign-ins ended with it.",
    ),
    LetterKind.PASSWORD_REMOVED: _changed(
        "The password of your Burgee account does not count any more",
        "you came by a source that vouches for your address, which nobody had proved before. The password that was "
        "set until then, and its sign-ins, count no more.",
        also="If you want a password, ask for a new one where you sign in.",
    ),
    LetterKind.SOURCE_LINKED: _changed(
        "Your Burgee account is linked with $name", "it is linked with $name now, and opens to whom that vouches for."
    ),
    LetterKind.SOURCE_UNLINKED: _changed(
        "Your Burgee account is no longer linked with $name", "the link with $name was ended."
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
