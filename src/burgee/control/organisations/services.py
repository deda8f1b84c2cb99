"""Organisations and who belongs to them."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from burgee.control.accounts.models import User
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.organisations.errors import AlreadyAMember, LastAdministrator, NotAMember
from burgee.control.organisations.models import GroupMembership, Membership, Organisation, Role, UserGroup


@transaction.atomic
def create_organisation(name: str, *, creator: User | None, actor: Actor, **facts: Any) -> Organisation:
    """A new organisation; its creator becomes its administrator."""
    organisation = Organisation.objects.create(name=name, **facts)
    changes = [_organisation_change(organisation, "created", after={"name": name})]
    if creator is not None:
        membership = Membership.objects.create(organisation=organisation, user=creator, role=Role.ADMIN)
        changes.append(_membership_change(membership, "created", after={"role": membership.role}))
    _tell(organisation, EventType.ORGANISATION_CREATED, changes, actor)
    return organisation


@transaction.atomic
def change_organisation(organisation: Organisation, *, actor: Actor, **facts: Any) -> Organisation:
    before = {name: getattr(organisation, name) for name, new in facts.items() if getattr(organisation, name) != new}
    if not before:
        return organisation
    for name in before:
        setattr(organisation, name, facts[name])
    organisation.save(update_fields=list(before))
    after = {name: facts[name] for name in before}
    change = _organisation_change(organisation, "updated", before=before, after=after)
    _tell(organisation, EventType.ORGANISATION_CHANGED, [change], actor)
    return organisation


@transaction.atomic
def delete_organisation(organisation: Organisation, *, actor: Actor) -> None:
    """Everything below disappears with it, because only the living are ever asked for."""
    organisation.deleted_at = clock.now()
    organisation.save(update_fields=["deleted_at"])
    change = _organisation_change(organisation, "deleted", before={"name": organisation.name})
    _tell(organisation, EventType.ORGANISATION_DELETED, [change], actor)


@transaction.atomic
def add_member(
    organisation: Organisation,
    user: User,
    *,
    role: str,
    actor: Actor,
    groups: Collection[UserGroup] = (),
    used: Collection[Change] = (),
) -> Membership:
    """Let `user` in, and into the default groups and `groups`; `used` are told with it, such as an invite."""
    with on_violation(AlreadyAMember()):
        membership = Membership.objects.create(organisation=organisation, user=user, role=role)
    into = {
        group.pk: group for group in [*UserGroup.objects.filter(organisation=organisation, is_default=True), *groups]
    }
    GroupMembership.objects.bulk_create([GroupMembership(group=group, user=user) for group in into.values()])
    told = {"role": role, "groups": [{"id": group.pk, "name": group.name} for group in into.values()]}
    changes = [_membership_change(membership, "created", after=told), *used]
    _tell(organisation, EventType.MEMBER_ADDED, changes, actor)
    return membership


@transaction.atomic
def change_role(membership: Membership, role: str, *, actor: Actor) -> Membership:
    if membership.role == role:
        return membership
    before = membership.role
    membership.role = role
    membership.save(update_fields=["role"])
    _keep_an_administrator(membership.organisation)
    change = _membership_change(membership, "updated", before={"role": before}, after={"role": role})
    _tell(membership.organisation, EventType.MEMBER_CHANGED, [change], actor)
    return membership


@transaction.atomic
def remove_members(organisation: Organisation, user_ids: Collection[int], *, actor: Actor) -> None:
    """All of them or, when one is no member, none."""
    memberships = list(Membership.objects.filter(organisation=organisation, user_id__in=user_ids))
    strangers = set(user_ids) - {membership.user_id for membership in memberships}
    if strangers:
        raise NotAMember(user_id=min(strangers))
    if not memberships:
        return
    changes = [_membership_change(found, "deleted", before={"role": found.role}) for found in memberships]
    Membership.objects.filter(pk__in=[membership.pk for membership in memberships]).delete()
    GroupMembership.objects.filter(group__organisation=organisation, user_id__in=user_ids).delete()
    _keep_an_administrator(organisation)
    _tell(organisation, EventType.MEMBER_REMOVED, changes, actor)


@transaction.atomic
def delete_orphaned_organisations(user: User, *, actor: Actor) -> None:
    """Delete the organisations where `user` is the only member."""
    for organisation in Organisation.objects.of_user(user.pk):
        if not Membership.objects.filter(organisation=organisation).exclude(user=user).exists():
            delete_organisation(organisation, actor=actor)


def _keep_an_administrator(organisation: Organisation) -> None:
    # Locks the row, so that two administrators cannot remove each other at the same moment.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not Membership.objects.filter(organisation=organisation, role=Role.ADMIN).exists():
        raise LastAdministrator


def _organisation_change(organisation: Organisation, action: str, **values: Any) -> Change:
    return Change(
        object=ObjectType.ORGANISATION, action=action, id=organisation.pk, uuid=str(organisation.uuid), **values
    )


def _membership_change(membership: Membership, action: str, **values: Any) -> Change:
    told: dict[str, Any] = {moment: {"user": {"id": membership.user_id}, **facts} for moment, facts in values.items()}
    return Change(object=ObjectType.MEMBERSHIP, action=action, id=membership.pk, **told)


def _tell(organisation: Organisation, event_type: EventType, changes: list[Change], actor: Actor) -> None:
    publish(event_type, scope=Scope(organisation_id=organisation.pk), changes=changes, actor=actor)
