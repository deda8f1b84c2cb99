"""Child processes of a run: started, asked, ended, whatever happens between."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from bench.served import ServedConfig

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def running(command: list[str], environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """The process with a pipe for its output; its complaints go to `log`."""
    with log.open("a") as complaints:
        process = subprocess.Popen(
            command,
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@contextlib.contextmanager
def served(config: ServedConfig) -> Iterator[tuple[int, int]]:
    """Pid and port of a bench server."""
    command = [sys.executable, "-m", "bench.served", msgspec.json.encode(config).decode()]
    log = Path(config.folder) / "server.log"
    with running(command, dict(os.environ), log) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the bench server did not start:\n{log.read_text()}")
        yield process.pid, int(line)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment variables of a Burgee of its own, free of this shell's settings."""
    kept = {
        name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV"}
    }
    return kept | {"BURGEE_DATA_DIR": str(folder), "LOG_LEVEL": "WARNING"} | more


def migrated(folder: Path, **more: str) -> None:
    """Make the real tables."""
    command = [sys.executable, "-m", "burgee", "migrate"]
    done = subprocess.run(
        command, env=environment(folder, **more), cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        raise RuntimeError(f"burgee migrate failed:\n{done.stderr[-2000:]}")
