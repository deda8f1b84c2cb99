"""Edits of a definition: what touches states too lives in ``targeting.openings``."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from msgspec import UNSET, Struct, UnsetType

from burgee.control.custom_fields.models import Kind
from burgee.control.custom_fields.values import GivenValue, set_values, told_values
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.features.models import Feature
from burgee.control.features.rows import tags_of
from burgee.control.kit.actor import Actor


class FeatureChanges(Struct, frozen=True, kw_only=True):
    """What is left unset stays; a name, an initial value and the default are fixed once a feature exists."""

    description: str | UnsetType | None = UNSET
    is_archived: bool | UnsetType = UNSET
    is_server_key_only: bool | UnsetType = UNSET
    type: str | UnsetType = UNSET
    tag_ids: tuple[int, ...] | UnsetType = UNSET
    custom_values: tuple[GivenValue, ...] | UnsetType = UNSET


PLAIN = ("description", "is_archived", "is_server_key_only", "type")


@transaction.atomic
def change_feature(feature: Feature, changes: FeatureChanges, *, actor: Actor) -> Feature:
    """Change description, archive mark, visibility, type, tags or custom fields."""
    row = Feature.objects.select_for_update().select_related("project").get(pk=feature.pk)
    before, after = _plain_changes(row, changes)
    if after:
        row.save(update_fields=list(after))
    if not isinstance(changes.tag_ids, UnsetType):
        _retag(row, changes.tag_ids, before, after)
    if not isinstance(changes.custom_values, UnsetType):
        _revalue(row, changes.custom_values, before, after)
    if before or after:
        tell_change(row, before, after, actor)
    return row


def archive_feature(feature: Feature, *, actor: Actor) -> Feature:
    """Take the feature out of sight; it is served as before."""
    return change_feature(feature, FeatureChanges(is_archived=True), actor=actor)


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


def _revalue(row: Feature, values: Sequence[GivenValue], before: dict[str, Any], after: dict[str, Any]) -> None:
    was = told_values(Kind.FEATURE, row.pk)
    set_values(row.project, Kind.FEATURE, row.pk, values)
    now = told_values(Kind.FEATURE, row.pk)
    if was != now:
        before.update(was)
        after.update(now)


def tell_change(feature: Feature, before: dict[str, Any], after: dict[str, Any], actor: Actor) -> None:
    """One event about a changed definition: `before` and `after` hold what differs."""
    scope = Scope(organisation_id=feature.project.organisation_id, project_id=feature.project_id)
    changes = [changed_feature(feature, before, after)]
    publish(EventType.FEATURE_CHANGED, scope=scope, changes=changes, actor=actor)


def changed_feature(feature: Feature, before: dict[str, Any], after: dict[str, Any]) -> Change:
    """The line in an event of a changed definition."""
    named = {"feature": {"id": feature.pk, "name": feature.name}}
    return Change(
        object=ObjectType.FEATURE,
        action="updated",
        id=feature.pk,
        uuid=str(feature.uuid),
        feature_id=feature.pk,
        before=named | before,
        after=named | after,
    )
