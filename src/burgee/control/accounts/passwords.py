"""Setting passwords, and the links by which people do it themselves."""

from django.db import transaction

from burgee.control.accounts import links
from burgee.control.accounts.errors import LinkInvalid, WrongPassword
from burgee.control.accounts.letters import post_change, post_letter
from burgee.control.accounts.lockout import end_lock
from burgee.control.accounts.models import Token, User
from burgee.control.accounts.records import oneself, tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.mail.texts import LetterKind


@transaction.atomic
def set_password(user: User, *, current: str, new: str, keep: Token | None, actor: Actor) -> User:
    """Replace the password; every sign-in but `keep` ends."""
    if not user.check_password(current):
        raise WrongPassword
    return _replace_password(user, new, keep=keep, actor=actor)


@transaction.atomic
def ask_for_password(email: str) -> None:
    """Mail a link for a new password; whether anybody has the address is not told."""
    user = User.objects.with_email(email)
    if user is not None and user.is_active:
        post_letter(LetterKind.PASSWORD_RESET, user)


@transaction.atomic
def reset_password(uid: str, token: str, new: str) -> User:
    """Replace the password of the user that a link names; the link works once, and every sign-in and lock ends."""
    user = user_of_link(uid, token)
    end_lock(user)
    user.email_verified_at = clock.now()  # The link was mailed to the address.
    user.save(update_fields=["email_verified_at"])
    return _replace_password(user, new, keep=None, actor=oneself(user))


def user_of_link(uid: str, token: str) -> User:
    """The user whom a password link was made for; raises LinkInvalid for a wrong, used or old one."""
    user = links.user_of(uid, token, links.PASSWORD)
    if not user.is_active:
        raise LinkInvalid
    return user


def password_link(user: User, public_url: str) -> str:
    """Where `user` may set a password without knowing the old one."""
    return links.link_of(user, "password-reset/confirm", links.PASSWORD, public_url)


def _replace_password(user: User, new: str, *, keep: Token | None, actor: Actor) -> User:
    user.set_password(new)
    user.save(update_fields=["password"])
    Token.objects.filter(user=user).exclude(pk=keep.pk if keep else 0).delete()
    tell(user, EventType.USER_CHANGED, actor=actor)
    post_change(LetterKind.PASSWORD_CHANGED, user)
    return user
