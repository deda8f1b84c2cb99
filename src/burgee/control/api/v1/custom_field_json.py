"""Custom fields and their values as JSON, in and out. What has fields is named by the id of a content type."""

from collections.abc import Sequence
from typing import Any, Final

from rest_framework import serializers

from burgee.control.api.v1.fields import IdField, ItemsByPosition
from burgee.control.custom_fields.attachments import Requirement
from burgee.control.custom_fields.models import LONGEST_VALUE, Attachment, CustomField, FieldType, FieldValue, Kind
from burgee.control.custom_fields.values import GivenValue, values_of

ORGANISATION: Final = "organisation"
PROJECT: Final = "project"

CONTENT_TYPES: Final = {
    Kind.ENVIRONMENT.value: 1,
    Kind.FEATURE.value: 2,
    Kind.SEGMENT.value: 3,
    ORGANISATION: 4,
    PROJECT: 5,
}
"""By model; the ids are the same in every installation and for ever."""

KIND_OF: Final = {CONTENT_TYPES[kind.value]: kind for kind in Kind}


class ContentTypeField(IdField):
    """The content type of something that can have fields."""

    def to_internal_value(self, data: Any) -> Kind:  # type: ignore[override]  # an id that stands for a kind
        number = super().to_internal_value(data)
        if number not in KIND_OF:
            self.fail("does_not_exist", pk_value=number)
        return KIND_OF[number]


class FieldInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=255)
    type = serializers.ChoiceField(FieldType.values, required=False)
    description = serializers.CharField(max_length=20000, required=False, allow_null=True, allow_blank=True)


class NewFieldInput(FieldInput):
    organisation = IdField()
    project = IdField(required=False, allow_null=True)


class RequirementInput(serializers.Serializer[Any]):
    content_type = IdField()
    object_id = IdField()

    class Meta:
        list_serializer_class = ItemsByPosition

    def validate_content_type(self, number: int) -> int:
        if number not in {CONTENT_TYPES[ORGANISATION], CONTENT_TYPES[PROJECT]}:
            raise serializers.ValidationError(f'Invalid pk "{number}" - object does not exist.')
        return number


class AttachmentInput(serializers.Serializer[Any]):
    field = IdField()
    content_type = ContentTypeField()
    is_required_for = RequirementInput(many=True, required=False)


class AttachmentChangesInput(serializers.Serializer[Any]):
    """A field stays with its content type."""

    is_required_for = RequirementInput(many=True, required=False)


class ValueInput(serializers.Serializer[Any]):
    """The value of a custom field."""

    model_field = IdField()
    field_value = serializers.CharField(max_length=LONGEST_VALUE)

    class Meta:
        list_serializer_class = ItemsByPosition

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # A value must be complete, also within an object of which only some facts are given.
        missing = [name for name in ("model_field", "field_value") if name not in attrs]
        if missing:
            raise serializers.ValidationError({name: ["This field is required."] for name in missing})
        return attrs


def given_values(facts: dict[str, Any]) -> tuple[GivenValue, ...]:
    """The values under ``metadata``."""
    items = facts.get("metadata", ())
    return tuple(GivenValue(attachment_id=item["model_field"], text=item["field_value"]) for item in items)


def values_json(values: Sequence[FieldValue]) -> list[dict[str, Any]]:
    return [{"id": value.pk, "model_field": value.attachment_id, "field_value": value.text} for value in values]


def metadata_of(kind: Kind, object_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The values of each object, in one query however many there are."""
    found = values_of(kind, object_ids)
    return {id_: values_json(found[id_]) if id_ in found else [] for id_ in object_ids}


def field_json(field: CustomField) -> dict[str, Any]:
    """A field with its attachments loaded."""
    attachments = sorted(field.attachments.all(), key=lambda attachment: attachment.pk)
    return {
        "id": field.pk,
        "name": field.name,
        "type": field.type,
        "description": field.description,
        "organisation": field.organisation_id,
        "project": field.project_id,
        "model_fields": [_nested_json(attachment, field) for attachment in attachments],
    }


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    told = _nested_json(attachment, attachment.field)
    return {"id": told.pop("id"), "field": attachment.field_id, **told}


def requirement(items: Sequence[dict[str, Any]], organisation_id: int) -> Requirement:
    """Where ``is_required_for`` says that a field is required; another organisation is none."""
    wrong: list[dict[str, list[str]]] = [_foreign(item, organisation_id) for item in items]
    if any(wrong):
        raise serializers.ValidationError({"is_required_for": wrong})
    places = [(item["content_type"], item["object_id"]) for item in items]
    return Requirement(
        everywhere=any(kind == CONTENT_TYPES[ORGANISATION] for kind, _ in places),
        project_ids=tuple(dict.fromkeys(id_ for kind, id_ in places if kind == CONTENT_TYPES[PROJECT])),
    )


def _foreign(item: dict[str, Any], organisation_id: int) -> dict[str, list[str]]:
    if item["content_type"] == CONTENT_TYPES[ORGANISATION] and item["object_id"] != organisation_id:
        return {"object_id": [f'Invalid pk "{item["object_id"]}" - object does not exist.']}
    return {}


def _nested_json(attachment: Attachment, field: CustomField) -> dict[str, Any]:
    everywhere = [(ORGANISATION, field.organisation_id)] if attachment.is_required_everywhere else []
    projects = sorted(project.pk for project in attachment.required_projects.all())
    places = [*everywhere, *((PROJECT, id_) for id_ in projects)]
    return {
        "id": attachment.pk,
        "content_type": CONTENT_TYPES[attachment.kind],
        "is_required_for": [{"content_type": CONTENT_TYPES[what], "object_id": id_} for what, id_ in places],
    }
