"""Inviting people by mail and by link, and joining."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from burgee.control.accounts.models import User, email_key
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock, ids
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key, sha256_hex
from burgee.control.kit.errors import DomainError
from burgee.control.kit.secrets import decrypted, encrypt
from burgee.control.organisations.errors import (
    AlreadyAMember,
    AlreadyInvited,
    InvitedAnother,
    InviteExpired,
    InviteUnknown,
    JoiningByLinkOff,
    LinksOff,
    UnknownGroups,
)
from burgee.control.organisations.letters import post_invitation
from burgee.control.organisations.models import Invite, InviteLink, Membership, Organisation, Role, UserGroup
from burgee.control.organisations.services import add_member


@transaction.atomic
def invite(
    organisation: Organisation, email: str, *, role: str = Role.USER, group_ids: Sequence[int] = (), actor: Actor
) -> Invite:
    """Invite one address and mail the link to it."""
    groups = _groups(organisation, group_ids)
    if Membership.objects.filter(organisation=organisation, user__email_key=email_key(email)).exists():
        raise AlreadyAMember
    secret = ids.short_uuid()
    with on_violation(AlreadyInvited(email=email)):
        row = Invite.objects.create(
            organisation=organisation,
            email=email,
            live_key=live_key("invite", organisation.pk, email_key(email)),
            digest=sha256_hex(secret),
            ciphertext=encrypt(secret),
            role=role,
            invited_by_id=actor.id if actor.kind == "user" else None,
        )
    row.groups.set(groups)
    _tell(organisation, EventType.INVITE_CREATED, _invite_change(row, "created"), actor)
    post_invitation(row, inviter=actor.label)
    return row


@transaction.atomic
def invite_all(organisation: Organisation, invited: Collection[dict[str, Any]], *, actor: Actor) -> list[Invite]:
    """All of them or, when one cannot be invited, none."""
    return [invite(organisation, actor=actor, **facts) for facts in invited]


def resend_invite(row: Invite, *, inviter: str) -> None:
    """Mail the link again; nothing changes by it."""
    post_invitation(row, inviter=inviter)


@transaction.atomic
def delete_invite(row: Invite, *, actor: Actor) -> None:
    _tell(row.organisation, EventType.INVITE_DELETED, _invite_change(row, "deleted"), actor)
    row.delete()


@transaction.atomic
def create_link(
    organisation: Organisation, *, role: str = Role.USER, expires_at: datetime | None = None, actor: Actor
) -> InviteLink:
    if settings.CONTROL.disable_invite_links:
        raise LinksOff
    secret = ids.short_uuid()
    row = InviteLink.objects.create(
        organisation=organisation,
        digest=sha256_hex(secret),
        ciphertext=encrypt(secret),
        role=role,
        expires_at=expires_at,
    )
    _tell(organisation, EventType.INVITE_LINK_CREATED, _link_change(row, "created"), actor)
    return row


@transaction.atomic
def delete_link(row: InviteLink, *, actor: Actor) -> None:
    _tell(row.organisation, EventType.INVITE_LINK_DELETED, _link_change(row, "deleted"), actor)
    row.delete()


def secret_of(row: InviteLink) -> str:
    """The link's secret, for administrators who copy it again; empty when nobody can read it any more."""
    return decrypted(row.ciphertext) or ""


@transaction.atomic
def join(user: User, secret: str, *, actor: Actor) -> Organisation:
    """Accept the invite that was mailed to `user`; it works once."""
    row = invite_for(user.email, secret)
    accept(row, user, actor=actor)
    return row.organisation


@transaction.atomic
def accept(row: Invite, user: User, *, actor: Actor) -> None:
    """Use the invite for `user`, who owns the address that it was mailed to."""
    groups = list(row.groups.all())
    change = _invite_change(row, "deleted")
    row.delete()
    add_member(row.organisation, user, role=row.role, groups=groups, used=[change], actor=actor)


@transaction.atomic
def join_by_link(user: User, secret: str, *, actor: Actor) -> Organisation:
    row = link_with(secret)
    add_member(row.organisation, user, role=row.role, actor=actor)
    return row.organisation


def invites_to(email: str, organisation: Organisation | None = None) -> list[Invite]:
    """The invites that wait for the holder of `email`, in `organisation` or anywhere."""
    rows = Invite.objects.select_related("organisation").filter(organisation__deleted_at=None)
    if organisation is not None:
        return list(rows.filter(live_key=live_key("invite", organisation.pk, email_key(email))))
    found = rows.filter(email__iexact=email.strip()).order_by("id")
    return [row for row in found if email_key(row.email) == email_key(email)]


def has_invite(email: str, secret: str, *, by_link: bool) -> bool:
    """Whether `secret` invites the holder of `email`: by a link, or by an invite that was mailed there."""
    try:
        if by_link:
            link_with(secret)
        else:
            invite_for(email, secret)
    except DomainError:
        return False
    return True


def invite_for(email: str, secret: str) -> Invite:
    """The invite with this secret, which must have been sent to `email`."""
    rows = Invite.objects.select_related("organisation").filter(organisation__deleted_at=None)
    row = rows.filter(digest=sha256_hex(secret)).first()
    if row is None:
        raise InviteUnknown
    if email_key(row.email) != email_key(email):
        raise InvitedAnother
    return row


def link_with(secret: str) -> InviteLink:
    """The link with this secret, if it still works."""
    if settings.CONTROL.disable_invite_links:
        raise JoiningByLinkOff
    rows = InviteLink.objects.select_related("organisation").filter(organisation__deleted_at=None)
    row = rows.filter(digest=sha256_hex(secret)).first()
    if row is None:
        raise InviteUnknown
    if row.expires_at is not None and row.expires_at <= clock.now():
        raise InviteExpired
    return row


def _groups(organisation: Organisation, group_ids: Sequence[int]) -> list[UserGroup]:
    found = list(UserGroup.objects.filter(organisation=organisation, pk__in=group_ids))
    if len(found) != len(set(group_ids)):
        raise UnknownGroups
    return found


def _invite_change(row: Invite, action: str) -> Change:
    """Without the address: it belongs to somebody who may never have agreed to be here."""
    told: dict[str, Any] = {"role": row.role}
    groups = sorted(row.groups.values_list("name", flat=True))
    if groups:
        told["groups"] = groups
    before, after = (told, None) if action == "deleted" else (None, told)
    return Change(object=ObjectType.INVITE, action=action, id=row.pk, before=before, after=after)


def _link_change(row: InviteLink, action: str) -> Change:
    expires_at = row.expires_at.isoformat() if row.expires_at else None
    told: dict[str, Any] = {"role": row.role, "expires_at": expires_at}
    before, after = (told, None) if action == "deleted" else (None, told)
    return Change(object=ObjectType.INVITE_LINK, action=action, id=row.pk, before=before, after=after)


def _tell(organisation: Organisation, event_type: EventType, change: Change, actor: Actor) -> None:
    publish(event_type, scope=Scope(organisation_id=organisation.pk), changes=[change], actor=actor)
