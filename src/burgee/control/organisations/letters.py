"""The letters that organisations send: owed here, and composed when they are sent."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from burgee.control.kit.secrets import decrypt
from burgee.control.mail.delivery import Composers
from burgee.control.mail.layout import Contents
from burgee.control.mail.services import post
from burgee.control.mail.texts import LetterKind
from burgee.control.organisations.models import Invite


def post_invitation(invite: Invite, *, inviter: str) -> None:
    """Owe the link of an invite to the address that is invited."""
    post(LetterKind.INVITATION, about=f"invite:{invite.pk}", invite_id=invite.pk, inviter=inviter)


def _invitation(facts: Mapping[str, Any]) -> Contents | None:
    rows = Invite.objects.select_related("organisation").filter(organisation__deleted_at=None)
    row = rows.filter(pk=facts["invite_id"]).first()
    if row is None:
        return None
    words = {"organisation": row.organisation.name, "inviter": facts["inviter"]}
    return Contents(to=row.email, words=words, link=f"{settings.LINKS_URL}/invite/{decrypt(row.ciphertext)}")


COMPOSERS: Final[Composers] = {LetterKind.INVITATION: _invitation}
