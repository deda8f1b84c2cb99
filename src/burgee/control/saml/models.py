"""Connections to identity providers that speak SAML, and which of their assertions were used."""

from typing import Self

from django.db import models
from django.utils import timezone

from burgee.control.kit.values import JsonTextField
from burgee.control.organisations.models import Organisation


class SamlConfigurationQuerySet(models.QuerySet["SamlConfiguration"]):
    def living(self) -> Self:
        return self.filter(organisation__deleted_at=None)


class SamlConfiguration(models.Model):
    """A connection of one organisation. ``name_key`` makes the name unique on the server: it stands in addresses.

    ``provider`` is what the metadata says, read once (`provider.Provider`). ``certificate`` and the key in
    ``ciphertext`` are ours; while a key is being replaced, the next pair stands beside them.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="saml_configurations")
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=64, unique=True)
    frontend_url = models.CharField(max_length=200)
    idp_metadata_xml = models.TextField(null=True)
    idp_metadata_url = models.CharField(max_length=500, null=True)
    metadata_read_at = models.DateTimeField(null=True)
    metadata_problem = models.CharField(max_length=500, null=True)
    provider = JsonTextField(default=None)
    allow_idp_initiated = models.BooleanField(default=False)
    certificate = models.TextField()
    ciphertext = models.TextField()
    next_certificate = models.TextField(null=True)
    next_ciphertext = models.TextField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SamlConfigurationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class PersonField(models.TextChoices):
    """What an attribute of an identity provider can tell about a person."""

    EMAIL = "email", "E-mail address"
    FIRST_NAME = "first_name", "First name"
    LAST_NAME = "last_name", "Last name"
    GROUPS = "groups", "Groups"


class SamlAttributeMapping(models.Model):
    """The provider tells ``field`` in an attribute with a name of its own."""

    configuration = models.ForeignKey(SamlConfiguration, on_delete=models.CASCADE, related_name="mappings")
    field = models.CharField(max_length=20, choices=PersonField)
    idp_attribute_name = models.CharField(max_length=200)


class SpentAssertion(models.Model):
    """An assertion that let somebody in: kept until it could not any more."""

    assertion_key = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="spent_assertion_age")]
