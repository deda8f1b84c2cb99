"""Links by which people prove that a mailbox is theirs. Their tokens are signed when needed and stored nowhere.

A token works once, because what it is made from changes by using it: the password or the address.
"""

from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator, default_token_generator
from django.core import signing
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from burgee.control.accounts.errors import LinkInvalid
from burgee.control.accounts.models import User
from burgee.control.kit.digests import sha256_hex

NEW_EMAIL_SALT: Final = "burgee.accounts.new_email"


class ActivationTokens(PasswordResetTokenGenerator):
    key_salt = "burgee.accounts.activation"


class EmailResetTokens(PasswordResetTokenGenerator):
    key_salt = "burgee.accounts.email_reset"


PASSWORD: Final = default_token_generator
ACTIVATION: Final = ActivationTokens()
EMAIL_RESET: Final = EmailResetTokens()


def user_of(uid: str, token: str, tokens: PasswordResetTokenGenerator) -> User:
    """The user whom a link was made for, active or not; raises LinkInvalid for a wrong, used or old one."""
    try:
        number = int(urlsafe_base64_decode(uid).decode("ascii"))
    except ValueError as error:
        raise LinkInvalid from error
    user = User.objects.filter(pk=number).first() if 0 < number < 2**63 else None
    if user is None or not tokens.check_token(user, token):
        raise LinkInvalid
    return user


def link_of(user: User, page: str, tokens: PasswordResetTokenGenerator, public_url: str) -> str:
    """The address of `page` with a token for `user`."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"{public_url.rstrip('/')}/{page}/{quote(uid)}/{quote(tokens.make_token(user))}/"


def new_email_token(user: User, new_email: str) -> str:
    """Says that `user` wants to be at `new_email`; void once the address or the password has changed."""
    return signing.dumps([user.pk, _state_of(user), new_email], salt=NEW_EMAIL_SALT, compress=True)


def new_email_of(token: str) -> tuple[User, str]:
    """Who wants to be where."""
    try:
        number, state, new_email = signing.loads(token, salt=NEW_EMAIL_SALT, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except (signing.BadSignature, ValueError) as error:
        raise LinkInvalid from error
    user = User.objects.filter(pk=number, is_active=True).first()
    if user is None or _state_of(user) != state:
        raise LinkInvalid
    return user, str(new_email)


def _state_of(user: User) -> str:
    """Whoever gets their account back by a new password must not lose it to a link from before."""
    return sha256_hex(f"{user.email_key}{user.password}")[:32]
