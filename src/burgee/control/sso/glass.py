"""Breaking the glass: who may come by password although it is switched off, for when a provider is down."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from burgee.control.accounts.models import User, email_key
from burgee.control.accounts.records import tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.mail.delivery import Composers
from burgee.control.mail.layout import Contents
from burgee.control.mail.services import post
from burgee.control.mail.texts import LetterKind
from burgee.control.sso.errors import SuperuserNeeded
from burgee.control.sso.models import BreakGlass


def may_break(user: User) -> bool:
    """Whether `user` may sign in by password whatever policy says."""
    if user.email_key in {email_key(email) for email in settings.SSO.break_glass_emails}:
        return True
    return user.is_superuser and BreakGlass.objects.filter(user=user, until__gt=clock.now()).exists()


@transaction.atomic
def allow(user: User, *, hours: int) -> BreakGlass:
    """Let a superuser in by password for so many hours."""
    if not (user.is_superuser and user.is_active):
        raise SuperuserNeeded
    until = clock.now() + timedelta(hours=hours)
    row, _ = BreakGlass.objects.update_or_create(user=user, defaults={"until": until})
    tell(user, EventType.GLASS_OPENED, actor=SYSTEM, until=until.isoformat(timespec="minutes"))
    return row


@transaction.atomic
def end(user: User) -> bool:
    """Take that back; whether there was anything to take back."""
    ended, _ = BreakGlass.objects.filter(user=user, until__gt=clock.now()).delete()
    if ended:
        tell(user, EventType.GLASS_CLOSED, actor=SYSTEM)
    return bool(ended)


def post_alarm(user: User) -> None:
    """Tell whoever came, and every superuser."""
    told = User.objects.filter(Q(pk=user.pk) | Q(is_superuser=True), is_active=True)
    for number in told.values_list("pk", flat=True):
        post(LetterKind.GLASS_BROKEN, about=f"user:{number}", user_id=number, whom=user.email)


def _alarm(facts: Mapping[str, Any]) -> Contents | None:
    user = User.objects.filter(pk=facts["user_id"], is_active=True).first()
    return Contents(to=user.email, words={"email": facts["whom"]}) if user else None


COMPOSERS: Final[Composers] = {LetterKind.GLASS_BROKEN: _alarm}
