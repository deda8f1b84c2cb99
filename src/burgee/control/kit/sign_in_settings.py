"""What operators may say about signing in."""

from typing import Annotated

from msgspec import Struct

from burgee.settings_reader import Var


class SignInSettings(Struct, frozen=True, kw_only=True):
    """Confirmed addresses, password letters, and the lock after failed sign-ins."""

    enable_email_activation: Annotated[
        bool,
        Var(
            "ENABLE_EMAIL_ACTIVATION",
            about="People must follow a link in a letter before a new account, or a new address, works.",
        ),
    ] = False
    password_reset_email_cooldown: Annotated[
        int, Var("PASSWORD_RESET_EMAIL_COOLDOWN", about="Seconds in which letters to one user are counted.", ge=1)
    ] = 86_400
    max_password_reset_emails: Annotated[
        int, Var("MAX_PASSWORD_RESET_EMAILS", about="Letters of one kind to one user in that time.", ge=1)
    ] = 5
    enable_axes: Annotated[bool, Var("ENABLE_AXES", about="Whether failed sign-ins lock.")] = True
    axes_failure_limit: Annotated[
        int, Var("AXES_FAILURE_LIMIT", about="Failed sign-ins to one account until it is locked.", ge=1, le=10_000)
    ] = 10
    axes_cooloff_time: Annotated[int, Var("AXES_COOLOFF_TIME", about="Minutes that a lock lasts.", ge=1, le=10_080)] = (
        15
    )
    axes_only_user_failures: Annotated[
        bool,
        Var(
            "AXES_ONLY_USER_FAILURES",
            about="Lock accounts only; otherwise also a client's address after ten times as many failures.",
        ),
    ] = False
    passkey_domain: Annotated[
        str,
        Var(
            "BURGEE_PASSKEY_DOMAIN",
            about="Domain that passkeys belong to; without it that of the dashboard. Passkeys of another one are lost.",
        ),
    ] = ""
