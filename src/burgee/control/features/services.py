"""Edits of a definition: what touches states too lives in ``targeting.openings``."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from msgspec import UNSET, Struct, UnsetType

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.features.errors import GroupsNotFound, OwnerRequired, OwnersNotFound
from burgee.control.features.models import Feature
from burgee.control.features.rows import members_of, tags_of
from burgee.control.kit.actor import Actor


class FeatureChanges(Struct, frozen=True, kw_only=True):
    """What is left unset stays; a name, an initial value and the default are fixed once a feature exists."""

    description: str | UnsetType | None = UNSET
    is_archived: bool | UnsetType = UNSET
    is_server_key_only: bool | UnsetType = UNSET
    type: str | UnsetType = UNSET
    tag_ids: tuple[int, ...] | UnsetType = UNSET


PLAIN = ("description", "is_archived", "is_server_key_only", "type")


@transaction.atomic
def change_feature(feature: Feature, changes: FeatureChanges, *, actor: Actor) -> Feature:
    """Change description, archive mark, visibility, type or tags."""
    row = Feature.objects.select_for_update().select_related("project").get(pk=feature.pk)
    before, after = _plain_changes(row, changes)
    if after:
        row.save(update_fields=list(after))
    if not isinstance(changes.tag_ids, UnsetType):
        _retag(row, changes.tag_ids, before, after)
    if after:
        _tell(row, before, after, actor)
    return row


def archive_feature(feature: Feature, *, actor: Actor) -> Feature:
    """Take the feature out of sight; it is served as before."""
    return change_feature(feature, FeatureChanges(is_archived=True), actor=actor)


@transaction.atomic
def add_owners(feature: Feature, user_ids: Sequence[int], *, actor: Actor) -> Feature:
    """Let more people own the feature; they must belong to its organisation."""
    people = members_of(feature.project, user_ids)
    if len(people) != len(set(user_ids)):
        raise OwnersNotFound
    had = set(feature.owners.values_list("pk", flat=True))
    if set(people) - had:
        feature.owners.add(*people.values())
        _tell(feature, {"owners": sorted(had)}, {"owners": sorted(had | set(people))}, actor)
    return feature


@transaction.atomic
def remove_owners(feature: Feature, user_ids: Sequence[int], *, actor: Actor) -> Feature:
    """Take ownership away; people who do not own the feature are passed over."""
    had = set(feature.owners.values_list("pk", flat=True))
    if len(members_of(feature.project, user_ids)) != len(set(user_ids)):
        raise OwnersNotFound
    rest = had - set(user_ids)
    if rest == had:
        return feature
    if feature.project.enforce_feature_owners and not rest:
        raise OwnerRequired
    feature.owners.remove(*user_ids)
    _tell(feature, {"owners": sorted(had)}, {"owners": sorted(rest)}, actor)
    return feature


def check_groups(group_ids: Sequence[int]) -> None:
    """Groups of users do not exist yet: only the empty list names known ones."""
    if group_ids:
        raise GroupsNotFound


def _plain_changes(row: Feature, changes: FeatureChanges) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in PLAIN:
        value = getattr(changes, name)
        if value is UNSET or value == getattr(row, name):
            continue
        before[name] = getattr(row, name)
        after[name] = value
        setattr(row, name, value)
    return before, after


def _retag(row: Feature, tag_ids: Sequence[int], before: dict[str, Any], after: dict[str, Any]) -> None:
    had = {tag.pk: tag.label for tag in row.tags.all()}
    tags = tags_of(row.project, tag_ids)
    if {tag.pk for tag in tags} == set(had):
        return
    row.tags.set(tags)
    before["tags"] = sorted(had.values())
    after["tags"] = sorted(tag.label for tag in tags)


def _tell(feature: Feature, before: dict[str, Any], after: dict[str, Any], actor: Actor) -> None:
    named = {"feature": {"id": feature.pk, "name": feature.name}}
    publish(
        EventType.FEATURE_CHANGED,
        scope=Scope(organisation_id=feature.project.organisation_id, project_id=feature.project_id),
        changes=[
            Change(
                object=ObjectType.FEATURE,
                action="updated",
                id=feature.pk,
                uuid=str(feature.uuid),
                feature_id=feature.pk,
                before=named | before,
                after=named | after,
            )
        ],
        actor=actor,
    )
