"""Features on their way out of an environment as a file, and into one."""

from django.db import models
from django.utils import timezone

from burgee.control.environments.models import Environment
from burgee.control.kit.values import JsonTextField


class TransferStatus(models.TextChoices):
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


class Strategy(models.TextChoices):
    """What becomes of features that the project has already."""

    SKIP = "SKIP"
    OVERWRITE_DESTRUCTIVE = "OVERWRITE_DESTRUCTIVE"


class FeatureExport(models.Model):
    """``data`` is the file, once it is made; ``tag_ids`` limits it to features that carry one of them."""

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="feature_exports")
    name = models.CharField(max_length=2050)
    tag_ids = JsonTextField(default=list)
    status = models.CharField(max_length=10, choices=TransferStatus, default=TransferStatus.PROCESSING)
    data = models.TextField(null=True)
    error = models.TextField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="feature_export_age")]


class FeatureImport(models.Model):
    """``data`` is the file until it is worked off; ``live_key`` lets an environment have one import at a time.

    ``actor`` is who asked. ``problems`` says why nothing was written, ``outcome`` how many features were what.
    """

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="feature_imports")
    strategy = models.CharField(max_length=25, choices=Strategy)
    status = models.CharField(max_length=10, choices=TransferStatus, default=TransferStatus.PROCESSING)
    live_key = models.CharField(max_length=64, unique=True, null=True)
    data = models.TextField(null=True)
    actor = JsonTextField(default=dict)
    problems = JsonTextField(default=list)
    outcome = JsonTextField(default=None)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="feature_import_age")]
