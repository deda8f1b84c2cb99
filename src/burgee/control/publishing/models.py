"""Snapshots: parts stored once by content, manifests that name them, and the head of each environment."""

from django.db import models

from burgee.control.kit.values import JsonTextField


class Head(models.Model):
    """Where an environment stands: the row that publishing locks."""

    environment_id = models.BigIntegerField(primary_key=True)
    epoch = models.BigIntegerField()
    revision = models.BigIntegerField()
    published_at = models.DateTimeField()


class HeadPart(models.Model):
    """The parts of the current snapshot."""

    environment_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment_id", "name"], name="head_part_once")]


class Part(models.Model):
    """The canonical JSON of a part under its SHA-256; ``orphaned_at`` is when nothing was found to name it."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()
    orphaned_at = models.DateTimeField(null=True)


class Manifest(models.Model):
    """One revision: what changed since ``parent``, or, when ``complete``, everything."""

    environment_id = models.BigIntegerField()
    epoch = models.BigIntegerField()
    revision = models.BigIntegerField()
    format = models.PositiveSmallIntegerField()
    parent = models.BigIntegerField(null=True)
    event_uuid = models.UUIDField(null=True)
    actor = models.CharField(max_length=320, null=True)
    published_at = models.DateTimeField()
    changes = JsonTextField()
    complete = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment_id", "epoch", "revision"], name="manifest_once"),
        ]


class Epoch(models.Model):
    """The epoch of this database: one row; a restore draws a new one."""

    number = models.BigIntegerField()
