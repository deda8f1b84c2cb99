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
