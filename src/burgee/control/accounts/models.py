"""People who sign in, and the tokens they hold."""

import uuid
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from burgee.control.kit import clock
from burgee.control.kit.digests import folded, live_key
from burgee.control.kit.values import JsonTextField

EVERYWHERE: Final = 0
"""In the place of the id of an organisation: every one."""


class UserManager(BaseUserManager["User"]):
    def with_email(self, email: str) -> "User | None":
        """The user with this address in any spelling, or None."""
        return self.filter(email_key=email_key(email)).first()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email_key=email_key(username or ""))

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email, email_key=email_key(email), is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


def email_key(email: str) -> str:
    """What is unique about an address: its hash, ignoring case and surrounding space."""
    return live_key("user", folded(email.strip()))


class User(AbstractBaseUser, PermissionsMixin):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    email = models.EmailField(max_length=254)
    email_key = models.CharField(max_length=64, unique=True)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    awaits_activation = models.BooleanField(default=False, db_default=False)
    email_verified_at = models.DateTimeField(null=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    auth_type = models.CharField(max_length=20, default="EMAIL")
    sign_up_type = models.CharField(max_length=20, null=True)
    marketing_consent_given = models.BooleanField(default=False)
    onboarding = JsonTextField(default=None)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    second_factor_at: int | None = None
    """Set while a request is answered whose sign-in had a second factor elsewhere: see ``Token``."""

    def __str__(self) -> str:
        return self.email


class Token(models.Model):
    """One sign-in: only the SHA-256 of the token is stored.

    ``method`` says how it was made. ``organisation_id`` is set when a connection of that organisation vouched for the
    user. ``second_factor_at`` says where a second factor that the source asked for counts: in that organisation, or
    with ``EVERYWHERE`` in all; null: there was none.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=200, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True, default=clock.today)
    method = models.CharField(max_length=20, null=True)
    organisation_id = models.BigIntegerField(null=True)
    second_factor_at = models.BigIntegerField(null=True)


class FirstUser(models.Model):
    """Who set this server up. There is one row, so that of two who sign up at the same moment one is the first."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")


class SecondFactor(models.Model):
    """An authenticator app. ``last_step`` is the newest time step whose code was used: none works twice."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    ciphertext = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class BackupCode(models.Model):
    """Opens an account once when the authenticator app is lost. Hashed as passwords are."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="backup_codes")
    password = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True)


class SignInFailures(models.Model):
    """Failed sign-ins to one account, or from one address, since a moment; ``key`` is a hash of which."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["since"], name="sign_in_failures_age")]


class Passkey(models.Model):
    """A public key whose other half never leaves an authenticator. ``credential`` is that key with its id.

    ``sign_count`` only grows, where the authenticator counts: two that hold the same key would fall behind each other.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential_key = models.CharField(max_length=64, unique=True)
    credential = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    transports = models.CharField(max_length=100, blank=True)
    is_synced = models.BooleanField(default=False)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class PasskeyChallenge(models.Model):
    """What an authenticator is asked to sign, once and soon; ``bound_to`` says for which sign-in or browser."""

    digest = models.CharField(max_length=64, unique=True)
    bound_to = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="passkey_challenge_age")]
