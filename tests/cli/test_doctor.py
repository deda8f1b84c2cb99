import socket
import sqlite3
from pathlib import Path

import pytest

from tests.control.mail.server import a_mail_server
from tests.services.binaries import free_port


def test_a_fresh_installation_is_healthy(burgee):
    port = free_port()
    answer = burgee("doctor", PORT=str(port))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "FAIL" not in answer.stdout
    assert f"port: 127.0.0.1:{port} is free" in answer.stdout


@pytest.mark.usefixtures("migrated")
def test_a_migrated_database_is_reported_with_version_and_patterns(burgee):
    assert burgee("migrate").returncode == 0
    answer = burgee("doctor")
    assert answer.returncode == 0, answer.stdout
    assert f"version {sqlite3.sqlite_version}" in answer.stdout
    assert "migrations: all applied" in answer.stdout
    assert "patterns: every stored pattern can be matched" in answer.stdout


def test_a_server_that_does_not_answer_is_named_without_its_password(burgee):
    answer = burgee("doctor", DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:1/flags")
    assert answer.returncode == 1
    assert "FAIL  database: postgresql://ada:***@127.0.0.1:1/flags does not answer" in answer.stdout
    assert "hunter2" not in answer.stdout + answer.stderr


def test_a_redis_that_does_not_answer_is_named(burgee):
    answer = burgee("doctor", REDIS_URL="redis://:hunter2@127.0.0.1:1/0")
    assert answer.returncode == 1
    assert "FAIL  redis: redis://:***@127.0.0.1:1/0 does not answer" in answer.stdout


def test_an_upstream_that_does_not_answer_is_named(burgee):
    upstream = {"BURGEE_UPSTREAM_URL": "http://127.0.0.1:1"}
    away = burgee("doctor", **upstream, BURGEE_PEER_TOKEN="a token of both nodes")
    short = burgee("doctor", **upstream, BURGEE_PEER_TOKEN="short")
    assert "FAIL  upstream: http://127.0.0.1:1 does not answer" in away.stdout
    assert "BURGEE_PEER_TOKEN is too short" in short.stderr
    assert (away.returncode, short.returncode) == (1, 2)


@pytest.mark.usefixtures("migrated")
def test_a_key_ring_that_others_can_read_is_warned_about(burgee, environ):
    assert burgee("migrate").returncode == 0
    ring = Path(environ["BURGEE_DATA_DIR"]) / "secrets.json"
    ring.chmod(0o644)
    answer = burgee("doctor")
    assert answer.returncode == 0
    assert "WARN  secret keys:" in answer.stdout
    assert f"chmod 600 {ring}" in answer.stdout


def test_a_port_in_use_is_warned_about(burgee):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = burgee("doctor", PORT=str(taken.getsockname()[1]))
    assert "WARN  port:" in answer.stdout
    assert answer.returncode == 0


@pytest.mark.parametrize("variables", [{"PORT": "x"}, {"BURGEE_POTR": "1"}])
def test_wrong_settings_fail(burgee, variables):
    answer = burgee("doctor", **variables)
    assert answer.returncode == 1
    assert "FAIL  settings:" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_mail_that_is_only_printed_and_a_missing_address_are_warned_about(burgee):
    quiet, opened = burgee("doctor"), burgee("doctor", BURGEE_HOST="0.0.0.0")  # it never listens
    assert "WARN  mail: letters are printed, not sent" in quiet.stdout
    assert "ok    public address: links lead to http://localhost" in quiet.stdout
    assert "WARN  public address:" in opened.stdout
    assert "BURGEE_PUBLIC_URL" in opened.stdout


def test_a_mail_server_is_asked(burgee):
    with a_mail_server() as server:
        there = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port)}
        plain = burgee("doctor", **there, EMAIL_USE_TLS="false")
        wants_tls = burgee("doctor", **there, EMAIL_HOST_PASSWORD="hunter2")
    assert f"ok    mail: 127.0.0.1:{server.port} takes the connection" in plain.stdout
    assert f"FAIL  mail: 127.0.0.1:{server.port} does not answer as expected: STARTTLS" in wants_tls.stdout
    assert "hunter2" not in wants_tls.stdout + wants_tls.stderr
    assert (plain.returncode, wants_tls.returncode) == (0, 1)
    assert server.letters == []


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"EMAIL_BACKEND": "elsewhere.Backend"}, "FAIL  mail: there is no elsewhere.Backend"),
        ({"EMAIL_BACKEND": "sgbackend.SendGridBackend"}, "FAIL  mail: SendGrid needs a key"),
        # A port where nobody answers, from wherever this runs.
        ({"SENDGRID_API_KEY": "SG.x", "EMAIL_PORT": "1"}, "FAIL  mail: smtp.sendgrid.net:1 does not answer"),
        ({"GITHUB_CLIENT_ID": "x"}, "FAIL  GitHub: half of its settings are missing"),
        ({"BURGEE_GOOGLE_CLIENT_ID": "x"}, "ok    Google: people sign in with the application x"),
        ({"PROMETHEUS_ENABLED": "true"}, "ok    metrics: /metrics/ answers everybody"),
        ({"DEBUG": "true"}, "WARN  debug:"),
        ({"ENABLE_FE_E2E": "true", "E2E_TEST_AUTH_TOKEN": "a long token of the tests"}, "WARN  end-to-end tests:"),
    ],
)
def test_what_people_meet_is_reported(burgee, variables, told):
    answer = burgee("doctor", **variables)
    assert told in answer.stdout
    assert answer.returncode == int(told.startswith("FAIL"))
