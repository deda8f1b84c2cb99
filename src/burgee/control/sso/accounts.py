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
from burgee.control.organisations.invites import accept, has_invite, invites_to
from burgee.control.organisations.models import GroupMembership, Invite, Membership, Organisation, UserGroup
from burgee.control.organisations.services import add_member
from burgee.control.sso.bonds import bind, bound_to, outgrow
from burgee.control.sso.errors import AddressUnusable, InvitationNeeded
from burgee.control.sso.people import Arrival, Method, Person, Source
from burgee.control.sso.rules import Account

LONGEST_NAME: Final = 150
LONGEST_EMAIL: Final = 254

USES_INVITES: Final = frozenset({Method.SAML, Method.OIDC, Method.LDAP})
"""With GitHub and Google, clients bring invites along and use them after the sign-in."""


def facts_of(user: User) -> Account:
    living = Membership.objects.filter(user=user, organisation__deleted_at=None)
    return Account(
        organisation_ids=frozenset(living.values_list("organisation_id", flat=True)),
        bound_to=bound_to(user),
        is_privileged=user.is_staff or user.is_superuser,
    )


def make_account(person: Person, source: Source, arrival: Arrival) -> User:
    """A new account. One that a source of an organisation makes is bound to it, and its address counts as unproved."""
    require_usable(person.email)
    _refuse_uninvited(person, source, arrival)
    user = sign_up(
        person.email,
        None,
        verified=True,
        first_name=plain_name(person.first_name),
        last_name=plain_name(person.last_name),
        auth_type=source.auth_type,
        sign_up_type=arrival.sign_up_type or None,
        marketing_consent_given=arrival.marketing_consent_given,
    )
    if source.organisation_id is not None:
        user.email_verified_at = None
        user.save(update_fields=["email_verified_at"])
        bind(user, source)
    return user


def settle(user: User, person: Person, source: Source, arrival: Arrival) -> None:
    """Make `user` a member of the organisation of `source`, and of its groups as `source` says.

    Invites that wait for the address are used, and say the role and the groups.
    """
    _use_invites(user, person, source, arrival)
    home = _home_of(source)
    if home is None:
        return
    if not Membership.objects.filter(organisation=home, user=user).exists():
        if not source.joins:
            return
        add_member(home, user, role=source.role, actor=oneself(user))
        outgrow(user, home.pk)
    if person.groups is not None:
        _sort_into_groups(user, home, person.groups)


def _use_invites(user: User, person: Person, source: Source, arrival: Arrival) -> None:
    mine = set(Membership.objects.filter(user=user).values_list("organisation_id", flat=True))
    for invite in _waiting(person, source, arrival):
        if invite.organisation_id not in mine:
            accept(invite, user, actor=oneself(user))
            outgrow(user, invite.organisation_id)


def _waiting(person: Person, source: Source, arrival: Arrival) -> list[Invite]:
    """The invites that `source` may use: one of an organisation, its own; who brings one along uses it themselves."""
    if source.method not in USES_INVITES or arrival.invite_hash:
        return []
    return invites_to(person.email, _home_of(source) if source.organisation_id is not None else None)


def _home_of(source: Source) -> Organisation | None:
    return Organisation.objects.living().filter(pk=source.home_id).first() if source.home_id is not None else None


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
    if _waiting(person, source, arrival):
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


def require_usable(email: str) -> None:
    """Raise AddressUnusable unless it is an e-mail address that fits."""
    try:
        EmailValidator()(email)
    except ValidationError as error:
        raise AddressUnusable from error
    if len(email) > LONGEST_EMAIL:
        raise AddressUnusable


def plain_name(text: str) -> str:
    """A name as accounts keep it."""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:LONGEST_NAME]
