"""Who owns a feature: people and groups of its organisation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from msgspec import Struct

from burgee.control.features.errors import GroupsNotFound, OwnerRequired, OwnersNotFound
from burgee.control.features.models import Feature
from burgee.control.features.rows import groups_of, members_of
from burgee.control.features.services import tell_change
from burgee.control.kit.actor import Actor
from burgee.control.kit.errors import DomainError
from burgee.control.projects.models import Project


class _Kind(Struct, frozen=True, kw_only=True):
    """One of the two sets of owners: where it is kept and who may be in it."""

    field: str
    other: str
    known: Callable[[Project, Sequence[int]], Mapping[int, Any]]
    unknown: type[DomainError]


PEOPLE: Final = _Kind(field="owners", other="group_owners", known=members_of, unknown=OwnersNotFound)
GROUPS: Final = _Kind(field="group_owners", other="owners", known=groups_of, unknown=GroupsNotFound)


def add_owners(feature: Feature, user_ids: Sequence[int], *, actor: Actor) -> Feature:
    """Let more people own the feature; they must belong to its organisation."""
    return _add(PEOPLE, feature, user_ids, actor)


def remove_owners(feature: Feature, user_ids: Sequence[int], *, actor: Actor) -> Feature:
    """Take ownership away; people who do not own the feature are passed over."""
    return _remove(PEOPLE, feature, user_ids, actor)


def add_group_owners(feature: Feature, group_ids: Sequence[int], *, actor: Actor) -> Feature:
    """Let more groups own the feature; they must belong to its organisation."""
    return _add(GROUPS, feature, group_ids, actor)


def remove_group_owners(feature: Feature, group_ids: Sequence[int], *, actor: Actor) -> Feature:
    """Take ownership away; groups that do not own the feature are passed over."""
    return _remove(GROUPS, feature, group_ids, actor)


@transaction.atomic
def _add(kind: _Kind, feature: Feature, ids: Sequence[int], actor: Actor) -> Feature:
    row, found, had = _locked(kind, feature, ids)
    if set(found) - had:
        getattr(row, kind.field).add(*found.values())
        tell_change(row, {kind.field: sorted(had)}, {kind.field: sorted(had | set(found))}, actor)
    return row


@transaction.atomic
def _remove(kind: _Kind, feature: Feature, ids: Sequence[int], actor: Actor) -> Feature:
    row, found, had = _locked(kind, feature, ids)
    rest = had - set(found)
    if rest == had:
        return row
    if row.project.enforce_feature_owners and not rest and not getattr(row, kind.other).exists():
        raise OwnerRequired
    getattr(row, kind.field).remove(*found.values())
    tell_change(row, {kind.field: sorted(had)}, {kind.field: sorted(rest)}, actor)
    return row


def _locked(kind: _Kind, feature: Feature, ids: Sequence[int]) -> tuple[Feature, Mapping[int, Any], set[int]]:
    """The feature, who was named, and who owns it now."""
    # MariaDB cannot lock one table of a join, so the project is read apart.
    row = Feature.objects.select_for_update().get(pk=feature.pk)
    found = kind.known(row.project, ids)
    if len(found) != len(set(ids)):
        raise kind.unknown
    return row, found, set(getattr(row, kind.field).values_list("pk", flat=True))
