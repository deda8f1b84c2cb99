"""How letters leave this server: what operators may say."""

from typing import Annotated, Final

from msgspec import Struct, structs

from burgee.settings_reader import Var

CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"
SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"

SENDGRID: Final = "sgbackend.SendGridBackend"
"""What configurations for Flagsmith name; there is no such class any more."""

SENDGRID_HOST: Final = "smtp.sendgrid.net"
SENDGRID_USER: Final = "apikey"
"""Everybody's name at SendGrid's mail server; the key is the password (SendGrid's documentation of SMTP)."""

PATIENCE_SECONDS: Final = 15
"""How long a mail server may take to answer."""


class MailSettings(Struct, frozen=True, kw_only=True):
    """What operators may say about mail."""

    backend: Annotated[
        str,
        Var(
            "EMAIL_BACKEND",
            about="Django's class that sends mail; without it SendGrid when SENDGRID_API_KEY is set, SMTP when "
            "EMAIL_HOST is, else mail is printed to the console.",
        ),
    ] = ""
    sender: Annotated[
        str, Var("SENDER_EMAIL", about="Address that mail comes from; without it noreply at the host of this server.")
    ] = ""
    host: Annotated[str, Var("EMAIL_HOST", about="Mail server (SMTP).")] = ""
    port: Annotated[int, Var("EMAIL_PORT", about="Port of the mail server, SendGrid's too.", ge=1, le=65535)] = 587
    user: Annotated[str, Var("EMAIL_HOST_USER", about="Name to sign in with at the mail server.")] = ""
    password: Annotated[str, Var("EMAIL_HOST_PASSWORD", secret=True, about="Password for the mail server.")] = ""
    use_tls: Annotated[bool, Var("EMAIL_USE_TLS", about="Encrypt with STARTTLS, as port 587 wants it.")] = True
    use_ssl: Annotated[
        bool, Var("EMAIL_USE_SSL", about="Encrypt from the first byte, as port 465 wants it; instead of STARTTLS.")
    ] = False
    sendgrid_api_key: Annotated[str, Var("SENDGRID_API_KEY", secret=True, about="Key for sending with SendGrid.")] = ""
    domain: Annotated[
        str,
        Var("FLAGSMITH_DOMAIN", about="Host in the links of letters, when it is not that of BURGEE_PUBLIC_URL."),
    ] = ""


def way_of(mail: MailSettings) -> MailSettings:
    """`mail` with the class that sends it; SendGrid is a mail server like any other."""
    if mail.backend == SENDGRID or (mail.sendgrid_api_key and not mail.backend):
        return structs.replace(
            mail, backend=SMTP, host=SENDGRID_HOST, user=SENDGRID_USER, password=mail.sendgrid_api_key
        )
    return structs.replace(mail, backend=mail.backend or (SMTP if mail.host else CONSOLE))


def links_url(mail: MailSettings) -> str:
    """Where the links of letters lead when that is not the public address; otherwise empty."""
    if not mail.domain or "://" in mail.domain:
        return mail.domain.rstrip("/")
    return f"https://{mail.domain.rstrip('/')}"
