"""Django's settings, made from the environment by ``settings_reader``."""

import base64
import ssl
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from burgee.control.kit.control_settings import ControlSettings, networks
from burgee.control.kit.databases import django_database
from burgee.control.kit.federation_settings import FederationSettings
from burgee.control.kit.ldap_settings import LdapSettings, check_ldap
from burgee.control.kit.mail_settings import PATIENCE_SECONDS, MailSettings, links_url, way_of
from burgee.control.kit.oidc_settings import OidcSettings
from burgee.control.kit.saml_settings import SamlSettings, canonicalizations
from burgee.control.kit.sign_in_settings import SignInSettings
from burgee.control.kit.sso_settings import SsoSettings
from burgee.settings_reader import DataSettings, RedisSettings, open_key_ring, read, read_database

CONTROL: Final = read(ControlSettings)
REDIS_URL: Final = read(RedisSettings).redis_url
PUBLIC_URL: Final = CONTROL.public_url.rstrip("/") or f"http://localhost:{CONTROL.port}"
SIGN_IN: Final = read(SignInSettings)
SSO: Final = read(SsoSettings)
OIDC: Final = read(OidcSettings)
LDAP: Final = read(LdapSettings)
check_ldap(LDAP)
FEDERATION: Final = read(FederationSettings)
SAML: Final = read(SamlSettings)
SAML_CANONICALIZATIONS: Final = canonicalizations(SAML.extra_canonicalizations)
MAIL: Final = way_of(read(MailSettings))
DATA_DIR: Final = read(DataSettings).data_dir
_ring: Final = open_key_ring()

SECRET_KEY = base64.urlsafe_b64encode(_ring.derive("django")).decode()
SECRET_KEY_FALLBACKS = [base64.urlsafe_b64encode(_ring.derive("django", key.id)).decode() for key in _ring.keys[1:]]
LIVE_TICKET_KEY = _ring.derive("live")
TRUST_TOKEN_KEYS = [_ring.derive("trust", key.id) for key in _ring.keys]

OUTBOUND_ALLOW: Final = networks(CONTROL.outbound_allow)
# Tests put a function here that leads requests to this machine; no variable of the environment does.
OUTBOUND_CONNECT: Callable[[tuple[str, int]], tuple[str, int]] | None = None
OUTBOUND_TRUST: ssl.SSLContext | None = None

GOOGLE_TOKEN_INFO = "https://oauth2.googleapis.com/tokeninfo"  # noqa: S105 - an address
GOOGLE_USER_INFO = "https://openidconnect.googleapis.com/v1/userinfo"

DEBUG = CONTROL.debug
ALLOWED_HOSTS = list(CONTROL.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [*CONTROL.csrf_trusted_origins, "://".join(urlsplit(PUBLIC_URL)[:2])]

DATABASE: Final = read_database()
DATABASES: dict[str, dict[str, Any]] = {"default": django_database(DATABASE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
# The address is unique by the hash of its folded form (email_key), which holds on every engine.
# The console has a middleware of its own instead of Django's three.
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004", "admin.E408", "admin.E409", "admin.E410"]

INSTALLED_APPS = [
    "burgee.control.admin",  # before Django's console, whose templates it replaces
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.admin",
    "rest_framework",
    "drf_spectacular_sidecar",
    "burgee.control.events",
    "burgee.control.mail",
    "burgee.control.jobs",
    "burgee.control.accounts",
    "burgee.control.organisations",
    "burgee.control.oauth",
    "burgee.control.federation",
    "burgee.control.sso",
    "burgee.control.oidc",
    "burgee.control.ldap",
    "burgee.control.saml",
    "burgee.control.scim",
    "burgee.control.projects",
    "burgee.control.custom_fields",
    "burgee.control.environments",
    "burgee.control.access",
    "burgee.control.features",
    "burgee.control.code_references",
    "burgee.control.feature_health",
    "burgee.control.segments",
    "burgee.control.targeting",
    "burgee.control.identities",
    "burgee.control.usage",
    "burgee.control.lifecycle",
    "burgee.control.onboarding",
    "burgee.control.portability",
    "burgee.control.publishing",
    "burgee.control.audit",
    "burgee.control.webhooks",
    "burgee.control.api",
]

MIDDLEWARE = [
    "burgee.control.api.base.timing.Timing",
    "burgee.control.api.base.middleware.Envelope",
    "django.middleware.security.SecurityMiddleware",
    "burgee.control.api.base.middleware.CrossOrigin",
    "burgee.control.api.base.session.SignInByCookie",
    "burgee.control.admin.session.Console",
    "burgee.control.api.base.middleware.FinalSlash",
]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

ROOT_URLCONF = "burgee.control.urls"
WSGI_APPLICATION = "burgee.control.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Only the console uses cookies that need these; signing in is its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
CSRF_COOKIE_NAME = "burgee_admin_csrf"
CSRF_COOKIE_PATH = "/admin/"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

EMAIL_BACKEND = MAIL.backend
EMAIL_HOST = MAIL.host or "localhost"
EMAIL_PORT = MAIL.port
EMAIL_HOST_USER = MAIL.user
EMAIL_HOST_PASSWORD = MAIL.password
EMAIL_USE_TLS = MAIL.use_tls and not MAIL.use_ssl
EMAIL_USE_SSL = MAIL.use_ssl
EMAIL_TIMEOUT = PATIENCE_SECONDS
LINKS_URL: Final = links_url(MAIL) or PUBLIC_URL
DEFAULT_FROM_EMAIL = MAIL.sender or f"Burgee <noreply@{urlsplit(LINKS_URL).hostname or 'localhost'}>"

# The process that runs Django says how its lines look.
LOGGING_CONFIG = None

STATIC_URL = "/static/"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

REST_FRAMEWORK: dict[str, Any] = {
    # ApiView brings its own; what is not an ApiView recognises nobody and is therefore closed.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["burgee.control.api.base.rendering.QuickJsonRenderer"],
    "EXCEPTION_HANDLER": "burgee.control.api.base.errors.render",
    "UNICODE_JSON": False,
    "DEFAULT_THROTTLE_RATES": {
        "login": CONTROL.login_throttle_rate,
        "signup": CONTROL.signup_throttle_rate,
        "invite": "10/min",
        "dcr": CONTROL.dcr_throttle_rate,
        "oidc_token_exchange": CONTROL.oidc_exchange_throttle_rate,
        "mfa_code": "5/min",
        "saml": "300/min",
        "refusal": CONTROL.login_throttle_rate,
        "usage": "5/min",
        "preview": CONTROL.preview_throttle_rate,
        "insight": CONTROL.insight_throttle_rate,
        "user": CONTROL.user_throttle_rate,
        "master_api_key": CONTROL.master_api_key_throttle_rate,
    },
    "DEFAULT_SCHEMA_CLASS": "burgee.control.api.base.schema.ApiSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Burgee",
    "VERSION": "v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "burgee.control.api.sdk.openapi.add_sdk_routes",
        "burgee.control.api.base.schema.share_components",
    ],
    "DISABLE_ERRORS_AND_WARNINGS": True,
}
