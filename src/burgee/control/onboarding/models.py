"""How far people have come with setting up."""

from django.db import models

from burgee.control.environments.models import Environment


class FirstEvaluation(models.Model):
    """An SDK has asked for the flags of the environment: when that was first known, and which SDK."""

    environment = models.OneToOneField(Environment, on_delete=models.CASCADE, related_name="first_evaluation")
    at = models.DateTimeField()
    sdk_label = models.CharField(max_length=100, null=True)
