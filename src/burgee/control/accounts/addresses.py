"""Proving an address, and changing it."""

from django.conf import settings
from django.db import transaction

from burgee.control.accounts import links
from burgee.control.accounts.errors import ActivationOff, LinkInvalid, LinkUsed, NewEmailTaken, WrongPassword
from burgee.control.accounts.letters import post_change, post_confirmation, post_email_changed, post_letter
from burgee.control.accounts.models import Token, User, email_key
from burgee.control.accounts.records import oneself, tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.mail.texts import LetterKind


@transaction.atomic
def ask_for_activation(email: str) -> None:
    """Mail the link again; whether anybody waits for it is not told."""
    if not settings.SIGN_IN.enable_email_activation:
        raise ActivationOff
    user = User.objects.with_email(email)
    if user is not None and user.awaits_activation:
        post_letter(LetterKind.ACTIVATION, user)


@transaction.atomic
def activate(uid: str, token: str) -> User:
    """The address is the user's: the account works from now on."""
    user = links.user_of(uid, token, links.ACTIVATION)
    if not user.awaits_activation:
        raise LinkUsed
    user.is_active, user.awaits_activation, user.email_verified_at = True, False, clock.now()
    user.save(update_fields=["is_active", "awaits_activation", "email_verified_at"])
    tell(user, EventType.USER_ACTIVATED, actor=oneself(user))
    return user


@transaction.atomic
def set_email(user: User, new_email: str, *, current_password: str, actor: Actor) -> None:
    """Change the address: at once, or where this server wants addresses confirmed, by a link that is mailed to it."""
    if not user.check_password(current_password):
        raise WrongPassword
    if User.objects.filter(email_key=email_key(new_email)).exclude(pk=user.pk).exists():
        raise NewEmailTaken
    if settings.SIGN_IN.enable_email_activation:
        post_confirmation(user, new_email)
    else:
        move(user, new_email, proved=False, actor=actor)


@transaction.atomic
def confirm_email(token: str) -> User:
    """The link that was mailed to a new address was followed."""
    user, new_email = links.new_email_of(token)
    move(user, new_email, proved=True, actor=oneself(user))
    return user


@transaction.atomic
def ask_for_another_email(email: str) -> None:
    """Mail a link with which the user chooses another address; whether anybody has this one is not told."""
    user = User.objects.with_email(email)
    if user is not None and user.is_active:
        post_letter(LetterKind.EMAIL_RESET, user)


@transaction.atomic
def reset_email(uid: str, token: str, new_email: str) -> User:
    """Change the address of the user whom a link names."""
    user = links.user_of(uid, token, links.EMAIL_RESET)
    if not user.is_active:
        raise LinkInvalid
    if settings.SIGN_IN.enable_email_activation:
        post_confirmation(user, new_email)
    else:
        move(user, new_email, proved=False, actor=oneself(user))
    return user


@transaction.atomic
def start_over(user: User, *, proved: bool, actor: Actor) -> None:
    """Nobody had proved the address before `user` came: what somebody else may have set goes.

    `proved`: whoever vouches for `user` may do so for every address.
    """
    if user.has_usable_password():
        post_change(LetterKind.PASSWORD_REMOVED, user)
    user.set_password(None)
    user.is_active, user.awaits_activation = user.is_active or user.awaits_activation, False
    user.email_verified_at = clock.now() if proved else None
    user.save(update_fields=["password", "is_active", "awaits_activation", "email_verified_at"])
    Token.objects.filter(user=user).delete()
    tell(user, EventType.USER_ACTIVATED, actor=actor)


def move(user: User, new_email: str, *, proved: bool, actor: Actor) -> None:
    """Both mailboxes are told. `proved`: a link that was mailed to the new one was followed."""
    old_email = user.email
    if new_email == old_email:
        return
    user.email, user.email_key = new_email, email_key(new_email)
    user.email_verified_at = clock.now() if proved else None
    with on_violation(NewEmailTaken()):
        user.save(update_fields=["email", "email_key", "email_verified_at"])
    post_email_changed(user, old_email)
    tell(user, EventType.USER_CHANGED, actor=actor, address="another one")
