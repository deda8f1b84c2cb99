"""Counts of evaluations and requests in 15-minute buckets; the edge writes them."""

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
