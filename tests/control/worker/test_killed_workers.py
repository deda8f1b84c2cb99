"""Real processes on PostgreSQL: writers race, workers are killed, nothing is lost, doubled or out of date."""

import os
import random
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest

from tests.control.receiver import a_receiver

pytestmark = [pytest.mark.database, pytest.mark.process]

ROOT = Path(__file__).parents[3]
WRITERS = 3
EDITS = 30


def start(environ: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments], env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def act(environ: dict[str, str], role: str, number: int = 0) -> subprocess.Popen[str]:
    return start(environ, "-m", "tests.control.worker.actors", role, str(number))


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-4000:]
    return out


def test_nothing_is_lost_although_workers_are_killed_while_writers_race(postgresql_server, tmp_path):
    chance = random.Random(2)
    with a_receiver() as receiver:
        environ = os.environ | {
            "DATABASE_URL": postgresql_server.create_migrated(f"worker_{uuid.uuid4().hex}"),
            "BURGEE_DATA_DIR": str(tmp_path),
            "TEST_RECEIVER": str(receiver.port),
            "DJANGO_SETTINGS_MODULE": "burgee.control.settings",
        }
        finished(act(environ, "prepare"))
        writers = [act(environ, "write", number) for number in range(WRITERS)]
        while any(writer.poll() is None for writer in writers):
            worker = act(environ, "work")
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            # Not a wait for something: the moment of death is to be any.
            threading.Event().wait(chance.random() / 2)
            worker.kill()
            worker.communicate()
        for writer in writers:
            finished(writer)
        said, *owed = finished(act(environ, "finish")).splitlines()
        # The hook itself is an event too.
        assert said == f"consumed {WRITERS * EDITS + 1}"
        arrived = [headers["X-Burgee-Delivery"] for _, headers, _ in receiver.requests]
        assert list(dict.fromkeys(arrived)) == owed
