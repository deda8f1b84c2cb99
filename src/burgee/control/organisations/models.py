"""Organisations and who belongs to them."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class Role(models.TextChoices):
    ADMIN = "ADMIN", "Organisation administrator"
    USER = "USER", "User"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def living(self) -> Self:
        return self.filter(deleted_at=None)

    def of_user(self, user_id: int) -> Self:
        return self.living().filter(memberships__user_id=user_id)


class Organisation(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=2000)
    created_date = models.DateTimeField(default=timezone.now)
    webhook_notification_email = models.EmailField(null=True)
    persist_trait_data = models.BooleanField(default=True)
    block_access_to_admin = models.BooleanField(default=False)
    restrict_project_create_to_admin = models.BooleanField(default=False)
    force_2fa = models.BooleanField(default=False)
    stop_serving_flags = models.BooleanField(default=False)
    feature_analytics = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    date_joined = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="membership_once")]


class UserGroup(models.Model):
    """People who are granted things together. Whoever joins is put into every group with ``is_default``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=200)
    is_default = models.BooleanField(default=False)
    external_id = models.CharField(max_length=255, null=True)
    external_key = models.CharField(max_length=64, unique=True, null=True)

    def __str__(self) -> str:
        return self.name


class GroupMembership(models.Model):
    group = models.ForeignKey(UserGroup, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships")
    is_admin = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "group"], name="group_membership_once")]


class Invite(models.Model):
    """An invitation of one address: its link is found by its hash and kept encrypted to be mailed again."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invites")
    email = models.EmailField(max_length=254)
    live_key = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    ciphertext = models.TextField()
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    date_created = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="sent_invites", null=True
    )
    groups = models.ManyToManyField(UserGroup, related_name="invites")

    def __str__(self) -> str:
        return self.email


class InviteLink(models.Model):
    """Lets everybody who knows it join: found by its hash, kept encrypted because administrators copy it again."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invite_links")
    digest = models.CharField(max_length=64, unique=True)
    ciphertext = models.TextField()
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    date_created = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def living(self) -> Self:
        return self.filter(deleted_at=None, organisation__deleted_at=None)


class ApiKey(models.Model):
    """A key of the whole organisation, for machines. Shown once: only the hash of the key is kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=50)
    is_admin = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="created_api_keys", null=True
    )
    expiry_date = models.DateTimeField(null=True)
    revoked = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
