"""People whom a provider knows: the account with their verified address, or a new one."""

from django.conf import settings
from django.db import transaction
from msgspec import Struct

from burgee.control.accounts.errors import InviteNeeded, SignUpClosed
from burgee.control.accounts.models import User
from burgee.control.accounts.services import sign_up
from burgee.control.accounts.signing_in import Challenge, sign_in_as
from burgee.control.federation.errors import AccountInactive
from burgee.control.federation.providers import Person
from burgee.control.organisations.invites import has_invite


class Arrival(Struct, frozen=True, kw_only=True):
    """How somebody comes here; it matters when they have no account yet."""

    auth_type: str
    sign_up_type: str | None = None
    invite_hash: str = ""
    marketing_consent_given: bool = True


def sign_in_known(person: Person, arrival: Arrival, *, label: str | None = None) -> tuple[str | Challenge, bool]:
    """A token, or the challenge of the account's second factor; and whether the account is new."""
    user = User.objects.with_email(person.email)
    is_new = user is None
    if user is None:
        user = _sign_up(person, arrival)
    elif user.awaits_activation:
        _activate(user)
    if not user.is_active:
        raise AccountInactive
    return sign_in_as(user, label=label), is_new


def _sign_up(person: Person, arrival: Arrival) -> User:
    is_by_link = arrival.sign_up_type == "INVITE_LINK"
    if User.objects.exists() and not has_invite(person.email, arrival.invite_hash, by_link=is_by_link):
        if settings.CONTROL.prevent_signup:
            raise SignUpClosed
        if not settings.CONTROL.allow_registration_without_invite:
            raise InviteNeeded
    return sign_up(
        person.email,
        None,
        verified=True,
        first_name=person.first_name,
        last_name=person.last_name,
        auth_type=arrival.auth_type,
        sign_up_type=arrival.sign_up_type or None,
        marketing_consent_given=arrival.marketing_consent_given,
    )


@transaction.atomic
def _activate(user: User) -> None:
    """Whoever signed up with this address never proved to have it: their password goes."""
    user.set_password(None)
    user.is_active, user.awaits_activation = True, False
    user.save(update_fields=["password", "is_active", "awaits_activation"])
