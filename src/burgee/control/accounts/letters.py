"""The letters that people get about their accounts: owed here, and composed when they are sent."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import Q

from burgee.control.accounts import links
from burgee.control.accounts.models import User
from burgee.control.kit import clock
from burgee.control.mail.delivery import Composer, Composers
from burgee.control.mail.layout import Contents
from burgee.control.mail.services import post, posted
from burgee.control.mail.texts import LetterKind

SECONDS_IN_A_DAY: Final = 86_400
MOMENT: Final = "%d %B %Y, %H:%M UTC"


def post_letter(kind: LetterKind, user: User) -> None:
    """Owe `user` a letter, unless there were too many of that kind lately: strangers can ask for most of them."""
    if _may_have(kind, user):
        post(kind, about=_about(user), user_id=user.pk)


def post_confirmation(user: User, new_email: str) -> None:
    """Owe the new address the link that makes it the user's, unless the user had many sent lately: to strangers."""
    if _may_have(LetterKind.EMAIL_CONFIRMATION, user):
        post(LetterKind.EMAIL_CONFIRMATION, about=_about(user), user_id=user.pk, email=new_email)


def post_email_changed(user: User, old_email: str) -> None:
    """Tell both mailboxes."""
    post(LetterKind.EMAIL_CHANGED, about=_about(user), user_id=user.pk, email=old_email)
    post(LetterKind.EMAIL_WELCOME, about=_about(user), user_id=user.pk)


def post_change(kind: LetterKind, user: User, **words: str) -> None:
    """Tell `user` that a way into their account changed, at the address that they have now."""
    moment = clock.now().strftime(MOMENT)
    post(kind, about=_about(user), email=user.email, words=words | {"email": user.email, "moment": moment})


def _may_have(kind: LetterKind, user: User) -> bool:
    rules = settings.SIGN_IN
    lately = timedelta(seconds=rules.password_reset_email_cooldown)
    return posted(kind, _about(user), within=lately) < rules.max_password_reset_emails


def _about(user: User) -> str:
    return f"user:{user.pk}"


def _user(facts: Mapping[str, Any]) -> User | None:
    return User.objects.filter(Q(is_active=True) | Q(awaits_activation=True), pk=facts["user_id"]).first()


def _with_link(page: str, tokens: PasswordResetTokenGenerator) -> Composer:
    """Composes a letter with a link to `page`, for those to whom it still means something."""

    def compose(facts: Mapping[str, Any]) -> Contents | None:
        user = _user(facts)
        if user is None or (tokens is links.ACTIVATION and not user.awaits_activation):
            return None
        days = settings.PASSWORD_RESET_TIMEOUT // SECONDS_IN_A_DAY
        link = links.link_of(user, page, tokens, settings.LINKS_URL)
        return Contents(to=user.email, words={"email": user.email, "days": str(days)}, link=link)

    return compose


def _confirmation(facts: Mapping[str, Any]) -> Contents | None:
    user = _user(facts)
    if user is None:
        return None
    token = quote(links.new_email_token(user, facts["email"]))
    link = f"{settings.LINKS_URL}/email-change/confirm/{token}/"
    return Contents(to=facts["email"], words={"email": facts["email"]}, link=link)


def _to_user(facts: Mapping[str, Any]) -> Contents | None:
    user = _user(facts)
    minutes = str(settings.SIGN_IN.axes_cooloff_time)
    return Contents(to=user.email, words={"email": user.email, "minutes": minutes}) if user else None


def _to_old_address(facts: Mapping[str, Any]) -> Contents:
    return Contents(to=facts["email"], words={"email": facts["email"]})


def _change(facts: Mapping[str, Any]) -> Contents:
    return Contents(to=facts["email"], words=facts["words"])


CHANGES: Final = (
    LetterKind.APP_ADDED,
    LetterKind.APP_REMOVED,
    LetterKind.PASSKEY_ADDED,
    LetterKind.PASSKEY_REMOVED,
    LetterKind.PASSWORD_CHANGED,
    LetterKind.PASSWORD_REMOVED,
    LetterKind.SOURCE_LINKED,
    LetterKind.SOURCE_UNLINKED,
)

COMPOSERS: Final[Composers] = {
    LetterKind.PASSWORD_RESET: _with_link("password-reset/confirm", links.PASSWORD),
    LetterKind.ACTIVATION: _with_link("activate", links.ACTIVATION),
    LetterKind.EMAIL_RESET: _with_link("email-reset/confirm", links.EMAIL_RESET),
    LetterKind.EMAIL_CONFIRMATION: _confirmation,
    LetterKind.EMAIL_WELCOME: _to_user,
    LetterKind.EMAIL_CHANGED: _to_old_address,
    LetterKind.SIGN_IN_LOCKED: _to_user,
    **dict.fromkeys(CHANGES, _change),
}
