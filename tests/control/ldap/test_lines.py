"""How the directory is reached: in time, over a line that is proved, or not at all."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from burgee.cli.checks.directory import directory as findings
from burgee.control.kit.ldap_settings import LdapSettings, UserFields, check_ldap
from burgee.settings_reader import SettingsError
from tests.factories.accounts import a_user
from tests.services.binaries import free_port

SILENT = "cannot be reached right now"


@contextmanager
def a_listener(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port on which each caller is served by `serve`."""
    stop = threading.Event()
    held: list[socket.socket] = []

    def work(listening: socket.socket) -> None:
        listening.settimeout(0.05)
        while not stop.is_set():
            try:
                caller, _ = listening.accept()
            except TimeoutError:
                continue
            held.append(caller)
            serve(caller)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=work, args=(listening,))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join()
            for caller in held:
                caller.close()


@pytest.mark.parametrize("start_tls", [True, False], ids=["StartTLS", "LDAPS"])
def test_the_authorities_that_everybody_trusts_do_not_vouch_for_a_private_one(login, configured, directory, start_tls):
    configured(url=directory.url if start_tls else directory.tls_url, use_tls=start_tls)

    answer = login("grace", "correct horse")

    assert (answer.status_code, SILENT in answer.json()["detail"]) == (503, True)


@pytest.mark.parametrize("start_tls", [True, False], ids=["StartTLS", "LDAPS"])
@pytest.mark.parametrize("authority", ["ca.pem", "other-ca.pem"])
def test_only_the_named_authority_vouches_for_the_directory(login, configured, directory, tls, start_tls, authority):
    url = directory.url if start_tls else directory.tls_url
    configured(url=url, use_tls=start_tls, ca_file=str(tls / authority))

    assert login("grace", "correct horse").status_code == (200 if authority == "ca.pem" else 503)


@pytest.mark.parametrize("start_tls", [True, False], ids=["StartTLS", "LDAPS"])
def test_a_certificate_for_another_host_is_refused(login, configured, directory, tls, start_tls):
    url = (directory.url if start_tls else directory.tls_url).replace("localhost", "127.0.0.1")
    configured(url=url, use_tls=start_tls, ca_file=str(tls / "ca.pem"))

    assert login("grace", "correct horse").status_code == 503


def test_a_directory_that_refuses_starttls_never_sees_the_password(login, configured):
    seen = []
    refusal = bytes.fromhex("300c02010178070a01340400" + "0400")

    def refuse(caller: socket.socket) -> None:
        caller.settimeout(2)
        seen.append(caller.recv(4096))
        caller.sendall(refusal)
        try:
            while more := caller.recv(4096):
                seen.append(more)
        except OSError:
            return

    with a_listener(refuse) as port:
        configured(url=f"ldap://localhost:{port}", use_tls=True)

        assert login("grace", "correct horse").status_code == 503

    assert seen
    assert b"correct horse" not in b"".join(seen)


@pytest.mark.parametrize("scheme", ["ldap", "ldaps"])
def test_a_directory_that_says_nothing_holds_nobody_up(login, configured, scheme):
    with a_listener(lambda _: None) as port:
        configured(url=f"{scheme}://localhost:{port}", connect_timeout=0.5, receive_timeout=0.5)
        started = time.monotonic()

        answer = login("grace", "correct horse")

    assert (answer.status_code, SILENT in answer.json()["detail"]) == (503, True)
    assert time.monotonic() - started < 20


def test_nonsense_is_a_silent_directory(login, configured):
    with a_listener(lambda caller: caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 10)) as port:
        configured(url=f"ldap://localhost:{port}", receive_timeout=0.5)

        assert login("grace", "correct horse").status_code == 503


def test_the_next_directory_is_asked_when_one_is_down(login, configured, directory):
    configured(url=f"ldap://localhost:{free_port()} {directory.url}")

    assert login("grace", "correct horse").status_code == 200


def test_who_has_a_password_here_gets_in_while_the_directory_is_down(login, configured):
    configured(url=f"ldap://localhost:{free_port()}")
    a_user("ada@example.com", "a password of ours")

    assert login("ada@example.com", "a password of ours").status_code == 200
    assert login("ada@example.com", "wrong").status_code == 503


def test_passwords_do_not_reach_the_log(login, configured, directory, caplog):
    caplog.set_level("DEBUG")
    configured(url=f"ldap://localhost:{free_port()} {directory.url}")

    login("grace", "correct horse")
    login("grace", "wrong horse")

    assert "horse" not in caplog.text


def test_the_doctor_names_what_is_wrong(configured, directory, tls, monkeypatch):
    monkeypatch.setenv("LDAP_AUTH_URL", f"{directory.url} {directory.tls_url} ldap://localhost:{free_port()}")
    configured(ca_file=str(tls / "other-ca.pem"))

    plain, in_clear, foreign, down, *_ = findings()

    assert (plain.level, in_clear.level, foreign.level, down.level) == ("ok", "warn", "fail", "fail")
    assert "in clear" in in_clear.text
    assert "CERTIFICATE_VERIFY_FAILED" in foreign.text


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"url": "http://ldap.example.com"}, "LDAP_AUTH_URL"),
        ({"url": "ldaps://a ldap://b", "use_tls": True}, "LDAP_AUTH_USE_TLS"),
        ({"groups": "cn=" + "x" * 256}, "LDAP_SYNCED_GROUPS"),
        ({"search_first": True}, "LDAP_SYNC_USER_USERNAME"),
    ],
)
def test_settings_that_cannot_work_stop_the_start(facts, word):
    with pytest.raises(SettingsError, match=word):
        check_ldap(LdapSettings(**facts))


@pytest.mark.parametrize("text", ["username=uid", "email=mail", "username=uid,email=", "username=(uid,email=mail"])
def test_fields_without_name_and_address_are_wrong(text):
    with pytest.raises(ValueError, match=r"username|email"):
        UserFields(text)
