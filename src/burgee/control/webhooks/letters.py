"""The letters about webhooks that fail: owed here, and composed when they are sent."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from burgee.control.mail.delivery import Composers
from burgee.control.mail.layout import Contents
from burgee.control.mail.services import post
from burgee.control.mail.texts import LetterKind
from burgee.control.organisations.models import Membership, Organisation, Role
from burgee.control.webhooks.models import Webhook
from burgee.control.webhooks.services import address_of


def tell_failure(hook: Webhook, reason: str) -> None:
    """Say that a message was given up; said once until a message arrives again."""
    _post(LetterKind.WEBHOOK_FAILED, hook, reason)


def tell_pause(hook: Webhook) -> None:
    """Say that nothing more is sent until somebody resumes the hook."""
    _post(LetterKind.WEBHOOK_PAUSED, hook, "")


def _post(kind: LetterKind, hook: Webhook, reason: str) -> None:
    for email in _readers(hook.organisation):
        post(kind, about=f"webhook:{hook.pk}", webhook_id=hook.pk, email=email, reason=reason)


def _readers(organisation: Organisation) -> Iterator[str]:
    """The address that the organisation names for this; without one, its administrators."""
    if organisation.webhook_notification_email:
        yield organisation.webhook_notification_email
        return
    admins = Membership.objects.filter(organisation=organisation, role=Role.ADMIN, user__is_active=True)
    yield from admins.order_by("user_id").values_list("user__email", flat=True)


def _compose(facts: Mapping[str, Any]) -> Contents | None:
    hook = Webhook.objects.select_related("organisation").filter(pk=facts["webhook_id"]).first()
    if hook is None:
        return None
    words = {"organisation": hook.organisation.name, "address": address_of(hook.url), "reason": facts["reason"]}
    return Contents(to=facts["email"], words=words)


COMPOSERS: Final[Composers] = {LetterKind.WEBHOOK_FAILED: _compose, LetterKind.WEBHOOK_PAUSED: _compose}
