"""What monitors say about features."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.kit.digests import live_key
from burgee.control.kit.values import JsonTextField
from burgee.control.projects.models import Project


class ProviderName(models.TextChoices):
    WEBHOOK = "Webhook"
    GRAFANA = "Grafana"


class HealthProvider(models.Model):
    """A monitor that reports to an address of its own: found by its hash, kept encrypted to be shown again."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="health_providers")
    name = models.CharField(max_length=20, choices=ProviderName)
    live_key = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    ciphertext = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class HealthStatus(models.TextChoices):
    UNHEALTHY = "UNHEALTHY"
    HEALTHY = "HEALTHY"


class HealthEventQuerySet(models.QuerySet["HealthEvent"]):
    def newest(self) -> Self:
        """What holds now: the newest event of each subject."""
        return self.exclude(latest_key=None)


class HealthEvent(models.Model):
    """A feature became healthy or unhealthy, everywhere or in one environment.

    A subject is a feature, an environment and a thing that the provider watches (``external_id``); its newest event
    has the ``latest_key``.
    """

    provider = models.ForeignKey(HealthProvider, on_delete=models.CASCADE, related_name="events")
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="health_events")
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, null=True, related_name="health_events")
    external_id = models.CharField(max_length=255, null=True)
    latest_key = models.CharField(max_length=64, unique=True, null=True)
    type = models.CharField(max_length=10, choices=HealthStatus)
    reason = JsonTextField(default=None)
    created_at = models.DateTimeField(default=timezone.now)

    objects = HealthEventQuerySet.as_manager()


def provider_key(project_id: int, name: str) -> str:
    """One provider of a name in a project."""
    return live_key("health-provider", project_id, name)


def subject_key(provider_id: int, feature_id: int, environment_id: int | None, external_id: str | None) -> str:
    """What is watched: only its newest event counts."""
    return live_key("health", provider_id, feature_id, environment_id, external_id)
