"""A Burgee of its own for the bench: its processes, its clients, and what is made through its API."""

import contextlib
import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from bench import processes

WAIT_SECONDS: Final = 30.0
LOST_SECONDS: Final = 5.0
"""A change that is not seen by then counts as this late."""
PAUSE: Final = 0.002


class Client:
    """One kept connection that speaks JSON."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
        self._headers = headers | {"Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        status, content = self.raw(method, path, None if body is None else msgspec.json.encode(body))
        if status >= 400:
            raise RuntimeError(f"{method} {path} answered {status}: {content[:300]!r}")
        return msgspec.json.decode(content) if content else None

    def raw(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self._connection.close()


class Shop(Struct, frozen=True):
    """What was made through the API."""

    token: str
    organisation_id: int
    client_key: str
    state_id: int

    def api(self, port: int) -> Client:
        return Client(port, {"Authorization": f"Token {self.token}"})

    def sdk(self, port: int) -> Client:
        return Client(port, {"X-Environment-Key": self.client_key})

    @property
    def state_path(self) -> str:
        return f"/api/v1/environments/{self.client_key}/featurestates/{self.state_id}/"


def set_up(port: int) -> Shop:
    """The first user, an organisation, a project, an environment and a flag."""
    password = "Correct-Horse-9-Battery"
    person: dict[str, Any] = {"email": "bench@example.com", "password": password, "re_password": password}
    person |= {"first_name": "Ada", "last_name": "Bench", "superuser": True}
    token = Client(port, {}).call("POST", "/api/v1/auth/users/", person)["key"]
    api = Client(port, {"Authorization": f"Token {token}"})
    organisation = api.call("POST", "/api/v1/organisations/", {"name": "Bench"})["id"]
    project = api.call("POST", "/api/v1/projects/", {"name": "Shop", "organisation": organisation})["id"]
    key = api.call("POST", "/api/v1/environments/", {"name": "Production", "project": project})["api_key"]
    api.call("POST", f"/api/v1/projects/{project}/features/", {"name": "watched", "initial_value": "start"})
    state = api.call("GET", f"/api/v1/environments/{key}/featurestates/")["results"][0]["id"]
    return Shop(token, organisation, key, state)


class Server(Struct, frozen=True):
    port: int
    process: Any
    started_in: float


@contextlib.contextmanager
def running(role: str, folder: Path, settings: dict[str, str], path: str, headers: dict[str, str]) -> Iterator[Server]:
    """A role of Burgee, once `path` answers 200; `started_in` is how long that took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "burgee", role]
    log = folder / f"{role}.log"
    begun = time.perf_counter()
    with processes.running(command, processes.environment(folder, PORT=str(port), **settings), log) as process:
        _wait(lambda: _answers(port, path, headers), process, log)
        yield Server(port, process, time.perf_counter() - begun)


def _wait(done: Callable[[], bool], process: "subprocess.Popen[str]", log: Path) -> None:
    until = time.perf_counter() + WAIT_SECONDS
    while not done():
        if process.poll() is not None or time.perf_counter() > until:
            raise RuntimeError(f"the server does not answer:\n{log.read_text()[-2000:]}")
        time.sleep(PAUSE)


def _answers(port: int, path: str, headers: dict[str, str]) -> bool:
    client = Client(port, headers)
    try:
        return client.raw("GET", path)[0] == 200
    except OSError:
        return False
    finally:
        client.close()


class Stream:
    """Listens to the environment's stream on a thread; `heard` are the moments of its events."""

    def __init__(self, port: int, shop: Shop) -> None:
        self.heard: list[float] = []
        self.opened = threading.Event()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
        request = f"GET /sse/environments/{shop.client_key}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        self._socket.sendall(request.encode())
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._socket.recv(65_536):
                moment = time.perf_counter()
                self.opened.set()
                self.heard += [moment] * data.count(b"event: environment_updated")

    def first_since(self, moment: float) -> float | None:
        until = time.perf_counter() + LOST_SECONDS
        while time.perf_counter() < until:
            if self.heard and self.heard[-1] >= moment:
                return next(one for one in self.heard if one >= moment)
            time.sleep(0.0005)
        return None

    def close(self) -> None:
        self._socket.close()
