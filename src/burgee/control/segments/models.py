"""Who: rules over traits."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone

from burgee.control.features.models import Feature
from burgee.control.kit.values import JsonTextField
from burgee.control.projects.models import Project


class SegmentQuerySet(models.QuerySet["Segment"]):
    def living(self) -> Self:
        return self.filter(deleted_at=None, project__deleted_at=None, project__organisation__deleted_at=None)


class Segment(models.Model):
    """``split_key`` seeds percentage splits and stays when the segment is imported elsewhere; null is the own id.

    ``managed_by`` is the kind of what keeps it and, after a colon, the id of the place that it is for.
    ``rules`` is the tree as on the wire, each rule and condition with an id that is stable within the segment.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="segments")
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, null=True, related_name="segments")
    name = models.CharField(max_length=2000)
    description = models.TextField(null=True)
    split_key = models.BigIntegerField(null=True)
    managed_by = models.CharField(max_length=20, null=True)
    rules = JsonTextField(default=list)
    is_whitelisted = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "deleted_at"], name="segment_listing")]

    def __str__(self) -> str:
        return self.name


class SegmentRevision(models.Model):
    """A former definition, kept when a segment is changed."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=2000)
    description = models.TextField(null=True)
    rules = JsonTextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "version"], name="segment_revision_once")]
