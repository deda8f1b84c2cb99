"""Tests of the control plane that are marked `database` run again on each server database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.mariadb import running_mariadb
from tests.services.postgresql import running_postgresql

ROOT = Path(__file__).resolve().parents[2]
# Only these are read: to look into all others for the mark would take longer than many of the tests.
MARKED = sorted(
    str(path) for path in (ROOT / "tests/control").rglob("test_*.py") if "mark.database" in path.read_text()
)


@contextmanager
def postgresql() -> Iterator[str]:
    with running_postgresql() as server:
        yield server.url()


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("server", [postgresql, running_mariadb])
def test_the_control_plane_works_on(server, tmp_path):
    with server() as url:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "database and not process",
            *MARKED,
        ]
        variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        variables |= {"DATABASE_URL": url, "BURGEE_DATA_DIR": str(tmp_path)}
        run = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    assert " passed" in run.stdout
