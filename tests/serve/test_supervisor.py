import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SUPERVISOR = """
import sys
from burgee.serve.supervisor import Supervisor
program, socket = sys.argv[1], int(sys.argv[2])
command = lambda index, lifeline: [sys.executable, program, str(index), str(lifeline)]
sys.exit(Supervisor(command, 2, socket=socket, seconds=0.5).run())
"""

CHILD = """
import os, signal, sys
from burgee.serve.supervisor import watch_lifeline
signal.signal(signal.SIGINT, signal.SIG_IGN)
watch_lifeline(int(sys.argv[2]))
open(f"pid-{sys.argv[1]}", "w").write(str(os.getpid()))
while True:
    signal.pause()
"""

DEAF_CHILD = CHILD.replace("signal.SIGINT", "signal.SIGTERM")


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def start(child: str) -> subprocess.Popen[bytes]:
        program = tmp_path / "child.py"
        program.write_text(child)
        command = [sys.executable, "-c", SUPERVISOR, str(program), str(listener.fileno())]
        process = subprocess.Popen(command, cwd=tmp_path, pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL)
        started.append(process)
        return process

    yield start
    listener.close()
    for process in started:
        process.kill()
        process.wait()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "this never came true"
        time.sleep(0.01)


def pid_of(folder: Path, index: int) -> int | None:
    path = folder / f"pid-{index}"
    return int(text) if path.exists() and (text := path.read_text()) else None


def pids(folder: Path) -> list[int]:
    until(lambda: all(pid_of(folder, index) for index in range(2)))
    return [pid for index in range(2) if (pid := pid_of(folder, index))]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z" if Path("/proc/self").exists() else True


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_every_process_and_is_a_success(supervise, tmp_path, number):
    supervisor = supervise(CHILD)
    children = pids(tmp_path)
    supervisor.send_signal(number)
    assert supervisor.wait(20) == 0
    assert not any(is_alive(pid) for pid in children)


@pytest.mark.process
def test_a_process_that_does_not_stop_is_killed(supervise, tmp_path):
    supervisor = supervise(DEAF_CHILD)
    children = pids(tmp_path)
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert not any(is_alive(pid) for pid in children)


@pytest.mark.process
def test_a_dead_process_is_replaced(supervise, tmp_path):
    supervise(CHILD)
    first, second = pids(tmp_path)
    os.kill(first, signal.SIGKILL)
    until(lambda: pid_of(tmp_path, 0) not in {None, first})
    assert pid_of(tmp_path, 1) == second
    assert is_alive(second)


@pytest.mark.process
def test_processes_that_die_at_once_end_it_with_a_failure(supervise):
    assert supervise("raise SystemExit(7)").wait(20) == 1


@pytest.mark.process
def test_no_process_outlives_a_killed_supervisor(supervise, tmp_path):
    supervisor = supervise(CHILD)
    children = pids(tmp_path)
    supervisor.kill()
    until(lambda: not any(is_alive(pid) for pid in children))
