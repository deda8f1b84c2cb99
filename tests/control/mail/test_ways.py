"""The ways by which letters leave: an encrypted mail server that asks who comes, as SendGrid's does."""

import ssl

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from burgee.control.accounts.passwords import ask_for_password
from burgee.control.kit.mail_settings import CONSOLE, SMTP, MailSettings, way_of
from burgee.control.mail.models import Letter
from tests.control.certificates import a_certificate
from tests.control.mail.server import a_mail_server
from tests.control.postman import send_letters
from tests.factories.accounts import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _owed():
    ask_for_password(a_user("ada@example.com").email)


@pytest.fixture
def certificate(tmp_path):
    return a_certificate(tmp_path, "localhost")[0]


@pytest.fixture
def strict_server(certificate):
    """It takes letters by STARTTLS only, and only from burgee with its password."""

    def admitted(_server, _session, _envelope, _mechanism, given: LoginPassword) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"burgee", b"sesame"), handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with a_mail_server(
        tls_context=context, require_starttls=True, auth_required=True, authenticator=admitted
    ) as server:
        yield server


@pytest.fixture
def signed_in(settings, strict_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "localhost", True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "burgee", "sesame"
    return settings


@pytest.mark.filterwarnings("ignore:Session.login_data:DeprecationWarning")
def test_a_letter_goes_to_a_mail_server_that_wants_encryption_and_a_name(strict_server, signed_in):
    assert send_letters() == 1
    assert [letter["To"] for letter in strict_server.letters] == ["ada@example.com"]
    assert strict_server.was_encrypted == [True]


@pytest.mark.parametrize("wrong", ["password", "certificate", "plain"])
def test_a_letter_waits_while_the_server_does_not_let_us_in(strict_server, signed_in, monkeypatch, wrong):
    if wrong == "password":
        signed_in.EMAIL_HOST_PASSWORD = "nonsense"
    elif wrong == "certificate":
        monkeypatch.delenv("SSL_CERT_FILE")
    else:
        signed_in.EMAIL_USE_TLS, signed_in.EMAIL_HOST_USER = False, ""
    assert send_letters() == 1
    letter = Letter.objects.get()
    assert (strict_server.letters, letter.done_at, letter.is_sent, letter.attempts) == ([], None, False, 1)
    assert "sesame" not in (letter.last_error or "")


@pytest.mark.parametrize("named", ["", "sgbackend.SendGridBackend"])
def test_sendgrid_is_a_mail_server_that_knows_its_key(named):
    way = way_of(
        MailSettings(backend=named, sendgrid_api_key="SG.key", host="mail.example.com", user="me", password="x")
    )
    assert (way.backend, way.host, way.port, way.use_tls) == (SMTP, "smtp.sendgrid.net", 587, True)
    assert (way.user, way.password) == ("apikey", "SG.key")


def test_the_way_of_letters_follows_from_what_is_set():
    assert way_of(MailSettings()).backend == CONSOLE
    assert way_of(MailSettings(host="mail.example.com")).backend == SMTP
    other = "django.core.mail.backends.filebased.EmailBackend"
    assert way_of(MailSettings(backend=other, sendgrid_api_key="SG.key", host="mail.example.com")).backend == other
