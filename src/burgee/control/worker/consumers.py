"""The one table of who hears of what: to learn what follows an event, read this."""

from typing import Final

from burgee.control.events.relay import Consumer
from burgee.control.publishing.services import publish_event

CONSUMERS: Final[tuple[Consumer, ...]] = (Consumer(name="publishing", handle=publish_event, inline=True),)
