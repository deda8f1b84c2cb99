"""Work done by the worker, for tests: what consumers owe is carried out here and now."""

from burgee.control.events import relay
from burgee.control.events.models import Delivery
from burgee.control.worker.consumers import CONSUMERS


def everything_delivered() -> None:
    """Number the committed events and have every consumer hear of them."""
    while relay.dispatch(CONSUMERS):
        continue
    while relay.deliver(CONSUMERS, owner="test"):
        continue
    assert not Delivery.objects.exclude(consumer="publishing").filter(done_at=None).exists()
