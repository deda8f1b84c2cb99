"""The account of somebody who arrives: found, made, and put into the organisation and its groups."""

from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from burgee.control.accounts.errors import InviteNeeded, SignUpClosed
from burgee.control.accounts.models import User
from burgee.control.accounts.records import oneself
from burgee.control.accounts.services import sign_up
from burgee.control.kit.digests import live_key
from burgee.control.organisations.groups import add_to_group, remove_from_group
from burgee.control.organisations.invites import has_invite
from burgee.control.organisations.models import GroupMembership, Membership, Organisation, UserGroup
from burgee.control.organisations.services import add_member
from burgee.control.sso.bonds import bind, bound_to, outgrow
from burgee.control.sso.errors import AddressUnusable, InvitationNeeded
from burgee.control.sso.people import Arrival, Person, Source
from burgee.control.sso.rules import Account

LONGEST_NAME: Final = 150
LONGEST_EMAIL: Final = 254


def facts_of(user: User) -> Account:
    living = Membership.objects.filter(user=user, organisation__deleted_at=None)
    return Account(
        organisation_ids=frozenset(living.values_list("organisation_id", flat=True)),
        bound_to=bound_to(user),
        is_privileged=user.is_staff or user.is_superuser,
    )


def make_account(person: Person, source: Source, arrival: Arrival) -> User:
    """A new account. One that a source of an organisation makes is bound to it, and its address counts as unproved."""
    _refuse_unusable(person.email)
    _refuse_uninvited(person, source, arrival)
    user = sign_up(
        person.email,
        None,
        verified=True,
        first_name=_name(person.first_name),
        last_name=_name(person.last_name),
        auth_type=source.auth_type,
        sign_up_type=arrival.sign_up_type or None,
        marketing_consent_given=arrival.marketing_consent_given,
    )
    if source.organisation_id is not None:
        user.email_verified_at = None
        user.save(update_fields=["email_verified_at"])
        bind(user, source)
    return user


def settle(user: User, person: Person, source: Source) -> None:
    """Make `user` a member of the organisation of `source`, and of its groups as `source` says."""
    home = Organisation.objects.living().filter(pk=source.home_id).first() if source.home_id is not None else None
    if home is None:
        return
    if not Membership.objects.filter(organisation=home, user=user).exists():
        if not source.joins:
            return
        add_member(home, user, role=source.role, actor=oneself(user))
        outgrow(user, home.pk)
    if person.groups is not None:
        _sort_into_groups(user, home, person.groups)


def _sort_into_groups(user: User, home: Organisation, external_ids: tuple[str, ...]) -> None:
    """Groups that the source does not know of stay as they are, and so do those in which every member is."""
    keys = {live_key("group", home.pk, external_id) for external_id in external_ids}
    inside = set(GroupMembership.objects.filter(user=user, group__organisation=home).values_list("group_id", flat=True))
    for group in UserGroup.objects.filter(organisation=home, external_key__isnull=False).order_by("id"):
        if group.external_key in keys and group.pk not in inside:
            add_to_group(group, [user.pk], actor=oneself(user))
        if group.external_key not in keys and group.pk in inside and not group.is_default:
            remove_from_group(group, [user.pk], actor=oneself(user))


def _refuse_uninvited(person: Person, source: Source, arrival: Arrival) -> None:
    """Joining an organisation by its source is an invitation; everybody else obeys the rules of signing up."""
    if source.home_id is not None and source.joins:
        return
    is_by_link = arrival.sign_up_type == "INVITE_LINK"
    if has_invite(person.email, arrival.invite_hash, by_link=is_by_link):
        return
    if source.organisation_id is not None:
        raise InvitationNeeded
    if not User.objects.exists():
        return
    if settings.CONTROL.prevent_signup:
        raise SignUpClosed
    if not settings.CONTROL.allow_registration_without_invite:
        raise InviteNeeded


def _refuse_unusable(email: str) -> None:
    try:
        EmailValidator()(email)
    except ValidationError as error:
        raise AddressUnusable from error
    if len(email) > LONGEST_EMAIL:
        raise AddressUnusable


def _name(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()[:LONGEST_NAME]
