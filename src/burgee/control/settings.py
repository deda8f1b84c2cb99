"""Django's settings, made from the environment by ``settings_reader``."""

import base64
import ipaddress
import re
from collections.abc import Callable
from typing import Annotated, Any, Final, Self

from msgspec import Struct

from burgee.control.kit.databases import django_database
from burgee.settings_reader import DataSettings, SettingsError, Var, open_key_ring, read, read_database


class Rate(str):
    """So many in a second, minute, hour or day: ``20/min``."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if not re.fullmatch(r"[1-9][0-9]{0,8}/[smhd][a-z]*", text):
            raise ValueError(text)
        return super().__new__(cls, text)


class ControlSettings(Struct, frozen=True, kw_only=True):
    """What operators may say about the control plane."""

    debug: Annotated[bool, Var("DEBUG", about="Django's debug mode; never in production.")] = False
    allowed_hosts: Annotated[
        tuple[str, ...], Var("DJANGO_ALLOWED_HOSTS", about="Host names that may be asked for; * allows all.")
    ] = ("*",)
    csrf_trusted_origins: Annotated[
        tuple[str, ...], Var("DJANGO_CSRF_TRUSTED_ORIGINS", about="Origins accepted for posts with a cookie.")
    ] = ()
    cors_allow_all: Annotated[
        bool, Var("CORS_ORIGIN_ALLOW_ALL", about="Whether pages of any origin may call the API.")
    ] = True
    cors_allowed_origins: Annotated[
        tuple[str, ...], Var("CORS_ALLOWED_ORIGINS", about="Origins that may call the API when not all may.")
    ] = ()
    public_url: Annotated[
        str,
        Var(
            "BURGEE_PUBLIC_URL",
            "FLAGSMITH_API_URL",
            about="Address under which people reach this server; without it localhost and the port.",
        ),
    ] = ""
    port: Annotated[int, Var("PORT", "BURGEE_PORT", about="Port to listen on.", ge=1, le=65535)] = 8000
    allow_registration_without_invite: Annotated[
        bool, Var("ALLOW_REGISTRATION_WITHOUT_INVITE", about="Whether anybody may sign up.")
    ] = True
    prevent_signup: Annotated[
        bool, Var("PREVENT_SIGNUP", about="Refuse every sign-up but the first and the invited.")
    ] = False
    disable_invite_links: Annotated[
        bool, Var("DISABLE_INVITE_LINKS", about="Refuse to make invite links and to join by them.")
    ] = False
    prevent_email_password: Annotated[
        bool, Var("PREVENT_EMAIL_PASSWORD", about="Refuse sign-in and sign-up by password.")
    ] = False
    restrict_org_create_to_superusers: Annotated[
        bool, Var("RESTRICT_ORG_CREATE_TO_SUPERUSERS", about="Only superusers may create organisations.")
    ] = False
    allow_admin_initiation_via_url: Annotated[
        bool, Var("ALLOW_ADMIN_INITIATION_VIA_URL", about="Serve the set-up page while there is no user.")
    ] = True
    admin_email: Annotated[str, Var("ADMIN_EMAIL", about="Address of the first administrator.")] = ""
    default_persist_traits: Annotated[
        bool, Var("DEFAULT_ORG_STORE_TRAITS_VALUE", about="Whether new organisations store traits.")
    ] = True
    feature_value_limit: Annotated[
        int, Var("FEATURE_VALUE_LIMIT", about="Characters in a feature value.", ge=0, le=2_000_000)
    ] = 20_000
    segment_condition_value_limit: Annotated[
        int, Var("SEGMENT_CONDITION_VALUE_LIMIT", about="Characters in a condition's value.", ge=0, le=2_000_000)
    ] = 1000
    segment_conditions_limit: Annotated[
        int, Var("SEGMENT_RULES_CONDITIONS_LIMIT", about="Conditions in a segment.", ge=1)
    ] = 100
    redis_url: Annotated[
        str, Var("REDIS_URL", "BURGEE_REDIS_URL", secret=True, about="Redis that carries changes between machines.")
    ] = ""
    snapshot_retention_days: Annotated[
        int, Var("BURGEE_SNAPSHOT_RETENTION_DAYS", about="Days that earlier snapshots are kept.", ge=0)
    ] = 90
    delivery_retention_days: Annotated[
        int, Var("BURGEE_DELIVERY_RETENTION_DAYS", about="Days that finished deliveries of events are kept.", ge=0)
    ] = 7
    disable_webhooks: Annotated[bool, Var("DISABLE_WEBHOOKS", about="Send no webhooks at all.")] = False
    webhook_backoff_base: Annotated[
        int,
        Var("WEBHOOK_BACKOFF_BASE", about="A webhook rests this many seconds to the power of its tries.", ge=1, le=60),
    ] = 2
    webhook_backoff_retries: Annotated[
        int, Var("WEBHOOK_BACKOFF_RETRIES", about="Tries until a webhook delivery is given up.", ge=1, le=20)
    ] = 3
    webhook_retention_days: Annotated[
        int, Var("BURGEE_WEBHOOK_RETENTION_DAYS", about="Days that webhook deliveries can be seen and repeated.", ge=1)
    ] = 30
    outbound_allow: Annotated[
        tuple[str, ...],
        Var("BURGEE_OUTBOUND_ALLOW", about="Private address ranges that webhooks may reach, such as 10.0.0.0/8."),
    ] = ()
    login_throttle_rate: Annotated[Rate, Var("LOGIN_THROTTLE_RATE", about="Sign-ins per client, such as 20/min.")] = (
        Rate("20/min")
    )
    signup_throttle_rate: Annotated[
        Rate, Var("SIGNUP_THROTTLE_RATE", about="Sign-ups per client, such as 10000/min.")
    ] = Rate("10000/min")


def _networks(texts: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    try:
        return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        raise SettingsError(
            [f"BURGEE_OUTBOUND_ALLOW is wrong: {error}. Set it to ranges such as 10.0.0.0/8."]
        ) from error


CONTROL: Final = read(ControlSettings)
PUBLIC_URL: Final = CONTROL.public_url.rstrip("/") or f"http://localhost:{CONTROL.port}"
DATA_DIR: Final = read(DataSettings).data_dir
_ring: Final = open_key_ring()

SECRET_KEY = base64.urlsafe_b64encode(_ring.derive("django")).decode()
SECRET_KEY_FALLBACKS = [base64.urlsafe_b64encode(_ring.derive("django", key.id)).decode() for key in _ring.keys[1:]]
LIVE_TICKET_KEY = _ring.derive("live")
SECRET_RING = [base64.urlsafe_b64encode(_ring.derive("secrets", key.id)).decode() for key in _ring.keys]

OUTBOUND_ALLOW: Final = _networks(CONTROL.outbound_allow)
# Tests put a function here that leads requests to this machine; no variable of the environment does.
OUTBOUND_CONNECT: Callable[[tuple[str, int]], tuple[str, int]] | None = None

DEBUG = CONTROL.debug
ALLOWED_HOSTS = list(CONTROL.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(CONTROL.csrf_trusted_origins)

DATABASE: Final = read_database()
DATABASES: dict[str, dict[str, Any]] = {"default": django_database(DATABASE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
# The address is unique by the hash of its folded form (email_key), which holds on every engine.
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "burgee.control.events",
    "burgee.control.accounts",
    "burgee.control.organisations",
    "burgee.control.projects",
    "burgee.control.environments",
    "burgee.control.access",
    "burgee.control.features",
    "burgee.control.segments",
    "burgee.control.targeting",
    "burgee.control.identities",
    "burgee.control.usage",
    "burgee.control.publishing",
    "burgee.control.audit",
    "burgee.control.webhooks",
    "burgee.control.api",
]

MIDDLEWARE = [
    "burgee.control.api.base.middleware.Envelope",
    "django.middleware.security.SecurityMiddleware",
    "burgee.control.api.base.middleware.CrossOrigin",
    "burgee.control.api.base.middleware.FinalSlash",
]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

ROOT_URLCONF = "burgee.control.urls"
WSGI_APPLICATION = "burgee.control.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# The process that runs Django says how its lines look.
LOGGING_CONFIG = None

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

REST_FRAMEWORK: dict[str, Any] = {
    # ApiView brings its own; what is not an ApiView recognises nobody and is therefore closed.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "burgee.control.api.base.errors.render",
    "UNICODE_JSON": False,
    "DEFAULT_THROTTLE_RATES": {
        "login": CONTROL.login_throttle_rate,
        "signup": CONTROL.signup_throttle_rate,
        "invite": "10/min",
    },
    "DEFAULT_SCHEMA_CLASS": "burgee.control.api.base.schema.ApiSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Burgee",
    "VERSION": "v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "DISABLE_ERRORS_AND_WARNINGS": True,
}
