"""Values of objects, inside the transaction and the event of a caller who changes the object."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from burgee.control.custom_fields.errors import RequiredValueMissing, WrongValues
from burgee.control.custom_fields.models import Attachment, FieldValue, Kind
from burgee.control.custom_fields.rules import problem_with
from burgee.control.kit.prepared import About
from burgee.control.projects.models import Project


class GivenValue(Struct, frozen=True, kw_only=True):
    attachment_id: int
    text: str


def set_values(project: Project, kind: Kind, object_id: int, given: Sequence[GivenValue]) -> None:
    """Let the object have exactly these values; raises WrongValues and RequiredValueMissing."""
    usable = {row.pk: row for row in Attachment.objects.usable_in(project, kind).select_related("field")}
    _check(given, usable)
    _check_required(project, {value.attachment_id for value in given}, usable)
    there = {value.attachment_id: value for value in _values(kind, [object_id])}
    wanted = {value.attachment_id: value.text for value in given}
    gone = [value.pk for attachment_id, value in there.items() if attachment_id not in wanted]
    if gone:
        FieldValue.objects.filter(pk__in=gone).delete()
    for attachment_id, text in wanted.items():
        _set(there.get(attachment_id), attachment_id, object_id, text)


def copy_values(kind: Kind, source_id: int, target_id: int) -> None:
    """Give an object that has no values those of another one of the same project, complete or not."""
    FieldValue.objects.bulk_create(
        [
            FieldValue(attachment_id=value.attachment_id, object_id=target_id, text=value.text)
            for value in _values(kind, [source_id])
        ]
    )


def values_of(kind: Kind, object_ids: Collection[int]) -> dict[int, list[FieldValue]]:
    """By object, perhaps others too, in one query however many there are."""
    found: dict[int, list[FieldValue]] = {}
    for value in _values(kind, object_ids):
        found.setdefault(value.object_id, []).append(value)
    return found


def told_values(kind: Kind, object_id: int) -> dict[str, Any]:
    """The values of an object as events tell them, by the names of the fields; nothing when it has none."""
    values = FieldValue.objects.filter(object_id=object_id, attachment__kind=kind).select_related("attachment__field")
    told = {value.attachment.field.name: value.text for value in values.order_by("attachment_id")}
    return {"custom_fields": told} if told else {}


def _values(kind: Kind, object_ids: Collection[int]) -> list[FieldValue]:
    return _VALUES.all(object_ids, kind=kind.value)


_VALUES = About(
    "object_id",
    lambda about, kind: FieldValue.objects.filter(about, attachment__kind=kind).order_by("attachment_id"),
    within_project=False,
)


def _set(row: FieldValue | None, attachment_id: int, object_id: int, text: str) -> None:
    if row is None:
        FieldValue.objects.create(attachment_id=attachment_id, object_id=object_id, text=text)
    elif row.text != text:
        row.text = text
        row.save(update_fields=["text"])


def _check(given: Sequence[GivenValue], usable: Mapping[int, Attachment]) -> None:
    wrong: list[dict[str, list[str]]] = []
    seen: set[int] = set()
    for value in given:
        wrong.append(_wrong(value, usable, seen))
        seen.add(value.attachment_id)
    if any(wrong):
        raise WrongValues(wrong)


def _wrong(value: GivenValue, usable: Mapping[int, Attachment], seen: set[int]) -> dict[str, list[str]]:
    attachment = usable.get(value.attachment_id)
    if attachment is None:
        return {"model_field": [f'Invalid pk "{value.attachment_id}" - object does not exist.']}
    if value.attachment_id in seen:
        return {"model_field": ["This field is given twice."]}
    problem = problem_with(value.text, attachment.field.type)
    return {} if problem is None else {"field_value": [problem]}


def _check_required(project: Project, given: set[int], usable: Mapping[int, Attachment]) -> None:
    missing = {pk: row for pk, row in usable.items() if pk not in given}
    if not missing:
        return
    own = {row.field.name for row in usable.values() if row.field.project_id is not None}
    links = Attachment.required_projects.through.objects.filter(project_id=project.pk, attachment_id__in=list(missing))
    here = set(links.values_list("attachment_id", flat=True))
    for pk, row in sorted(missing.items()):
        # A field of the project stands in for one of the organisation with its name.
        is_hidden = row.field.project_id is None and row.field.name in own
        if (row.is_required_everywhere or pk in here) and not is_hidden:
            raise RequiredValueMissing(name=row.field.name)
