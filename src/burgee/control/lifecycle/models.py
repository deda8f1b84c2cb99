"""When features were last evaluated: rolled up from usage, which holds far more rows than can be asked at each look."""

from django.db import models

from burgee.control.features.models import Feature


class LastUse(models.Model):
    """The last day on which SDKs evaluated a feature in an environment."""

    environment_id = models.BigIntegerField()
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="last_uses")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feature", "environment_id"], name="last_use_once")]
        indexes = [models.Index(fields=["environment_id", "day"], name="last_use_recent")]


class RollUp(models.Model):
    """The one row that says up to when usage is rolled up."""

    name = models.CharField(max_length=20, primary_key=True)
    until = models.DateTimeField()
