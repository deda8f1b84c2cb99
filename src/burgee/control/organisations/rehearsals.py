"""Taking away what tests of a dashboard left behind: people with reserved addresses, and what is theirs alone."""

from django.db import transaction

from burgee.control.accounts.models import User
from burgee.control.accounts.reserved import is_reserved
from burgee.control.accounts.services import remove_user
from burgee.control.kit.actor import Actor
from burgee.control.organisations.models import Membership, Organisation
from burgee.control.organisations.services import delete_organisation


@transaction.atomic
def remove_rehearsals(*, actor: Actor) -> None:
    """Delete the organisations all of whose members have reserved addresses, and the users who have one.

    Superusers stay, because without one a server can be claimed by whoever comes first; so does who belongs to an
    organisation that stays, because it may have no other administrator.
    """
    for organisation in _rehearsed_organisations():
        delete_organisation(organisation, actor=actor)
    busy = set(Membership.objects.filter(organisation__deleted_at=None).values_list("user_id", flat=True))
    for user in User.objects.filter(is_superuser=False).order_by("pk"):
        if user.pk not in busy and is_reserved(user.email):
            remove_user(user, actor=actor)


def _rehearsed_organisations() -> list[Organisation]:
    """Those of reserved addresses alone; an organisation without members is nobody's test."""
    members = Membership.objects.filter(organisation__deleted_at=None)
    emails = list(members.values_list("organisation_id", "user__email"))
    real = {organisation_id for organisation_id, email in emails if not is_reserved(email)}
    rehearsed = {organisation_id for organisation_id, _ in emails} - real
    return [found for found in Organisation.objects.living().order_by("pk") if found.pk in rehearsed]
