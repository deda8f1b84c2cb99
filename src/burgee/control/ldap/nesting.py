"""Groups in groups, for directories without Active Directory's rule: by ``memberOf``, upwards, each group read once."""

from typing import Final

from burgee.control.ldap.directory import Directory, Entry, normal

DEEPEST: Final = 10
MOST: Final = 500
"""Groups that are looked at for one person; a directory with more is told apart by its own rule."""


def groups_above(directory: Directory, person: Entry) -> frozenset[str]:
    """The names, in one spelling, of all groups that `person` is in, directly or by other groups."""
    found: set[str] = set()
    level = _groups_of(person)
    for _ in range(DEEPEST):
        new = {normal(name): name for name in level if normal(name) not in found}
        if not new or len(found) + len(new) > MOST:
            break
        found |= new.keys()
        level = tuple(above for name in new.values() for above in _parents(directory, name))
    return frozenset(found)


def _parents(directory: Directory, name: str) -> tuple[str, ...]:
    key = normal(name)
    if key not in directory.parents:
        group = directory.read(name)
        directory.parents[key] = () if group is None else _groups_of(group)
    return directory.parents[key]


def _groups_of(entry: Entry) -> tuple[str, ...]:
    return tuple(value.decode("utf-8", "replace") for value in entry.attributes.get("memberof", ()))
