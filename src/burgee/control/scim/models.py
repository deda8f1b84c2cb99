"""Organisations whose directory provisions them, and what it says of people."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from burgee.control.kit.values import JsonTextField
from burgee.control.organisations.models import Organisation


class Provisioning(models.Model):
    """A directory may provision the organisation. Of its token only the hash is kept."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="provisioning")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    rotated_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True)


class ProvisionedUser(models.Model):
    """What the directory of an organisation says of one person beyond the account.

    ``suspended_at`` is set while the directory holds the membership back that it may give again; somebody who is
    neither a member nor suspended left otherwise, and the directory does not see them any more.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="provisioned_users")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="provisioned_users")
    external_id = models.CharField(max_length=255, null=True)
    external_key = models.CharField(max_length=64, unique=True, null=True)
    profile = JsonTextField(default=dict)
    suspended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="provisioned_user_once")]
