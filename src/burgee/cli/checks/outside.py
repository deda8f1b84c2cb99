"""What people meet: mail, the addresses that links lead to, signing in with GitHub, the dashboard, open doors."""

import smtplib
import ssl
from collections.abc import Iterator
from importlib import import_module

from burgee.cli.checks.finding import Finding, fail, ok, warn
from burgee.control.kit.control_settings import ControlSettings
from burgee.control.kit.federation_settings import FederationSettings
from burgee.control.kit.mail_settings import CONSOLE, SENDGRID_HOST, SMTP, MailSettings, way_of
from burgee.serve.dashboard import is_built
from burgee.serve.settings import ServerSettings, ServicesSettings
from burgee.settings_reader import read

SECONDS = 5
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def outside() -> Iterator[Finding]:
    if read(ServicesSettings).upstream_url:
        return  # an edge node serves SDKs alone
    server, control, mail = read(ServerSettings), read(ControlSettings), way_of(read(MailSettings))
    is_open = server.host not in LOOPBACK
    yield _mail(mail)
    yield _public_url(control, is_needed=is_open or mail.backend != CONSOLE)
    yield from _sign_in(read(FederationSettings))
    yield _dashboard()
    if server.metrics:
        yield ok("metrics", f"/metrics/ answers everybody who reaches {server.host}:{server.port}")
    if control.debug:
        yield warn("debug", "pages with the insides of errors are shown", "Unset DEBUG where others can reach it.")
    if control.enable_fe_e2e and control.e2e_test_auth_token:
        yield warn("end-to-end tests", "they may remove what they left", "Unset ENABLE_FE_E2E in production.")


def _mail(mail: MailSettings) -> Finding:
    if mail.backend == CONSOLE:
        return warn("mail", "letters are printed, not sent", "Set EMAIL_HOST (SMTP) or SENDGRID_API_KEY.")
    if mail.host == SENDGRID_HOST and not mail.password:
        return fail("mail", "SendGrid needs a key", "Set SENDGRID_API_KEY.")
    if mail.backend == SMTP:
        return _mail_server(mail)
    module, _, name = mail.backend.rpartition(".")
    try:
        getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        return fail("mail", f"there is no {mail.backend}", "Correct EMAIL_BACKEND.")
    return ok("mail", f"sent with {mail.backend}")


def _mail_server(mail: MailSettings) -> Finding:
    where = f"{mail.host or 'localhost'}:{mail.port}"
    try:
        with _connected(mail) as server:
            if mail.user:
                server.login(mail.user, mail.password)
    except smtplib.SMTPAuthenticationError:
        said = "SENDGRID_API_KEY" if mail.host == SENDGRID_HOST else "EMAIL_HOST_USER, EMAIL_HOST_PASSWORD"
        return fail("mail", f"{where} refuses the name or the password", f"Correct {said}.")
    except (OSError, smtplib.SMTPException) as error:
        fix = "Start it, or correct EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS and EMAIL_USE_SSL."
        return fail("mail", f"{where} does not answer as expected: {error}", fix)
    return ok("mail", f"{where} takes the connection")


def _connected(mail: MailSettings) -> smtplib.SMTP:
    """As letters are sent, but nothing is."""
    host = mail.host or "localhost"
    if mail.use_ssl:
        return smtplib.SMTP_SSL(host, mail.port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, mail.port, timeout=SECONDS)
    if mail.use_tls:
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _public_url(control: ControlSettings, *, is_needed: bool) -> Finding:
    if control.public_url:
        return ok("public address", control.public_url)
    shown = f"links lead to http://localhost:{control.port}"
    fix = "Set BURGEE_PUBLIC_URL to the address that people use."
    return warn("public address", shown, fix) if is_needed else ok("public address", shown)


def _sign_in(federation: FederationSettings) -> Iterator[Finding]:
    if bool(federation.github_client_id) != bool(federation.github_client_secret):
        yield fail("GitHub", "half of its settings are missing", "Set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET both.")
    elif federation.github_client_id:
        yield ok("GitHub", f"people sign in with {federation.github_url}")
    if federation.google_client_id:
        yield ok("Google", f"people sign in with the application {federation.google_client_id}")


def _dashboard() -> Finding:
    if is_built():
        return ok("dashboard", "built")
    return warn("dashboard", "it is not part of this installation", "In a checkout, make run builds it.")
