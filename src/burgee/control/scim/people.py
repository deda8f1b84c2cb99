"""The people of an organisation as its directory wants them.

A directory speaks for its own organisation alone. Names and addresses it changes only of accounts that were made for
that organisation, whose owner has not proved the address, and which belong nowhere else.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from msgspec import Struct

from burgee.control.accounts.addresses import move
from burgee.control.accounts.models import Token, User, email_key
from burgee.control.accounts.services import change_user
from burgee.control.accounts.sessions import end_all
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key
from burgee.control.oauth.authorisations import revoke
from burgee.control.oauth.models import Authorisation
from burgee.control.organisations.models import Membership, Organisation, Role
from burgee.control.organisations.services import add_member, remove_members
from burgee.control.scim.errors import (
    NameOfAnother,
    PersonElsewhere,
    PersonExternalIdTaken,
    PersonKnown,
    UserNameUnusable,
)
from burgee.control.scim.models import ProvisionedUser
from burgee.control.sso.accounts import facts_of, make_account, plain_name, require_usable
from burgee.control.sso.bonds import outgrow
from burgee.control.sso.errors import AddressUnusable
from burgee.control.sso.people import Arrival, Method, Person, Source
from burgee.control.sso.rules import may_speak_for


class Wanted(Struct, frozen=True, kw_only=True):
    """Somebody as the directory says; ``is_active`` None leaves that as it is."""

    user_name: str
    given_name: str = ""
    family_name: str = ""
    is_active: bool | None = None
    external_id: str | None = None
    profile: Mapping[str, Any] = {}


def source_of(organisation: Organisation) -> Source:
    return Source(
        method=Method.PASSWORD, key=f"scim:{organisation.pk}", auth_type="EMAIL", organisation_id=organisation.pk
    )


def visible(organisation: Organisation) -> QuerySet[User]:
    """Members, and those whom the directory suspended."""
    members = Membership.objects.filter(organisation=organisation).values("user_id")
    suspended = ProvisionedUser.objects.filter(organisation=organisation).exclude(suspended_at=None).values("user_id")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=suspended)).order_by("pk")


@transaction.atomic
def add_person(organisation: Organisation, wanted: Wanted, *, actor: Actor) -> User:
    """A new account that is bound to the organisation, or one that was bound to it before."""
    _refuse_unusable(wanted)
    source = source_of(organisation)
    user = User.objects.with_email(wanted.user_name)
    if user is None:
        user = make_account(_person(wanted), source, Arrival())
    else:
        if visible(organisation).filter(pk=user.pk).exists():
            raise PersonKnown
        if not may_speak_for(source, facts_of(user)):
            raise PersonElsewhere
        _rename(user, wanted, actor)
    is_active = wanted.is_active is not False
    _keep(organisation, user, wanted, is_suspended=not is_active, actor=actor)
    if is_active:
        _let_in(organisation, user, actor)
    return user


@transaction.atomic
def change_person(organisation: Organisation, user: User, wanted: Wanted, *, actor: Actor) -> None:
    """Of somebody visible. What the directory may not change of the account stays; another userName is refused then."""
    is_ours = is_of(organisation, user)
    if email_key(wanted.user_name) != user.email_key:
        if not is_ours:
            raise NameOfAnother
        _refuse_unusable(wanted)
        move(user, wanted.user_name.strip(), proved=False, actor=actor)
    if is_ours:
        _rename(user, wanted, actor)
    is_member = Membership.objects.filter(organisation=organisation, user=user).exists()
    is_active = is_member if wanted.is_active is None else wanted.is_active
    _keep(organisation, user, wanted, is_suspended=not is_active, actor=actor)
    if is_active and not is_member:
        _refuse_drawing_in(organisation, user)
        _let_in(organisation, user, actor)
    if is_member and not is_active:
        _let_go(organisation, user, actor)


@transaction.atomic
def remove_person(organisation: Organisation, user: User, *, actor: Actor) -> None:
    """They leave, and the directory knows them no more; the account stays with its history."""
    for row in ProvisionedUser.objects.filter(organisation=organisation, user=user):
        _tell(row, "deleted", actor)
        row.delete()
    if Membership.objects.filter(organisation=organisation, user=user).exists():
        _let_go(organisation, user, actor)


def is_of(organisation: Organisation, user: User) -> bool:
    """Whether the account was made for the organisation, is nobody's own yet, and reaches nowhere else."""
    facts = facts_of(user)
    return facts.bound_to == organisation.pk and may_speak_for(source_of(organisation), facts)


def _person(wanted: Wanted) -> Person:
    return Person(
        email=wanted.user_name.strip(),
        subject=wanted.external_id or wanted.user_name,
        first_name=wanted.given_name,
        last_name=wanted.family_name,
    )


def _refuse_unusable(wanted: Wanted) -> None:
    try:
        require_usable(wanted.user_name.strip())
    except AddressUnusable as error:
        raise UserNameUnusable from error


def _refuse_drawing_in(organisation: Organisation, user: User) -> None:
    """Who was suspended and belongs elsewhere by now is asked: one more membership closes the sources of the others."""
    if set(facts_of(user).organisation_ids) - {organisation.pk}:
        raise PersonElsewhere


def _rename(user: User, wanted: Wanted, actor: Actor) -> None:
    names = {"first_name": plain_name(wanted.given_name), "last_name": plain_name(wanted.family_name)}
    change_user(user, actor=actor, **names)


def _let_in(organisation: Organisation, user: User, actor: Actor) -> None:
    add_member(organisation, user, role=Role.USER, actor=actor)
    outgrow(user, organisation.pk)


def _let_go(organisation: Organisation, user: User, actor: Actor) -> None:
    """With all that the person holds, unless it is good elsewhere."""
    remove_members(organisation, [user.pk], actor=actor)
    facts = facts_of(user)
    if facts.is_privileged:
        return
    Token.objects.filter(user=user, organisation_id=organisation.pk).delete()
    if facts.organisation_ids and facts.bound_to != organisation.pk:
        return
    end_all(user, actor=actor)
    for row in Authorisation.objects.filter(user=user):
        revoke(row, actor=actor)


def _keep(organisation: Organisation, user: User, wanted: Wanted, *, is_suspended: bool, actor: Actor) -> None:
    found = ProvisionedUser.objects.filter(organisation=organisation, user=user).first()
    row = found or ProvisionedUser(organisation=organisation, user=user, profile=None)
    facts = {
        "external_id": wanted.external_id,
        "profile": dict(wanted.profile),
        "suspended_at": (row.suspended_at or clock.now()) if is_suspended else None,
    }
    changed = [name for name, new in facts.items() if getattr(row, name) != new]
    if found is not None and not changed:
        return
    for name in changed:
        setattr(row, name, facts[name])
    row.external_key = wanted.external_id and live_key("provisioned", organisation.pk, wanted.external_id)
    row.changed_at = clock.now()
    with on_violation(PersonExternalIdTaken()):
        row.save()
    _tell(row, "created" if found is None else "updated", actor, changed=changed)


def _tell(row: ProvisionedUser, action: str, actor: Actor, **told: Any) -> None:
    """Which parts changed, not what they say: that is somebody's own."""
    facts = {"user": {"id": row.user_id}} | told
    moment: dict[str, Any] = {"before": facts} if action == "deleted" else {"after": facts}
    change = Change(object=ObjectType.PROVISIONED_USER, action=action, id=row.pk, **moment)
    scope = Scope(organisation_id=row.organisation_id)
    publish(EventType.PROVISIONED_USER_CHANGED, scope=scope, changes=[change], actor=actor)
