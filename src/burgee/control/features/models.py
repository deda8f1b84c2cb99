"""What flags exist: definitions, variants, tags, owners, links."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from burgee.control.kit.digests import folded, live_key
from burgee.control.kit.values import JsonTextField
from burgee.control.organisations.models import UserGroup
from burgee.control.projects.models import Project


class TagType(models.TextChoices):
    NONE = "NONE"
    STALE = "STALE"
    GITHUB = "GITHUB"
    GITLAB = "GITLAB"
    UNHEALTHY = "UNHEALTHY"


class Tag(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tags")
    label = models.CharField(max_length=100)
    color = models.CharField(max_length=10, default="#6837FC")
    description = models.CharField(max_length=512, null=True)
    is_permanent = models.BooleanField(default=False)
    is_system_tag = models.BooleanField(default=False)
    type = models.CharField(max_length=20, choices=TagType, default=TagType.NONE)


class FeatureType(models.TextChoices):
    STANDARD = "STANDARD"
    MULTIVARIATE = "MULTIVARIATE"


class FeatureQuerySet(models.QuerySet["Feature"]):
    def living(self) -> Self:
        return self.filter(deleted_at=None, project__deleted_at=None, project__organisation__deleted_at=None)


class Feature(models.Model):
    """``value_kind`` and ``value_schema`` are reserved for typed values."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="features")
    name = models.CharField(max_length=2000)
    live_key = models.CharField(max_length=64, unique=True, null=True)
    type = models.CharField(max_length=20, choices=FeatureType, default=FeatureType.STANDARD)
    description = models.TextField(null=True)
    initial_value = JsonTextField(default=None)
    default_enabled = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    is_server_key_only = models.BooleanField(default=False)
    created_date = models.DateTimeField(default=timezone.now)
    value_kind = models.CharField(max_length=20, null=True)
    value_schema = JsonTextField(default=None)
    tags = models.ManyToManyField(Tag, related_name="features")
    owners = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="owned_features")
    group_owners = models.ManyToManyField(UserGroup, related_name="owned_features")
    deleted_at = models.DateTimeField(null=True)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "deleted_at", "created_date"], name="feature_listing")]

    def __str__(self) -> str:
        return self.name


class MultivariateOption(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="options")
    key = models.CharField(max_length=255, null=True)
    live_key = models.CharField(max_length=64, unique=True, null=True)
    value = JsonTextField(default=None)
    default_percentage_allocation = models.FloatField(default=100)


class LinkType(models.TextChoices):
    GITHUB_ISSUE = "GITHUB_ISSUE"
    GITHUB_PR = "GITHUB_PR"
    GITLAB_ISSUE = "GITLAB_ISSUE"
    GITLAB_MR = "GITLAB_MR"
    LINK = "LINK"


class FeatureLink(models.Model):
    """A page elsewhere that is about the feature, such as a ticket."""

    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="links")
    url = models.CharField(max_length=200)
    live_key = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=20, choices=LinkType)
    metadata = JsonTextField(default=None)

    def __str__(self) -> str:
        return self.url


def feature_key(project_id: int, name: str) -> str:
    """What is unique about a feature's name while it lives: case does not matter."""
    return live_key("feature", project_id, folded(name))


def option_key(feature_id: int, key: str) -> str:
    """What is unique about an option's key within its feature."""
    return live_key("option", feature_id, key)


def link_key(feature_id: int, url: str) -> str:
    """What is unique about a link within its feature."""
    return live_key("link", feature_id, url)
