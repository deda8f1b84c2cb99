"""Everybody of the directory at once: who and what is gone there goes here, and groups hold whom they hold there."""

from collections.abc import Callable, Collection, Iterator, Mapping

from django.conf import settings
from django.db import transaction
from msgspec import Struct

from burgee.control.accounts.models import User
from burgee.control.accounts.services import remove_user
from burgee.control.kit.actor import SYSTEM
from burgee.control.ldap.directory import Directory, Entry, opened_for_reading
from burgee.control.ldap.doors import KEY
from burgee.control.ldap.errors import DirectoryMisread
from burgee.control.ldap.groups import home_of_people, is_member, mirrored
from burgee.control.ldap.names import filter_of_people
from burgee.control.ldap.sign_in import source
from burgee.control.organisations.groups import add_to_group, delete_group, remove_from_group
from burgee.control.organisations.models import GroupMembership, Membership, Organisation, Role, UserGroup
from burgee.control.sso.links import digest_of
from burgee.control.sso.models import Link


class Step(Struct, frozen=True):
    """One thing to do; ``told`` says it in words."""

    told: str
    what: str
    user: User | None = None
    group: UserGroup | None = None


def synchronise(*, dry_run: bool, say: Callable[[str], object]) -> None:
    """Mend what differs, or only say it."""
    steps = planned()
    for step in steps:
        say(("would " if dry_run and step.what != "keep" else "") + step.told)
        if not dry_run:
            carry_out(step)
    say(f"{len(steps)} differences." if steps else "Nothing differs.")


def planned() -> list[Step]:
    """What differs, in the order in which it is mended."""
    told = settings.LDAP
    if not told.urls or not told.sync_username or not told.sync_password:
        raise DirectoryMisread(
            why="Set LDAP_AUTH_URL, LDAP_SYNC_USER_USERNAME and LDAP_SYNC_USER_PASSWORD to compare with a directory."
        )
    with opened_for_reading() as directory:
        people = {digest_of(entry.subject, source()): entry for entry in directory.all(filter_of_people())}
        if not people:
            # A wrong search base must not empty the server.
            raise DirectoryMisread(why="The directory lists nobody. Look at LDAP_AUTH_SEARCH_BASE and the filters.")
        return [*_gone_people(people), *_groups(directory, people)]


def carry_out(step: Step) -> None:
    with transaction.atomic():
        if step.what == "remove user" and step.user is not None:
            remove_user(step.user, actor=SYSTEM)
        elif step.group is not None and step.what == "delete group":
            delete_group(step.group, actor=SYSTEM)
        elif step.group is not None and step.user is not None:
            change = add_to_group if step.what == "add" else remove_from_group
            change(step.group, [step.user.pk], actor=SYSTEM)


def _gone_people(people: Mapping[str, Entry]) -> Iterator[Step]:
    for link in Link.objects.filter(source_key=KEY).select_related("user").order_by("id"):
        user = link.user
        if link.subject_digest in people or user.auth_type != "LDAP":
            continue
        if user.is_superuser or _is_last_administrator(user):
            yield Step(f"keep {user.email}: gone from the directory, but somebody must administer this", "keep")
        else:
            yield Step(f"remove {user.email}: gone from the directory", "remove user", user=user)


def _is_last_administrator(user: User) -> bool:
    administered = Organisation.objects.living().filter(memberships__user=user, memberships__role=Role.ADMIN)
    others = Membership.objects.filter(role=Role.ADMIN).exclude(user=user)
    return any(not others.filter(organisation=organisation).exists() for organisation in administered)


def _groups(directory: Directory, people: Mapping[str, Entry]) -> Iterator[Step]:
    home = home_of_people()
    if home is None:
        return
    for name in settings.LDAP.group_names:
        group = mirrored(home, name)
        if group is None:
            continue
        if directory.read(name) is None:
            yield Step(f"delete group {group.name}: gone from the directory", "delete group", group=group)
        else:
            yield from _members(directory, group, people)


def _members(directory: Directory, group: UserGroup, people: Mapping[str, Entry]) -> Iterator[Step]:
    inside = set(GroupMembership.objects.filter(group=group).values_list("user_id", flat=True))
    for user, entry in _known(group.organisation_id, people):
        belongs = is_member(directory, entry, str(group.external_id))
        if belongs and user.pk not in inside:
            yield Step(f"add {user.email} to group {group.name}", "add", user=user, group=group)
        if not belongs and user.pk in inside:
            yield Step(f"take {user.email} out of group {group.name}", "remove", user=user, group=group)


def _known(organisation_id: int, people: Mapping[str, Entry]) -> Collection[tuple[User, Entry]]:
    """The members of the organisation whom the directory knows."""
    links = Link.objects.filter(source_key=KEY, user__memberships__organisation_id=organisation_id)
    rows = links.select_related("user").order_by("id")
    return [(row.user, people[row.subject_digest]) for row in rows if row.subject_digest in people]
