"""The letters that organisations send; their texts stand here and nowhere else."""

import logging
from string import Template
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

log = logging.getLogger(__name__)

INVITATION_SUBJECT: Final = Template("You are invited to $organisation on Burgee")

INVITATION: Final = Template("""Hello,

$inviter invites you to work with $organisation on Burgee.

Follow this link to join:

$link

If you do not know why you got this letter, you can ignore it.
""")


def send_invitation(email: str, *, organisation: str, inviter: str, secret: str) -> None:
    """Mail the link of an invite once the transaction is committed. A failing mail server fails no write."""
    link = f"{settings.PUBLIC_URL.rstrip('/')}/invite/{secret}"
    subject = INVITATION_SUBJECT.substitute(organisation=" ".join(organisation.split()))
    text = INVITATION.substitute(organisation=organisation, inviter=inviter, link=link)
    transaction.on_commit(lambda: _send(subject, text, email))


def _send(subject: str, text: str, email: str) -> None:
    try:
        send_mail(subject, text, None, [email])
    except OSError as error:
        log.warning("an invitation could not be mailed", exc_info=error)
