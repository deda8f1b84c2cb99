"""Custom fields made, changed and taken away with every value of theirs."""

from typing import Any

from django.db import transaction
from msgspec import UNSET, Struct, UnsetType, structs

from burgee.control.custom_fields.errors import FieldNameTaken, ValuesDoNotFit
from burgee.control.custom_fields.models import CustomField, FieldType, FieldValue, field_key
from burgee.control.custom_fields.rules import problem_with
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project


class NewField(Struct, frozen=True, kw_only=True):
    name: str
    type: str = FieldType.STR.value
    description: str | None = None


class FieldChanges(Struct, frozen=True, kw_only=True):
    """A field stays in its organisation and project."""

    name: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET


@transaction.atomic
def create_field(
    organisation: Organisation, new: NewField, *, project: Project | None = None, actor: Actor
) -> CustomField:
    """Make a field of every project of the organisation, or of one; no object has it before it is attached."""
    project_id = project.pk if project else None
    with on_violation(FieldNameTaken()):
        field = CustomField.objects.create(
            organisation=organisation,
            project=project,
            live_key=field_key(organisation.pk, project_id, new.name),
            **structs.asdict(new),
        )
    _tell(EventType.CUSTOM_FIELD_CREATED, "created", field, actor, after=told(field))
    return field


@transaction.atomic
def change_field(field: CustomField, changes: FieldChanges, *, actor: Actor) -> CustomField:
    """Change name, type or description; a type that values of the field are not of is refused."""
    row = CustomField.objects.select_for_update().get(pk=field.pk)
    before = told(row)
    given = {name: value for name, value in structs.asdict(changes).items() if value is not UNSET}
    differing = {name: value for name, value in given.items() if getattr(row, name) != value}
    if not differing:
        return row
    if "type" in differing:
        _check_values(row, differing["type"])
    for name, value in differing.items():
        setattr(row, name, value)
    row.live_key = field_key(row.organisation_id, row.project_id, row.name)
    with on_violation(FieldNameTaken()):
        row.save(update_fields=[*differing, "live_key"])
    _tell(EventType.CUSTOM_FIELD_CHANGED, "updated", row, actor, before=before, after=told(row))
    return row


@transaction.atomic
def delete_field(field: CustomField, *, actor: Actor) -> None:
    """Take the field away from every object, with its values."""
    row = CustomField.objects.select_for_update().filter(pk=field.pk).first()
    if row is None:
        return
    kinds = list(row.attachments.order_by("pk").values_list("kind", flat=True))
    lost = {"had_by": kinds, "values": FieldValue.objects.filter(attachment__field=row).count()}
    _tell(EventType.CUSTOM_FIELD_DELETED, "deleted", row, actor, before=told(row) | lost)
    row.delete()


def told(field: CustomField) -> dict[str, Any]:
    """The field as events tell it."""
    facts = {"name": field.name, "type": str(field.type), "description": field.description}
    if field.project is None:
        return facts
    return facts | {"project": {"id": field.project.pk, "name": field.project.name}}


def scope_of(field: CustomField) -> Scope:
    return Scope(organisation_id=field.organisation_id, project_id=field.project_id)


def _check_values(field: CustomField, new_type: str) -> None:
    texts = FieldValue.objects.filter(attachment__field=field).values_list("text", flat=True)
    for text in texts.iterator():
        if problem_with(text, new_type) is not None:
            raise ValuesDoNotFit(text=text)


def _tell(event: EventType, action: str, field: CustomField, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.CUSTOM_FIELD, action=action, id=field.pk, **values)
    publish(event, scope=scope_of(field), changes=[change], actor=actor)
