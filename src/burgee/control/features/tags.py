"""Tags of a project."""

from typing import Any

from django.db import transaction
from msgspec import UNSET, Struct, UnsetType, structs

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.features.errors import SystemTagFixed
from burgee.control.features.models import Tag
from burgee.control.kit.actor import Actor
from burgee.control.projects.models import Project


class TagChanges(Struct, frozen=True, kw_only=True):
    label: str | UnsetType = UNSET
    color: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    is_permanent: bool | UnsetType = UNSET


def _given(changes: TagChanges) -> dict[str, Any]:
    return {name: value for name, value in structs.asdict(changes).items() if value is not UNSET}


@transaction.atomic
def create_tag(project: Project, changes: TagChanges, *, actor: Actor) -> Tag:
    """Make a tag; two tags may have one label."""
    tag = Tag.objects.create(project=project, **_given(changes))
    _tell(EventType.TAG_CREATED, "created", tag, actor, after=_told(tag))
    return tag


@transaction.atomic
def change_tag(tag: Tag, changes: TagChanges, *, actor: Actor) -> Tag:
    row = Tag.objects.select_for_update().select_related("project").get(pk=tag.pk)
    if row.is_system_tag:
        raise SystemTagFixed(verb="update")
    differing = {name: value for name, value in _given(changes).items() if getattr(row, name) != value}
    if not differing:
        return row
    before = _told(row)
    for name, value in differing.items():
        setattr(row, name, value)
    row.save(update_fields=list(differing))
    _tell(EventType.TAG_CHANGED, "updated", row, actor, before=before, after=_told(row))
    return row


@transaction.atomic
def delete_tag(tag: Tag, *, actor: Actor) -> None:
    """Take the tag away from every feature and from the project."""
    if tag.is_system_tag:
        raise SystemTagFixed(verb="delete")
    _tell(EventType.TAG_DELETED, "deleted", tag, actor, before=_told(tag))
    tag.delete()


def _told(tag: Tag) -> dict[str, Any]:
    return {
        "label": tag.label,
        "color": tag.color,
        "description": tag.description,
        "is_permanent": tag.is_permanent,
    }


def _tell(event: EventType, action: str, tag: Tag, actor: Actor, **told: dict[str, Any]) -> None:
    publish(
        event,
        scope=Scope(organisation_id=tag.project.organisation_id, project_id=tag.project_id),
        changes=[
            Change(
                object=ObjectType.TAG,
                action=action,
                id=tag.pk,
                uuid=str(tag.uuid),
                before=told.get("before"),
                after=told.get("after"),
            )
        ],
        actor=actor,
    )
