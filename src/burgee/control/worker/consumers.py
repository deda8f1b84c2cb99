"""The one table of who hears of what: to learn what follows an event, read this."""

from typing import Final

from burgee.control.audit.messages import lines_for_receivers
from burgee.control.audit.services import record
from burgee.control.events.models import Event
from burgee.control.events.relay import Consumer
from burgee.control.publishing.services import publish_event
from burgee.control.sso.telling import TOLD, tell_organisations
from burgee.control.webhooks.fanout import fan_out


def owe_webhooks(event: Event) -> None:
    """Hooks of organisations are told the lines of the audit log, so those are written first."""
    fan_out(event, lines_for_receivers)


CONSUMERS: Final[tuple[Consumer, ...]] = (
    Consumer(name="publishing", handle=publish_event, inline=True),
    Consumer(name="accounts", handle=tell_organisations, events=TOLD),
    Consumer(name="audit", handle=record, in_order=True),
    Consumer(name="webhooks", handle=owe_webhooks, in_order=True),
)
