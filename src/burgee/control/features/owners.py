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
    told: str
    """What events tell of one: people are told by their id, so that they can be forgotten."""


PEOPLE: Final = _Kind(field="owners", other="group_owners", known=members_of, unknown=OwnersNotFound, told="pk")
GROUPS: Final = _Kind(field="group_owners", other="owners", known=groups_of, unknown=GroupsNotFound, told="name")


def told_attached(feature: Feature) -> dict[str, Any]:
    """The tags and owners that a feature has, as events tell them."""
    found = {"tags": sorted(feature.tags.values_list("label", flat=True))}
    found |= {kind.field: sorted(_owning(kind, feature).values()) for kind in (PEOPLE, GROUPS)}
    return {field: told for field, told in found.items() if told}


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
    if found.keys() - had.keys():
        getattr(row, kind.field).add(*found.values())
        now = had | {pk: getattr(owner, kind.told) for pk, owner in found.items()}
        tell_change(row, {kind.field: sorted(had.values())}, {kind.field: sorted(now.values())}, actor)
    return row


@transaction.atomic
def _remove(kind: _Kind, feature: Feature, ids: Sequence[int], actor: Actor) -> Feature:
    row, found, had = _locked(kind, feature, ids)
    rest = {pk: told for pk, told in had.items() if pk not in found}
    if rest == had:
        return row
    if row.project.enforce_feature_owners and not rest and not getattr(row, kind.other).exists():
        raise OwnerRequired
    getattr(row, kind.field).remove(*found.values())
    tell_change(row, {kind.field: sorted(had.values())}, {kind.field: sorted(rest.values())}, actor)
    return row


def _locked(kind: _Kind, feature: Feature, ids: Sequence[int]) -> tuple[Feature, Mapping[int, Any], dict[int, Any]]:
    """The feature, who was named, and what is told of those who own it now."""
    # MariaDB cannot lock one table of a join, so the project is read apart.
    row = Feature.objects.select_for_update().get(pk=feature.pk)
    found = kind.known(row.project, ids)
    if len(found) != len(set(ids)):
        raise kind.unknown
    return row, found, _owning(kind, row)


def _owning(kind: _Kind, feature: Feature) -> dict[int, Any]:
    return dict(getattr(feature, kind.field).values_list("pk", kind.told))
