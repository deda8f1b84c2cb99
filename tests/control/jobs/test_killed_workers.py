"""Real processes on PostgreSQL: workers are killed in the middle of background work, which is done all the same, once."""

import os
import random
import signal
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest

pytestmark = [pytest.mark.database, pytest.mark.process]

ROOT = Path(__file__).parents[3]
MOST_DEATHS = 5
"""A job is given up after six."""


def start(environ: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environ,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # who forks is killed together
    )


def act(environ: dict[str, str], role: str) -> subprocess.Popen[str]:
    return start(environ, "-m", "tests.control.jobs.actors", role)


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-4000:]
    return out


def test_background_work_is_done_once_although_workers_are_killed_in_the_middle(postgresql_server, tmp_path):
    chance = random.Random(4)
    environ = os.environ | {
        "DATABASE_URL": postgresql_server.create_migrated(f"jobs_{uuid.uuid4().hex}"),
        "BURGEE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "burgee.control.settings",
    }
    finished(act(environ, "prepare"))
    for _ in range(MOST_DEATHS):
        workers = act(environ, "work")
        assert workers.stdout is not None
        left = workers.stdout.readline()
        if left == "0\n":
            finished(workers)
            break
        ready = [workers.stdout.readline() for _ in range(2)]
        # Not a wait for something: the moment of death is to be any.
        threading.Event().wait(chance.random() / 3)
        os.killpg(workers.pid, signal.SIGKILL)
        _, err = workers.communicate()
        assert ready == ["ready\n", "ready\n"], err[-4000:]
    finished(act(environ, "finish"))
