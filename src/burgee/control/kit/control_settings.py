"""What operators may say about the control plane, as variables of the environment."""

import ipaddress
import re
from typing import Annotated, Literal, Self

from msgspec import Struct

from burgee.settings_reader import SettingsError, Var


class Rate(str):
    """So many in a second, minute, hour, day or month: ``20/min``."""

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
    cookie_auth_enabled: Annotated[
        bool,
        Var("COOKIE_AUTH_ENABLED", about="Every sign-in gives a cookie, not a token; the dashboard's always do."),
    ] = False
    cookie_same_site: Annotated[
        Literal["lax", "strict", "none"],
        Var("COOKIE_SAME_SITE", about="SameSite of that cookie; none is for a dashboard on another site."),
    ] = "lax"
    use_secure_cookies: Annotated[
        bool | None,
        Var("USE_SECURE_COOKIES", about="Whether that cookie is for https alone; without it when https is used."),
    ] = None
    cookie_minutes: Annotated[
        int,
        Var(
            "COOKIE_AUTH_JWT_ACCESS_TOKEN_LIFETIME_MINUTES",
            about="How long that cookie lasts after the last visit.",
            ge=1,
            le=525_600,
        ),
    ] = 20_160
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
    enable_fe_e2e: Annotated[
        bool, Var("ENABLE_FE_E2E", about="With the token beside it: end-to-end tests may remove what they left behind.")
    ] = False
    e2e_test_auth_token: Annotated[
        str, Var("E2E_TEST_AUTH_TOKEN", secret=True, about="What such tests present as X-E2E-Test-Auth-Token.")
    ] = ""
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
    snapshot_retention_days: Annotated[
        int, Var("BURGEE_SNAPSHOT_RETENTION_DAYS", about="Days that earlier snapshots are kept.", ge=0)
    ] = 90
    delivery_retention_days: Annotated[
        int, Var("BURGEE_DELIVERY_RETENTION_DAYS", about="Days that finished deliveries of events are kept.", ge=0)
    ] = 7
    usage_retention_days: Annotated[
        int, Var("BURGEE_USAGE_RETENTION_DAYS", about="Days that counts of requests and evaluations are kept.", ge=1)
    ] = 400
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
    dcr_throttle_rate: Annotated[
        Rate, Var("DCR_THROTTLE_RATE", about="Registrations of OAuth applications per client, such as 500/month.")
    ] = Rate("500/month")
    oidc_exchange_throttle_rate: Annotated[
        Rate, Var("OIDC_TOKEN_EXCHANGE_THROTTLE_RATE", about="Exchanges of OIDC tokens per client, such as 60/min.")
    ] = Rate("60/min")
    user_throttle_rate: Annotated[
        Rate | None,
        Var("USER_THROTTLE_RATE", about="Requests to the management API per person, such as 500/min; unset: no limit."),
    ] = None
    master_api_key_throttle_rate: Annotated[
        Rate | None,
        Var("MASTER_API_KEY_THROTTLE_RATE", about="The same per master API key."),
    ] = None
    preview_throttle_rate: Annotated[
        Rate,
        Var("BURGEE_PREVIEW_THROTTLE_RATE", about="Previews per caller; each may evaluate thousands of identities."),
    ] = Rate("300/min")
    insight_throttle_rate: Annotated[
        Rate,
        Var("BURGEE_INSIGHT_THROTTLE_RATE", about="Matrices, comparisons and explanations per caller."),
    ] = Rate("600/min")


def networks(texts: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    try:
        return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        raise SettingsError(
            [f"BURGEE_OUTBOUND_ALLOW is wrong: {error}. Set it to ranges such as 10.0.0.0/8."]
        ) from error
