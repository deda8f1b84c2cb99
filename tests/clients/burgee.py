"""A Burgee process of its own, used only over HTTP, as its users do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.services.binaries import free_port
from tests.services.migrated import copy_migrated

KEPT = ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
PATIENCE = 60.0


class Burgee:
    """Can be killed and started again on the same data and port."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)
        self.process: subprocess.Popen[bytes] | None = None
        self._command = [sys.executable, "-m", "burgee", *(arguments or ("up",))]
        self._environ = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "BURGEE_DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            **variables,
        }

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v1/"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "burgee.sqlite3"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self, **variables: str) -> None:
        if "DATABASE_URL" not in self._environ:
            copy_migrated(self.folder / "data")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, env=self._environ | variables, cwd=self.folder, stdout=log, stderr=log
            )
        wait_until(self.is_ready, "the server answers")

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.http.get("/health/readiness/").status_code == 200
        except httpx.TransportError:
            return False

    def end(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)
            self.process = None

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of an answer that must be good."""
        answer = self.http.request(method, path, json=body, headers=headers)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def sign_up(self) -> None:
        password = "Correct-Horse-9-Battery"
        person = {"email": "ada@example.com", "password": password, "first_name": "Ada", "last_name": "Lovelace"}
        user = self.call("POST", "/api/v1/auth/users/", person | {"re_password": password, "superuser": True})
        self.http.headers["Authorization"] = f"Token {user['key']}"


@contextmanager
def running_burgee(folder: Path, *arguments: str, **variables: str) -> Iterator[Burgee]:
    """With a signed-up administrator."""
    burgee = Burgee(folder, *arguments, **variables)
    try:
        burgee.start()
        burgee.sign_up()
        yield burgee
    finally:
        burgee.kill()
        burgee.http.close()


def wait_until(holds: Any, what: str, *, seconds: float = PATIENCE) -> Any:
    """What `holds` returns once it is true."""
    deadline = time.monotonic() + seconds
    while not (result := holds()):
        assert time.monotonic() < deadline, f"it never happened that {what}"
        time.sleep(0.01)
    return result
