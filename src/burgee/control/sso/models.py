"""Who is known by which source, and what the operator allows."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from burgee.control.kit.values import JsonTextField
from burgee.control.organisations.models import Organisation


class Link(models.Model):
    """A source knows the user. ``subject_digest`` is a hash of the source and of whom it means.

    ``is_explicit``: the user made the link while signed in; other links were found by the address. ``organisation_id``
    is that of the source.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="source_links")
    source_key = models.CharField(max_length=200)
    method = models.CharField(max_length=20)
    organisation_id = models.BigIntegerField(null=True)
    subject_digest = models.CharField(max_length=64, unique=True)
    is_explicit = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)


class Bond(models.Model):
    """A source of the organisation made the account: it belongs to that organisation until its owner proves it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bond")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="bonds")
    source_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)


class SignInRule(models.Model):
    """The methods that people with addresses of ``domain`` may sign in by; ``*`` stands for every other domain."""

    domain = models.CharField(max_length=253, unique=True)
    methods = JsonTextField(default=list)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.domain


class BreakGlass(models.Model):
    """Until then the user may sign in by password, whatever policy says."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="break_glass")
    until = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)


class KnownEnvironment(models.Model):
    """What the environment said about signing in when it was last looked at, by variable. There is one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    said = JsonTextField(default=dict)


class Handover(models.Model):
    """Whom a protocol's page met, until the dashboard shows the code with this ``digest``, once.

    ``journey_key`` is unique, so that a way to a source and back ends once; ``browser_digest`` is of a secret that one
    browser keeps. ``ciphertext`` is gone with the first use.
    """

    digest = models.CharField(max_length=64, unique=True)
    journey_key = models.CharField(max_length=64, unique=True, null=True)
    browser_digest = models.CharField(max_length=64, default="", blank=True)
    ciphertext = models.TextField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="handover_age")]
