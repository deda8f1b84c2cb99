"""Counts of evaluations and requests in 15-minute buckets, and of outcomes by the hour; the edge writes them."""

from django.db import models


class Evaluation(models.Model):
    lookup = models.CharField(max_length=64, unique=True)
    environment_id = models.BigIntegerField()
    feature = models.CharField(max_length=2000)
    variant = models.CharField(max_length=255, null=True)
    enabled = models.BooleanField(null=True)
    sdk = models.CharField(max_length=100, null=True)
    application = models.CharField(max_length=100, null=True)
    application_version = models.CharField(max_length=100, null=True)
    source = models.CharField(max_length=6)
    bucket = models.DateTimeField()
    count = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["environment_id", "bucket"], name="evaluation_bucket")]


class Request(models.Model):
    lookup = models.CharField(max_length=64, unique=True)
    environment_id = models.BigIntegerField()
    resource = models.CharField(max_length=30)
    sdk = models.CharField(max_length=100, null=True)
    application = models.CharField(max_length=100, null=True)
    application_version = models.CharField(max_length=100, null=True)
    bucket = models.DateTimeField()
    count = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["environment_id", "bucket"], name="request_bucket")]


class Outcome(models.Model):
    """How often the server itself told a flag with this state and value.

    ``form`` is what the value is: text, number, boolean, nothing; or why it is not here: untold, other. Of longer
    values the beginning is kept, and a digest tells them apart.
    """

    lookup = models.CharField(max_length=64, unique=True)
    environment_id = models.BigIntegerField()
    feature_id = models.BigIntegerField()
    enabled = models.BooleanField(null=True)
    reason = models.CharField(max_length=8, null=True)
    variant = models.CharField(max_length=255, null=True)
    form = models.CharField(max_length=8)
    value = models.CharField(max_length=200, null=True)
    length = models.IntegerField(default=0)
    digest = models.CharField(max_length=32, null=True)
    bucket = models.DateTimeField()
    count = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["environment_id", "feature_id", "bucket"], name="outcome_bucket")]
