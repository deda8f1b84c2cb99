"""Sending in a test what a worker would send, with what composes letters in earnest."""

from burgee.control.kit import clock
from burgee.control.mail import delivery
from burgee.control.mail.models import Letter
from burgee.control.worker.postman import COMPOSERS


def send_letters() -> int:
    """Send the letters that are owed, those that rest too, until one fails; returns how many were tried."""
    Letter.objects.filter(done_at=None).update(due_at=clock.now())
    return delivery.serve(COMPOSERS, owner="test")
