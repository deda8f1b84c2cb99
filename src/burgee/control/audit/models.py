"""The audit log: one readable line for each changed object, in chains of hashes.

Each organisation has one; ``organisation_id`` is `INSTALLATION` in that of the installation.
"""

from typing import Self

from django.db import models

from burgee.control.kit.values import JsonTextField


class AuditLogQuerySet(models.QuerySet["AuditLog"]):
    def newest_first(self) -> Self:
        return self.order_by("-id")

    def without_details(self) -> Self:
        """Lines as lists show them: what changed, and the proofs of it, stay unread."""
        return self.defer("details", "salts", "digests", "previous_hash", "hash")


class AuditLog(models.Model):
    """A line. Names of objects are as they were; ids of environments and projects lead to today's rows.

    ``position`` counts the lines of the organisation without gaps. The fields are digested in groups, each with a
    salt of its own in ``salts``: erasing a group empties its fields and forgets its salt, and its digest goes on
    standing in the chain. ``feature_id`` finds the history of a flag; it repeats what the event says and is not sealed.
    """

    organisation_id = models.BigIntegerField()
    position = models.BigIntegerField()
    seq = models.BigIntegerField()
    index = models.PositiveIntegerField()
    event_uuid = models.UUIDField()
    event_type = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    project_id = models.BigIntegerField(null=True)
    environment_id = models.BigIntegerField(null=True)
    change_type = models.CharField(max_length=10)
    object_type = models.CharField(max_length=20)
    object_id = models.BigIntegerField(null=True)
    object_uuid = models.CharField(max_length=36, null=True)
    feature_id = models.BigIntegerField(null=True)
    is_system_event = models.BooleanField(default=False)
    author_kind = models.CharField(max_length=10, null=True)
    author_id = models.BigIntegerField(null=True)
    author_label = models.CharField(max_length=320, null=True)
    log = models.TextField(null=True)
    details = JsonTextField(default=None)
    salts = JsonTextField(default=dict)
    digests = JsonTextField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditLogQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "position"], name="audit_position"),
            models.UniqueConstraint(fields=["event_uuid", "index"], name="audit_line_once"),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "id"], name="audit_organisation"),
            models.Index(fields=["project_id", "id"], name="audit_project"),
            models.Index(fields=["environment_id", "project_id", "organisation_id", "id"], name="audit_environment"),
            models.Index(fields=["author_id", "id"], name="audit_author"),
            models.Index(fields=["feature_id", "id"], name="audit_feature"),
            models.Index(fields=["organisation_id", "occurred_at"], name="audit_moment"),
        ]


class AuditChain(models.Model):
    """The end of a chain: which events are told, and what the next line must follow."""

    organisation_id = models.BigIntegerField(primary_key=True)
    last_seq = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
