"""Groups of the directory, mirrored: made when the first member comes, filled and emptied as the directory says."""

from collections.abc import Collection
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from burgee.control.accounts.models import User
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.digests import live_key
from burgee.control.ldap.directory import Directory, Entry, normal
from burgee.control.ldap.names import equal, is_of_active_directory, member_of, mirrors_groups
from burgee.control.ldap.nesting import groups_above
from burgee.control.organisations.errors import ExternalIdTaken
from burgee.control.organisations.groups import add_to_group, create_group, remove_from_group
from burgee.control.organisations.models import GroupMembership, Membership, Organisation, UserGroup

LONGEST_NAME: Final = 200

MET: Final = (IntegrityError, ExternalIdTaken)
"""What goes wrong when two members of a group come at one moment: the second time it is there."""


def groups_of(directory: Directory, person: Entry) -> list[str]:
    """The mirrored groups that `person` is in."""
    return [name for name in settings.LDAP.group_names if is_member(directory, person, name)]


def is_member(directory: Directory, person: Entry, group: str) -> bool:
    if settings.LDAP.nested_groups and is_of_active_directory():
        return directory.read(person.dn, member_of(group)) is not None
    if settings.LDAP.nested_groups and normal(group) in groups_above(directory, person):
        return True
    username = person.text(settings.LDAP.user_fields.attributes["username"])
    named = [equal("member", person.dn), equal("uniqueMember", person.dn)]
    named += [equal("memberUid", username)] if username else []
    return directory.read(group, f"(|{''.join(named)})") is not None


def put_into_groups(user: User, names: Collection[str]) -> None:
    """`user` is in those of the mirrored groups that `names` lists, and in none of the others.

    Groups that the directory knows nothing of stay as they are.
    """
    try:
        _put(user, names)
    except MET:
        _put(user, names)


@transaction.atomic
def _put(user: User, names: Collection[str]) -> None:
    home = home_of_people()
    if home is None or not mirrors_groups() or not Membership.objects.filter(organisation=home, user=user).exists():
        return
    wanted = {normal(name) for name in names}
    for name in settings.LDAP.group_names:
        group = mirrored(home, name)
        inside = group is not None and GroupMembership.objects.filter(group=group, user=user).exists()
        if normal(name) in wanted and not inside:
            add_to_group(group or _made(home, name), [user.pk], actor=SYSTEM)
        if normal(name) not in wanted and group is not None and inside:
            remove_from_group(group, [user.pk], actor=SYSTEM)


def home_of_people() -> Organisation | None:
    """The organisation that people of the directory join."""
    number = settings.LDAP.organisation_id
    return None if number is None else Organisation.objects.living().filter(pk=number).first()


def mirrored(home: Organisation, name: str) -> UserGroup | None:
    """The group that mirrors the one with this name."""
    return UserGroup.objects.filter(external_key=live_key("group", home.pk, name)).first()


def _made(home: Organisation, name: str) -> UserGroup:
    title = name.partition(",")[0].partition("=")[2].strip() or name
    return create_group(home, title[:LONGEST_NAME], actor=SYSTEM, external_id=name)
