"""Environments and the keys that SDKs present."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone

from burgee.control.kit.digests import live_key
from burgee.control.projects.models import Project


class EnvironmentQuerySet(models.QuerySet["Environment"]):
    def living(self) -> Self:
        return self.filter(deleted_at=None, project__deleted_at=None, project__organisation__deleted_at=None)

    def served(self) -> Self:
        """Those that SDKs are told of: the living ones that are not still being made."""
        return self.living().filter(is_creating=False)


class Environment(models.Model):
    """``hide_disabled_flags`` null means: as the project says. ``api_key`` is the public client key.

    ``is_protected`` refuses nothing: people are asked, with what would change, before they change flags there.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="environments")
    name = models.CharField(max_length=2000)
    live_key = models.CharField(max_length=64, unique=True, null=True)
    api_key = models.CharField(max_length=100)
    key_digest = models.CharField(max_length=64, unique=True)
    description = models.TextField(null=True)
    created_date = models.DateTimeField(default=timezone.now)
    minimum_change_request_approvals = models.PositiveIntegerField(null=True)
    is_protected = models.BooleanField(db_default=False, default=False)
    allow_client_traits = models.BooleanField(default=True)
    banner_text = models.CharField(max_length=255, null=True)
    banner_colour = models.CharField(max_length=7, null=True)
    hide_disabled_flags = models.BooleanField(null=True)
    hide_sensitive_data = models.BooleanField(default=False)
    use_identity_composite_key_for_hashing = models.BooleanField(default=True)
    use_identity_overrides_in_local_eval = models.BooleanField(default=True)
    use_v2_feature_versioning = models.BooleanField(default=False)
    is_creating = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    objects = EnvironmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ServerKey(models.Model):
    """A server-side key: found by its hash, kept encrypted because people may read it again."""

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="server_keys")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    ciphertext = models.TextField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)


def environment_key(project_id: int, name: str) -> str:
    """What is unique about an environment's name while it lives."""
    return live_key("environment", project_id, name)
