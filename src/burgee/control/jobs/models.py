"""Background work: each row is done once, by whichever worker holds its lease."""

from typing import Self

from django.db import models
from django.utils import timezone

from burgee.control.kit.values import JsonTextField


class JobStatus(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class JobQuerySet(models.QuerySet["Job"]):
    def about(self, kind: str, subject_id: int) -> Self:
        """The jobs of a kind for one object, the newest first."""
        return self.filter(kind=kind, subject_id=subject_id).order_by("-id")


class Job(models.Model):
    """A piece of work. ``subject_id`` is the row it is about; ``occurrence`` is unique to a due time of recurring work.

    A job that waits and has a lease is in the hands of ``owner``; once ``lease_until`` has passed, that one is thought
    dead. ``progress`` is in per cent.
    """

    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    payload = JsonTextField(default=dict)
    occurrence = models.CharField(max_length=64, unique=True, null=True)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=64, null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "due_at"], name="job_due"),
            models.Index(fields=["kind", "subject_id"], name="job_subject"),
        ]
