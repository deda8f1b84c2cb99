"""Which value a feature has in an environment, and for whom."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.kit.digests import live_key
from burgee.control.kit.values import JsonTextField
from burgee.control.segments.models import Segment


class VersionStatus(models.TextChoices):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    SUPERSEDED = "superseded"


class Flag(models.Model):
    """A feature in an environment: the row that edits lock. ``change_number`` grows with each edit.

    ``changed_by`` is the person who made the last one; null when it was a key, or Burgee itself.
    """

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="flags")
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="flags")
    change_number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "feature"], name="flag_once")]


class FlagVersion(models.Model):
    """A numbered set of states of one flag. Queries use ``status``; the worker makes a due version live."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="flag_versions")
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="flag_versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=VersionStatus)
    live_key = models.CharField(max_length=64, unique=True, null=True)
    description = models.TextField(null=True)
    live_from = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "feature", "number"], name="flag_version_number"),
        ]
        indexes = [models.Index(fields=["status", "live_from"], name="flag_version_due")]


class FeatureSegment(models.Model):
    """A segment override's place in the order of its flag version: 0 is the strongest."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    version = models.ForeignKey(FlagVersion, on_delete=models.CASCADE, related_name="feature_segments")
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="feature_segments")
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="feature_segments")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="feature_segments")
    priority = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "segment"], name="feature_segment_once")]


class FeatureStateQuerySet(models.QuerySet["FeatureState"]):
    def live(self) -> Self:
        """States that are served: those of live versions, and identity overrides."""
        return self.filter(models.Q(version=None) | models.Q(version__status=VersionStatus.LIVE))

    def defaults(self) -> Self:
        return self.filter(identity_id=None, feature_segment=None)

    def of_segments(self) -> Self:
        return self.exclude(feature_segment=None)

    def of_identities(self) -> Self:
        return self.exclude(identity_id=None)


class FeatureState(models.Model):
    """Enabled and value for everyone, for a segment (``feature_segment``) or for an identity (``identity_id``).

    ``bucketing_seed`` is inherited whenever the row is made again, so that nobody changes variant.
    ``live_key`` forbids two states for the same target in one version. ``identity_bucket`` is the part of the
    snapshot that an identity override belongs to.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    version = models.ForeignKey(FlagVersion, on_delete=models.CASCADE, null=True, related_name="states")
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="feature_states")
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="feature_states")
    feature_segment = models.OneToOneField(FeatureSegment, on_delete=models.CASCADE, null=True, related_name="state")
    identity_id = models.BigIntegerField(null=True)
    identity_bucket = models.PositiveSmallIntegerField(null=True)
    live_key = models.CharField(max_length=64, unique=True)
    enabled = models.BooleanField(default=False)
    value = JsonTextField(default=None)
    bucketing_seed = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = FeatureStateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["environment", "identity_id"], name="state_identity"),
            models.Index(fields=["environment", "identity_bucket"], name="state_identity_bucket"),
            models.Index(fields=["environment", "feature"], name="state_flag"),
        ]


class VariantWeight(models.Model):
    """How much of a state's audience gets an option; ``position`` orders the split and is kept by clones."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.ForeignKey(FeatureState, on_delete=models.CASCADE, related_name="weights")
    option = models.ForeignKey(MultivariateOption, on_delete=models.CASCADE, related_name="weights")
    percentage_allocation = models.FloatField(default=0)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state", "option"], name="variant_weight_once")]


def version_key(environment_id: int, feature_id: int) -> str:
    """Unique among live versions: one per flag."""
    return live_key("live-version", environment_id, feature_id)


def default_key(version_id: int) -> str:
    return live_key("default", version_id)


def segment_key(version_id: int, segment_id: int) -> str:
    return live_key("segment", version_id, segment_id)


def identity_key(environment_id: int, feature_id: int, identity_id: int) -> str:
    return live_key("identity", environment_id, feature_id, identity_id)
