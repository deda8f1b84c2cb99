"""Projects: what shares features and segments."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone

from burgee.control.kit.digests import live_key
from burgee.control.organisations.models import Organisation


class ProjectQuerySet(models.QuerySet["Project"]):
    def living(self) -> Self:
        return self.filter(deleted_at=None, organisation__deleted_at=None)


class Project(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=2000)
    live_key = models.CharField(max_length=64, unique=True, null=True)
    created_date = models.DateTimeField(default=timezone.now)
    hide_disabled_flags = models.BooleanField(default=False)
    prevent_flag_defaults = models.BooleanField(default=False)
    enable_realtime_updates = models.BooleanField(default=False)
    only_allow_lower_case_feature_names = models.BooleanField(default=True)
    feature_name_regex = models.CharField(max_length=255, null=True)
    stale_flags_limit_days = models.PositiveIntegerField(default=30)
    minimum_change_request_approvals = models.PositiveIntegerField(null=True)
    enforce_feature_owners = models.BooleanField(default=False)
    show_edge_identity_overrides_for_feature = models.BooleanField(default=False)
    max_features_allowed = models.PositiveIntegerField(default=1000)
    max_segments_allowed = models.PositiveIntegerField(default=500)
    max_segment_overrides_allowed = models.PositiveIntegerField(default=2000)
    deleted_at = models.DateTimeField(null=True)

    objects = ProjectQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


def project_key(organisation_id: int, name: str) -> str:
    """What is unique about a project's name while it lives."""
    return live_key("project", organisation_id, name)
