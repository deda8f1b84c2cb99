"""Applications that act for people, and what each was allowed. Of codes, secrets and tokens only hashes are kept."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from burgee.control.kit.values import JsonTextField


class Application(models.Model):
    """A client that registered itself. One without a secret is public: a program on somebody's machine."""

    client_id = models.CharField(max_length=64, unique=True)
    secret_digest = models.CharField(max_length=64, null=True)
    name = models.CharField(max_length=255)
    redirect_uris = JsonTextField(default=list)
    is_verified = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Authorisation(models.Model):
    """What a person allowed an application by one consent. Its tokens end with it.

    ``session_hash`` is Django's digest of the password at that time: whoever sets a new one ends every authorisation.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="authorisations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authorisations")
    scope = models.CharField(max_length=200)
    session_hash = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=timezone.now)


class Code(models.Model):
    """What an application exchanges for its first tokens, once."""

    authorisation = models.OneToOneField(Authorisation, on_delete=models.CASCADE, related_name="code")
    digest = models.CharField(max_length=64, unique=True)
    redirect_uri = models.TextField()
    challenge = models.CharField(max_length=128)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AccessToken(models.Model):
    authorisation = models.ForeignKey(Authorisation, on_delete=models.CASCADE, related_name="access_tokens")
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=200)
    expires_at = models.DateTimeField()


class RefreshToken(models.Model):
    """Good for one renewal; a second use shows that two hold it."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.CASCADE, related_name="refresh_tokens")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
