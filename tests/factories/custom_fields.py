from itertools import count

from burgee.control.custom_fields.models import Attachment, CustomField, FieldValue, Kind, field_key
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project
from tests.factories.organisations import an_organisation

_numbers = count(1)


def a_field(organisation: Organisation | None = None, *, project: Project | None = None, **fields) -> CustomField:
    organisation = organisation or (project.organisation if project else an_organisation())
    name = fields.pop("name", None) or f"Field {next(_numbers)}"
    key = field_key(organisation.pk, project.pk if project else None, name)
    return CustomField.objects.create(organisation=organisation, project=project, name=name, live_key=key, **fields)


def an_attachment(
    field: CustomField, kind: Kind = Kind.FEATURE, *, required: bool | list[Project] = False
) -> Attachment:
    """Objects of `kind` have the field; it is required everywhere, or in the projects of a list."""
    row = Attachment.objects.create(field=field, kind=kind, is_required_everywhere=required is True)
    row.required_projects.set(required if isinstance(required, list) else [])
    return row


def a_value(attachment: Attachment, object_id: int, text: str = "value") -> FieldValue:
    return FieldValue.objects.create(attachment=attachment, object_id=object_id, text=text)
