"""``burgee audit`` as a person runs it, on a real database file that somebody tampered with."""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import environ_of
from tests.services.migrated import copy_migrated

TELL = """
import django
django.setup()
from burgee.control.events import relay
from burgee.control.worker.consumers import CONSUMERS
while relay.dispatch(CONSUMERS) or relay.deliver(CONSUMERS, owner="test"):
    pass
"""


@pytest.fixture
def python(environ):
    """Runs a program in the installation."""
    return lambda program: run_python(environ, "-c", program)


def run_python(environ, *arguments) -> "subprocess.CompletedProcess[str]":
    variables = environ | {"DJANGO_SETTINGS_MODULE": "burgee.control.settings"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """The data directory of an installation whose first events are in the log: to be copied."""
    folder = tmp_path_factory.mktemp("begun") / "data"
    copy_migrated(folder)
    environ = environ_of(folder)
    assert run_python(environ, "-m", "burgee", "bootstrap", "--email", "ada@example.com").returncode == 0
    assert run_python(environ, "-c", TELL).returncode == 0
    return folder


@pytest.fixture
def told(begun, environ):
    """An installation whose first events are in the log: an organisation with a member, and a project."""
    shutil.copytree(begun, environ["BURGEE_DATA_DIR"])


@pytest.fixture
def tamper(environ):
    def run(statement: str) -> None:
        with closing(sqlite3.connect(Path(environ["BURGEE_DATA_DIR"]) / "burgee.sqlite3")) as database:
            database.execute(statement)
            database.commit()

    return run


@pytest.mark.usefixtures("told")
def test_a_whole_log_verifies(burgee):
    answer = burgee("audit", "verify")
    assert (answer.returncode, answer.stdout) == (0, "Every chain of the audit log is whole.\n"), answer.stderr


@pytest.mark.usefixtures("told")
def test_a_changed_line_is_named(burgee, tamper):
    tamper("UPDATE audit_auditlog SET log = 'nothing' WHERE position = 2")
    answer = burgee("audit", "verify")
    assert answer.returncode == 1
    assert answer.stdout == "organisation 1, position 2 (line 3): altered: log\n1 faults.\n"
    assert burgee("audit", "verify", "--organisation", "2").returncode == 0


@pytest.mark.usefixtures("told")
def test_a_checkpoint_finds_what_the_database_alone_cannot(burgee, tamper, tmp_path):
    checkpoint = tmp_path / "checkpoint"
    checkpoint.write_text(burgee("audit", "checkpoint").stdout)
    assert burgee("audit", "verify", "--checkpoint", str(checkpoint)).returncode == 0
    tamper("DELETE FROM audit_auditlog")
    tamper("DELETE FROM audit_auditchain")
    assert burgee("audit", "verify").returncode == 0
    answer = burgee("audit", "verify", "--checkpoint", str(checkpoint))
    assert answer.returncode == 1
    assert "missing: 1 to 3" in answer.stdout
    (tmp_path / "broken").write_text("{")
    assert burgee("audit", "verify", "--checkpoint", str(tmp_path / "broken")).returncode == 2
    assert burgee("audit", "verify", "--checkpoint", str(tmp_path / "absent")).returncode == 2


@pytest.mark.usefixtures("told")
def test_the_log_is_exported(burgee):
    lines = [json.loads(line) for line in burgee("audit", "export", "--organisation", "1").stdout.splitlines()]
    assert lines[0]["log"] == "Project created: Default Project"
    rows = list(csv.DictReader(io.StringIO(burgee("audit", "export", "--organisation", "1", "--format", "csv").stdout)))
    assert [row["hash"] for row in rows] == [line["hash"] for line in lines]
    of_server = burgee("audit", "export", "--installation").stdout.splitlines()
    assert [json.loads(line)["log"] for line in of_server] == ["User #1 got an account"]
    assert burgee("audit", "verify", "--installation").returncode == 0
    assert burgee("audit", "export").returncode == 2


@pytest.mark.usefixtures("told")
def test_a_person_is_erased_and_the_log_verifies(burgee, python):
    assert burgee("audit", "erase", "bob@example.com").returncode == 1
    answer = burgee("audit", "erase", "ADA@example.com")
    assert (answer.returncode, answer.stdout) == (0, "Erased from 1 lines.\n"), answer.stderr
    assert python(TELL).returncode == 0
    assert burgee("audit", "verify").returncode == 0
    assert "ada@example.com" not in burgee("audit", "export", "--organisation", "1").stdout
