"""OpenID providers that organisations sign in with."""

from typing import Self

from django.db import models
from django.utils import timezone

from burgee.control.organisations.models import Organisation, Role


class OidcProviderQuerySet(models.QuerySet["OidcProvider"]):
    def living(self) -> Self:
        return self.filter(organisation__deleted_at=None)


class OidcProvider(models.Model):
    """Whose word counts for the people of an organisation. ``slug`` names it in addresses, on the whole server.

    Without a secret, the application at the issuer is a public one; PKCE is used either way.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="oidc_providers")
    name = models.CharField(max_length=100)
    slug = models.CharField(max_length=50, unique=True)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=255)
    client_secret_ciphertext = models.TextField(null=True)
    scopes = models.CharField(max_length=255, default="openid email profile")
    email_claim = models.CharField(max_length=100, default="email")
    first_name_claim = models.CharField(max_length=100, default="given_name")
    last_name_claim = models.CharField(max_length=100, default="family_name")
    groups_claim = models.CharField(max_length=100, default="", blank=True)
    require_verified_email = models.BooleanField(default=True)
    joins = models.BooleanField(default=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OidcProviderQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
