"""Programs of tests/clients/node: JSON in, JSON out, one process for a whole batch of questions."""

import fcntl
import json
import subprocess
from pathlib import Path
from typing import Any

from tests.services.binaries import find_binary

FOLDER = Path(__file__).parent / "node"
_TIMEOUT = 120


def install() -> None:
    """`npm ci` once for each lock file, whoever asks first."""
    npm = find_binary("npm")
    find_binary("node")
    wanted = (FOLDER / "package-lock.json").read_bytes()
    stamp = FOLDER / "node_modules" / ".installed"
    with (FOLDER / ".npmrc").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == wanted:
            return
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        stamp.write_bytes(wanted)


def run(program: str, question: Any) -> Any:
    done = subprocess.run(
        [find_binary("node"), str(FOLDER / program)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
