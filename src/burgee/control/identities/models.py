"""Identities and their traits: the two tables that the edge writes too. They have no foreign keys and may move."""

from typing import Self

from django.db import models
from django.utils import timezone

from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.values import JsonTextField

TRAIT_NUMBERS = 2**20
"""Wire id of a trait = identity id * TRAIT_NUMBERS + number of its key."""


class IdentityQuerySet(models.QuerySet["Identity"]):
    def in_environment(self, environment_id: int) -> Self:
        return self.filter(environment_id=environment_id)

    def identified(self, environment_id: int, identifier: str) -> "Identity | None":
        """The identity with exactly this identifier, or None."""
        found = self.filter(lookup=identity_lookup(environment_id, identifier)).first()
        return found if found and found.identifier == identifier else None


class Identity(models.Model):
    """``traits`` is one flat JSON object; ``legacy_hash_id`` replaces the id in splits of imported environments."""

    environment_id = models.BigIntegerField()
    identifier = models.TextField()
    lookup = models.CharField(max_length=64, unique=True)
    traits = JsonTextField(default=dict)
    legacy_hash_id = models.BigIntegerField(null=True)
    created_date = models.DateTimeField(default=timezone.now)
    last_seen = models.DateField(null=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["environment_id", "id"], name="identity_listing")]


class TraitKey(models.Model):
    """The number of a trait key within its environment; a number is never given twice, so rows are never deleted.

    ``retired`` marks a key that was taken from every identity: it is listed again only when an identity has it again.
    """

    environment_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    lookup = models.CharField(max_length=64, unique=True)
    retired = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment_id", "number"], name="trait_key_number")]


def identity_lookup(environment_id: int, identifier: str) -> str:
    """By what an identity is found; the edge computes the same."""
    return sha256_hex(f"{environment_id}:{identifier}")


def trait_key_lookup(environment_id: int, name: str) -> str:
    """By what a trait key is found; the edge computes the same."""
    return sha256_hex(f"{environment_id}:{name}")
