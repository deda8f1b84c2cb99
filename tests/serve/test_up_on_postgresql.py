import os
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serve.running import PATIENCE, Server, an_environment, made, signed_up
from tests.services.postgresql import PostgresqlServer

pytestmark = pytest.mark.process


@pytest.fixture
def database_url(postgresql_server: PostgresqlServer) -> str:
    return postgresql_server.create_migrated(f"up_{uuid.uuid4().hex}")


@pytest.fixture
def empty_database_url(postgresql_server: PostgresqlServer) -> str:
    name = f"up_{uuid.uuid4().hex}"
    postgresql_server.create_database(name)
    return postgresql_server.url(name)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "this never came true"
        time.sleep(0.02)


def flags(server: Server, key: str) -> object:
    return server.ask("/api/v1/flags/", **{"X-Environment-Key": key})


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_several_processes_serve_one_port_and_stop_together(start, empty_database_url):
    server = start("up", "--workers", "2", DATABASE_URL=empty_database_url)
    signed_up(server)
    key, project = an_environment(server)
    made(server, f"/api/v1/projects/{project}/features/", {"name": "banner"})
    until(lambda: flags(server, key)[0] == 200)
    children = children_of(server.process.pid)
    assert len(children) == 2
    code, _, err = server.stop()
    assert code == 0
    assert "Traceback" not in err
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_killed_process_is_replaced_and_the_port_stays_served(start, database_url):
    server = start("up", "--workers", "2", DATABASE_URL=database_url)
    until(lambda: len(children_of(server.process.pid)) == 2)
    victim = children_of(server.process.pid)[0]
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(living := children_of(server.process.pid)) == 2 and victim not in living)
    server.wait_until_it_answers()
    assert server.stop()[0] == 0


def test_the_roles_run_apart(start, database_url):
    up = start("up", DATABASE_URL=database_url)
    signed_up(up)
    assert up.stop()[0] == 0

    control = start("control", DATABASE_URL=database_url, ready="/health")
    control.headers = up.headers
    edge = start("edge", DATABASE_URL=database_url)
    worker = start("worker", DATABASE_URL=database_url, ready="")
    assert worker.process.stdout is not None
    assert worker.process.stdout.readline().startswith("The worker ")
    key, project = an_environment(control)
    made(control, f"/api/v1/projects/{project}/features/", {"name": "banner"})
    until(lambda: flags(edge, key)[0] == 200)
    assert control.ask("/api/v1/flags/", **{"X-Environment-Key": key})[0] in {401, 403, 404}
    assert [server.stop()[0] for server in (worker, edge, control)] == [0, 0, 0]
