"""Setting passwords, and the links by which people do it themselves."""

from urllib.parse import quote

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from burgee.control.accounts.errors import LinkInvalid, WrongPassword
from burgee.control.accounts.models import Token, User
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import Actor


@transaction.atomic
def set_password(user: User, *, current: str, new: str, keep: Token | None, actor: Actor) -> User:
    """Replace the password; every sign-in but `keep` ends."""
    if not user.check_password(current):
        raise WrongPassword
    return _replace_password(user, new, keep=keep, actor=actor)


@transaction.atomic
def reset_password(uid: str, token: str, new: str) -> User:
    """Replace the password of the user that a link names; the link works once, and every sign-in ends."""
    user = user_of_link(uid, token)
    return _replace_password(user, new, keep=None, actor=Actor.user(user.pk, user.email))


def user_of_link(uid: str, token: str) -> User:
    """The user whom a password link was made for; raises LinkInvalid for a wrong, used or old one."""
    try:
        number = int(urlsafe_base64_decode(uid).decode("ascii"))
    except ValueError as error:
        raise LinkInvalid from error
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        raise LinkInvalid
    return user


def password_link(user: User, public_url: str) -> str:
    """Where `user` may set a password without knowing the old one."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return f"{public_url.rstrip('/')}/password-reset/confirm/{quote(uid)}/{quote(token)}"


def _replace_password(user: User, new: str, *, keep: Token | None, actor: Actor) -> User:
    user.set_password(new)
    user.save(update_fields=["password"])
    Token.objects.filter(user=user).exclude(pk=keep.pk if keep else 0).delete()
    change = Change(object=ObjectType.USER, action="updated", id=user.pk, uuid=str(user.uuid))
    publish(EventType.USER_CHANGED, scope=Scope(), changes=[change], actor=actor)
    return user
