"""Segments made and changed; taking one away touches flags and lives in ``targeting``."""

from typing import Any

from django.conf import settings
from django.db import transaction
from msgspec import UNSET, Struct, UnsetType

from burgee.control.custom_fields.models import Kind
from burgee.control.custom_fields.values import GivenValue, copy_values, set_values, told_values
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.features.models import Feature
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.projects.models import Project
from burgee.control.segments.errors import ManagedSegment, TooManySegments, UnknownFeature
from burgee.control.segments.models import Segment, SegmentRevision
from burgee.control.segments.rules import RuleDraft, check_rules, stored


class NewSegment(Struct, frozen=True, kw_only=True):
    name: str
    rules: tuple[RuleDraft, ...]
    description: str | None = None
    feature_id: int | None = None
    custom_values: tuple[GivenValue, ...] = ()


class SegmentChanges(Struct, frozen=True, kw_only=True):
    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    rules: tuple[RuleDraft, ...] | UnsetType = UNSET
    custom_values: tuple[GivenValue, ...] | UnsetType = UNSET


@transaction.atomic
def create_segment(project: Project, new: NewSegment, *, actor: Actor) -> Segment:
    """Make a segment of the project, or of one of its features."""
    check_rules(new.rules, condition_limit=condition_limit())
    if new.feature_id is not None and not _has_feature(project, new.feature_id):
        raise UnknownFeature(id=new.feature_id)
    _check_room(project)
    segment = Segment.objects.create(
        project=project,
        feature_id=new.feature_id,
        name=new.name,
        description=new.description,
        rules=stored(new.rules),
        created_at=(now := clock.now()),
        updated_at=now,
    )
    set_values(project, Kind.SEGMENT, segment.pk, new.custom_values)
    _publish(EventType.SEGMENT_CREATED, segment_change(segment, "created", after=told(segment)), segment, actor)
    return segment


@transaction.atomic
def change_segment(segment: Segment, changes: SegmentChanges, *, actor: Actor) -> Segment:
    """Change a definition, whose former one is kept as a revision, or custom fields."""
    row = Segment.objects.select_for_update().select_related("project").get(pk=segment.pk)
    if row.managed_by:
        raise ManagedSegment(owner=row.managed_by.partition(":")[0])
    before = told(row)
    former = SegmentRevision(
        segment=row, version=row.version, name=row.name, description=row.description, rules=row.rules
    )
    if not isinstance(changes.rules, UnsetType):
        check_rules(changes.rules, condition_limit=condition_limit(row))
        row.rules = stored(changes.rules, former=row.rules)
    row.name = row.name if isinstance(changes.name, UnsetType) else changes.name
    row.description = row.description if isinstance(changes.description, UnsetType) else changes.description
    if not isinstance(changes.custom_values, UnsetType):
        set_values(row.project, Kind.SEGMENT, row.pk, changes.custom_values)
    after = told(row)
    if before == after:
        return row
    now = clock.now()
    if (former.name, former.description, former.rules) != (row.name, row.description, row.rules):
        former.replaced_at = now
        former.save()
        row.version += 1
    row.updated_at = now
    row.save(update_fields=["name", "description", "rules", "version", "updated_at"])
    change = segment_change(row, "updated", before=before, after=after)
    _publish(EventType.SEGMENT_CHANGED, change, row, actor)
    return row


@transaction.atomic
def whitelist_segment(segment: Segment, *, is_whitelisted: bool, actor: Actor) -> Segment:
    """Let the operator free a segment from the limit of conditions, or bind it again; its rules stay as they are."""
    row = Segment.objects.select_for_update().select_related("project").get(pk=segment.pk)
    if row.is_whitelisted == is_whitelisted:
        return row
    row.is_whitelisted = is_whitelisted
    row.save(update_fields=["is_whitelisted"])
    named = {"segment": {"id": row.pk, "name": row.name}}
    before, after = (named | {"is_whitelisted": is_it} for is_it in (not is_whitelisted, is_whitelisted))
    change = segment_change(row, "updated", before=before, after=after)
    _publish(EventType.SEGMENT_CHANGED, change, row, actor)
    return row


def condition_limit(segment: Segment | None = None) -> int | None:
    """How many conditions the rules may have; None when an operator exempted the segment."""
    exempt = segment is not None and segment.is_whitelisted
    limit: int = settings.CONTROL.segment_conditions_limit
    return None if exempt else limit


@transaction.atomic
def clone_segment(source: Segment, *, name: str, actor: Actor) -> Segment:
    """Make a segment with the same rules and custom fields and another name; its splits fall anew."""
    _check_room(source.project)
    segment = Segment.objects.create(
        project=source.project,
        feature_id=source.feature_id,
        name=name,
        description=source.description,
        rules=source.rules,
        created_at=(now := clock.now()),
        updated_at=now,
    )
    copy_values(Kind.SEGMENT, source.pk, segment.pk)
    _publish(EventType.SEGMENT_CREATED, segment_change(segment, "created", after=told(segment)), segment, actor)
    return segment


def bury_segment(segment: Segment) -> Change:
    """Mark the segment as deleted, inside the transaction and the event of a caller; its overrides are the caller's."""
    if segment.managed_by:
        raise ManagedSegment(owner=segment.managed_by.partition(":")[0])
    segment.deleted_at = clock.now()
    segment.save(update_fields=["deleted_at"])
    return segment_change(segment, "deleted", before=told(segment))


def told(segment: Segment) -> dict[str, Any]:
    """The segment as events tell it."""
    return {
        "segment": {"id": segment.pk, "name": segment.name},
        "description": segment.description,
        "rules": segment.rules,
        **told_values(Kind.SEGMENT, segment.pk),
    }


def segment_change(
    segment: Segment, action: str, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> Change:
    """The change record of one segment."""
    return Change(
        object=ObjectType.SEGMENT,
        action=action,
        id=segment.pk,
        uuid=str(segment.uuid),
        segment_id=segment.pk,
        feature_id=segment.feature_id,
        before=before,
        after=after,
    )


def _publish(event: EventType, change: Change, segment: Segment, actor: Actor) -> None:
    scope = Scope(organisation_id=segment.project.organisation_id, project_id=segment.project_id)
    publish(event, scope=scope, changes=[change], actor=actor)


def _has_feature(project: Project, feature_id: int) -> bool:
    return Feature.objects.filter(pk=feature_id, project=project, deleted_at=None).exists()


def _check_room(project: Project) -> None:
    # One at a time: two that begin together must count each other.
    Project.objects.select_for_update().get(pk=project.pk)
    made_by_people = Segment.objects.filter(project=project, deleted_at=None, managed_by=None)
    if made_by_people.count() >= project.max_segments_allowed:
        raise TooManySegments(limit=project.max_segments_allowed)
