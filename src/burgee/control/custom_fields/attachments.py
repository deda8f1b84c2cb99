"""Which kinds of objects have a field, and where it is required."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from msgspec import Struct

from burgee.control.custom_fields.errors import AttachedAlready, UnknownPlace
from burgee.control.custom_fields.models import Attachment, CustomField, Kind
from burgee.control.custom_fields.services import scope_of
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, publish
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.projects.models import Project


class Requirement(Struct, frozen=True, kw_only=True):
    """Where no object may be made without a value: everywhere, or in projects."""

    everywhere: bool = False
    project_ids: tuple[int, ...] = ()


@transaction.atomic
def attach_field(field: CustomField, kind: Kind, requirement: Requirement, *, actor: Actor) -> Attachment:
    """Let objects of `kind` have the field; those that exist have no value of it yet."""
    projects = _projects(field, requirement)
    with on_violation(AttachedAlready()):
        row = Attachment.objects.create(field=field, kind=kind.value, is_required_everywhere=requirement.everywhere)
    row.required_projects.set(projects)
    _tell(EventType.CUSTOM_FIELD_ATTACHED, "created", row, actor, after=_told(row))
    return row


@transaction.atomic
def require_field(attachment: Attachment, requirement: Requirement, *, actor: Actor) -> Attachment:
    """Say anew where the field is required; objects that exist without a value stay as they are."""
    row = Attachment.objects.select_for_update().select_related("field").get(pk=attachment.pk)
    before = _told(row)
    row.required_projects.set(_projects(row.field, requirement))
    row.is_required_everywhere = requirement.everywhere
    after = _told(row)
    if before == after:
        return row
    row.save(update_fields=["is_required_everywhere"])
    _tell(EventType.CUSTOM_FIELD_REQUIRED, "updated", row, actor, before=before, after=after)
    return row


@transaction.atomic
def detach_field(attachment: Attachment, *, actor: Actor) -> None:
    """Take the field away from all objects of the kind, with their values."""
    row = Attachment.objects.select_for_update().select_related("field").filter(pk=attachment.pk).first()
    if row is None:
        return
    before = _told(row) | {"values": row.values.count()}
    _tell(EventType.CUSTOM_FIELD_DETACHED, "deleted", row, actor, before=before)
    row.delete()


def _projects(field: CustomField, requirement: Requirement) -> Sequence[Project]:
    projects = Project.objects.living().filter(organisation_id=field.organisation_id)
    if field.project_id is not None:
        projects = projects.filter(pk=field.project_id)
    found = {project.pk: project for project in projects.filter(pk__in=requirement.project_ids)}
    for id_ in requirement.project_ids:
        if id_ not in found:
            raise UnknownPlace(id=id_)
    return list(found.values())


def _told(row: Attachment) -> dict[str, Any]:
    names = list(row.required_projects.order_by("name").values_list("name", flat=True))
    return {
        "custom_field": {"id": row.field_id, "name": row.field.name},
        "kind": str(row.kind),
        "required_everywhere": row.is_required_everywhere,
        "required_in": names,
    }


def _tell(event: EventType, action: str, row: Attachment, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.ATTACHED_FIELD, action=action, id=row.pk, **values)
    publish(event, scope=scope_of(row.field), changes=[change], actor=actor)
