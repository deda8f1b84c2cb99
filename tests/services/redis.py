"""A private Redis on an ephemeral port."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.services.binaries import find_binary, free_port


@contextmanager
def running_redis() -> Iterator[str]:
    """Its URL."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="burgee-redis-") as folder:
        command = [
            find_binary("redis-server"),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            folder,
        ]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            wait_for_port(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while True:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended while starting"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.02)
