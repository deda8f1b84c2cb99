"""Issuers elsewhere whose tokens machines may exchange for ours."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from burgee.control.kit.values import JsonTextField
from burgee.control.organisations.models import ApiKey, Organisation


class TrustRelationshipQuerySet(models.QuerySet["TrustRelationship"]):
    def living(self) -> Self:
        return self.filter(deleted_at=None, organisation__deleted_at=None)


class TrustRelationship(models.Model):
    """Whose tokens let whom in: ``issuer`` for ``audience``, with claims as ``claim_rules`` want them.

    Who comes in by it acts as ``api_key``, a key that has no text of its own and carries the roles. ``live_key`` keeps
    two from waiting for the same tokens, on the whole installation: a token names nothing else.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="trust_relationships")
    api_key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, related_name="trust_relationship")
    name = models.CharField(max_length=100)
    issuer = models.CharField(max_length=500)
    audience = models.CharField(max_length=500)
    claim_rules = JsonTextField(default=list)
    live_key = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = TrustRelationshipQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
