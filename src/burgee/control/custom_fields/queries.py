"""Custom fields as lists ask for them."""

from django.db.models import QuerySet

from burgee.control.custom_fields.models import Attachment, CustomField
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project


def fields_of(organisation: Organisation) -> QuerySet[CustomField]:
    """The fields that all its projects share."""
    return CustomField.objects.living().filter(organisation=organisation, project=None).order_by("pk")


def fields_in(project: Project, *, with_shared: bool = False, kind: str | None = None) -> QuerySet[CustomField]:
    """The fields of a project; `with_shared` adds those of its organisation whose names the project does not use.

    `kind` leaves those that objects of this kind have.
    """
    own = CustomField.objects.filter(project=project)
    found = own
    if with_shared:
        shared = CustomField.objects.filter(organisation_id=project.organisation_id, project=None)
        found = own | shared.exclude(name__in=own.values("name"))
    if kind is not None:
        found = found.filter(pk__in=Attachment.objects.filter(kind=kind).values("field_id"))
    return found.order_by("pk")


def with_attachments(fields: QuerySet[CustomField]) -> QuerySet[CustomField]:
    """With the kinds of objects that have them and where they are required, in two more queries."""
    return fields.prefetch_related("attachments__required_projects")


def attachments_in(organisation: Organisation) -> QuerySet[Attachment]:
    found = Attachment.objects.living().filter(field__organisation=organisation).select_related("field")
    return found.prefetch_related("required_projects").order_by("pk")
