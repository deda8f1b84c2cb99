"""The outbox: facts written in the transaction of the change, and what consumers still owe them."""

import uuid
from typing import Final

from django.db import models

from burgee.control.kit.values import JsonTextField

INSTALLATION: Final = 0
"""What stands for an organisation where an event has none: it happened to the installation."""


class Event(models.Model):
    """One fact. ``seq`` orders the facts of an organisation; the relay sets it when it dispatches."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    organisation_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    environment_id = models.BigIntegerField(null=True)
    type = models.CharField(max_length=100)
    schema_version = models.PositiveSmallIntegerField(default=1)
    payload = JsonTextField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=320, null=True)
    request_id = models.CharField(max_length=64, null=True)
    occurred_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["dispatched_at", "id"], name="event_undispatched"),
            models.Index(fields=["organisation_id", "seq"], name="event_organisation_seq"),
            models.Index(fields=["environment_id", "id"], name="event_environment"),
        ]


class Sequence(models.Model):
    """The last ``seq`` given in an organisation, or in the installation."""

    organisation_id = models.BigIntegerField(primary_key=True)
    last = models.BigIntegerField(default=0)


class Delivery(models.Model):
    """What one consumer owes to one event. A claim is a lease, so that no engine needs SKIP LOCKED."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    consumer = models.CharField(max_length=60)
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    owner = models.CharField(max_length=64, null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="delivery_once")]
        indexes = [models.Index(fields=["done_at", "due_at"], name="delivery_due")]


class RecurringJob(models.Model):
    """When a job runs next; a worker claims a run by moving ``next_at``."""

    name = models.CharField(max_length=60, primary_key=True)
    next_at = models.DateTimeField()
