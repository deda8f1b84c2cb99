"""What people add to features, segments and environments: fields, the kinds of objects that have them, values."""

from typing import Self

from django.db import models
from django.db.models import Q

from burgee.control.kit.digests import live_key
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project

LONGEST_VALUE = 2000


class FieldType(models.TextChoices):
    INT = "int"
    STR = "str"
    BOOL = "bool"
    URL = "url"
    MULTILINE_STR = "multiline_str"


class Kind(models.TextChoices):
    """What can have custom fields."""

    ENVIRONMENT = "environment"
    FEATURE = "feature"
    SEGMENT = "segment"


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def living(self) -> Self:
        return self.filter(Q(project=None) | Q(project__deleted_at=None), organisation__deleted_at=None)


class CustomField(models.Model):
    """A field of every project of the organisation, or of one ``project``."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="custom_fields")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="custom_fields")
    name = models.CharField(max_length=255)
    live_key = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=20, choices=FieldType, default=FieldType.STR)
    description = models.TextField(null=True)

    objects = CustomFieldQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def living(self) -> Self:
        fields = CustomField.objects.living()
        return self.filter(field__in=fields)

    def usable_in(self, project: Project, kind: str) -> Self:
        """Those whose fields objects of this kind have in `project`."""
        there = Q(field__project=None) | Q(field__project=project)
        return self.filter(there, kind=kind, field__organisation_id=project.organisation_id)


class Attachment(models.Model):
    """Objects of one kind have the field; where it is required, none is made without a value."""

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=20, choices=Kind)
    is_required_everywhere = models.BooleanField(default=False)
    required_projects = models.ManyToManyField(Project, related_name="required_fields")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "kind"], name="field_once_per_kind")]


class FieldValue(models.Model):
    """``object_id`` is the id of a feature, a segment or an environment, as the attachment says."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="values")
    object_id = models.BigIntegerField()
    text = models.CharField(max_length=LONGEST_VALUE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attachment", "object_id"], name="value_once_per_object")]
        indexes = [models.Index(fields=["object_id"], name="values_of_object")]


def field_key(organisation_id: int, project_id: int | None, name: str) -> str:
    """What is unique about a field's name."""
    return live_key("custom_field", organisation_id, project_id or "", name)
