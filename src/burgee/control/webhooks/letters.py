"""The letters about webhooks that fail; their texts stand here and nowhere else."""

import logging
from string import Template
from typing import Final

from django.core.mail import send_mail

from burgee.control.webhooks.models import Webhook
from burgee.control.webhooks.services import address_of

log = logging.getLogger(__name__)

FAILURE_SUBJECT: Final = Template("A webhook of $organisation fails")

FAILURE: Final = Template("""Hello,

Burgee could not deliver a message to the webhook at $address: $reason

It was tried as often as this server allows and given up. The list of deliveries of the webhook shows it; from there it
can be sent again. Messages that follow are still sent.
""")

PAUSE_SUBJECT: Final = Template("A webhook of $organisation is paused")

PAUSE: Final = Template("""Hello,

The webhook at $address failed so often in a row that Burgee paused it. What is meant for it is kept for a while.

Repair the receiver, then resume the webhook.
""")


def tell_failure(hook: Webhook, reason: str) -> None:
    """Say that a message was given up; said once until a message arrives again."""
    _send(hook, FAILURE_SUBJECT, FAILURE, reason)


def tell_pause(hook: Webhook) -> None:
    _send(hook, PAUSE_SUBJECT, PAUSE, "")


def _send(hook: Webhook, subject: Template, text: Template, reason: str) -> None:
    email = hook.organisation.webhook_notification_email
    if not email:
        return
    named = {
        "organisation": " ".join(hook.organisation.name.split()),
        "address": address_of(hook.url),
        "reason": reason,
    }
    try:
        send_mail(subject.substitute(named), text.substitute(named), None, [email])
    except OSError as error:
        log.warning("a letter about a webhook could not be mailed", exc_info=error)
