"""A Burgee process of its own, as a person starts it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.binaries import free_port
from tests.services.migrated import copy_migrated

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
PATIENCE = 60.0


class Server:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self.headers: dict[str, str] = {}

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, object]:
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} | self.headers | headers
        request = urllib.request.Request(self.url + path, data, sent)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def wait_until_it_answers(self, path: str = "/health/readiness/") -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                assert self.ask(path)[0] == 200
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None, self.process.communicate()
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.02)
            else:
                return

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts Burgee; on SQLite with a migrated database, unless it is to find its directory `empty`."""
    with a_starter(tmp_path) as run:
        yield run


@contextmanager
def a_starter(tmp_path: Path) -> Iterator[Start]:
    """The same for as long as one likes."""
    processes: list[subprocess.Popen[str]] = []

    def run(
        *arguments: str,
        ready: str = "/health/readiness/",
        empty: bool = False,
        program: Sequence[str] = ("-m", "burgee"),
        **variables: str,
    ) -> Server:
        port = free_port()
        environ = {name: os.environ[name] for name in KEPT if name in os.environ}
        environ |= {"BURGEE_DATA_DIR": str(tmp_path / "data"), "PORT": str(port)} | variables
        if not empty and "DATABASE_URL" not in environ:
            copy_migrated(Path(environ["BURGEE_DATA_DIR"]))
        command = [sys.executable, *program, *(arguments or ("up",))]
        process = subprocess.Popen(
            command, env=environ, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        server = Server(process, port)
        if ready:
            server.wait_until_it_answers(ready)
        return server

    try:
        yield run
    finally:
        for process in processes:
            if process.stdout is not None and not process.stdout.closed:
                process.kill()
                process.communicate()


def signed_up(server: Server) -> Server:
    person = {"email": "ada@example.com", "password": "correct-horse-battery", "first_name": "Ada", "last_name": "L"}
    status, user = server.ask("/api/v1/auth/users/", person)
    assert status == 201
    assert isinstance(user, dict)
    server.headers["Authorization"] = f"Token {user['key']}"
    return server


def made(server: Server, path: str, body: dict[str, object]) -> dict[str, object]:
    status, answer = server.ask(path, body)
    assert status == 201, answer
    assert isinstance(answer, dict)
    return answer


def an_environment(server: Server) -> tuple[str, object]:
    """The key of a new environment and the id of its project."""
    organisation = made(server, "/api/v1/organisations/", {"name": "Acme"})
    project = made(server, "/api/v1/projects/", {"name": "Shop", "organisation": organisation["id"]})
    environment = made(server, "/api/v1/environments/", {"name": "Production", "project": project["id"]})
    return str(environment["api_key"]), project["id"]
