"""Addresses that want to be told, and what is owed to each of them."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from burgee.control.environments.models import Environment
from burgee.control.kit.values import JsonTextField
from burgee.control.organisations.models import Organisation


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of_environment(self, environment: Environment) -> Self:
        return self.filter(environment=environment)

    def of_organisation(self, organisation: Organisation) -> Self:
        return self.filter(organisation=organisation, environment=None)

    def listening(self) -> Self:
        """Hooks that events are kept for: paused ones too, whose deliveries wait."""
        gone = Q(organisation__deleted_at=None) & (
            Q(environment=None) | Q(environment__deleted_at=None, environment__project__deleted_at=None)
        )
        return self.filter(gone, enabled=True)


class Webhook(models.Model):
    """An address of an environment, or of the whole organisation when ``environment`` is null.

    ``owner`` and ``lease_until`` say which worker sends to it: one at a time, so that it hears in order. ``due_at`` is
    when it may be tried again. ``failures`` counts deliveries given up in a row.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="webhooks", null=True)
    url = models.CharField(max_length=200)
    enabled = models.BooleanField(default=True)
    secret_ciphertext = models.TextField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    owner = models.CharField(max_length=64, null=True)
    lease_until = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()


class DeliveryStatus(models.TextChoices):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"


class WebhookDelivery(models.Model):
    """One message to one hook; the order of ids is the order of sending.

    ``data`` never holds the identifier of an identity: it is put in when the message is sent.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_uuid = models.UUIDField()
    index = models.PositiveIntegerField()
    event_type = models.CharField(max_length=30)
    data = JsonTextField()
    status = models.CharField(max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    answer_status = models.PositiveIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=500, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event_uuid", "index"], name="webhook_message_once")]
        indexes = [
            models.Index(fields=["webhook", "status", "id"], name="webhook_queue"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]


class WebhookCursor(models.Model):
    """Up to which event of an organisation hooks have their messages."""

    organisation_id = models.BigIntegerField(primary_key=True)
    last_seq = models.BigIntegerField(default=0)
