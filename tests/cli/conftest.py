import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.migrated import copy_migrated

Burgee = Callable[..., subprocess.CompletedProcess[str]]

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A clean environment whose data directory is empty."""
    return environ_of(tmp_path / "data")


def environ_of(folder: Path) -> dict[str, str]:
    """A clean environment with this data directory."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"BURGEE_DATA_DIR": str(folder)}


@pytest.fixture
def migrated(environ: dict[str, str]) -> None:
    """The data directory has an empty database in it, and no keys yet."""
    copy_migrated(Path(environ["BURGEE_DATA_DIR"]))


@pytest.fixture
def burgee(environ: dict[str, str], tmp_path: Path) -> Burgee:
    """Runs the command in a process of its own, as a person does."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "burgee", *arguments],
            env=environ | variables,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
