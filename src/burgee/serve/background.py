"""The worker as a thread of a server process, or as the whole of one."""

import asyncio
import signal
import threading

from burgee.control.worker.runner import Worker


class WorkerPart:
    """The worker's thread beside the event loop."""

    def __init__(self) -> None:
        self._worker = Worker()

    async def start(self) -> None:
        self._worker.start()

    async def close(self) -> None:
        await asyncio.to_thread(self._worker.stop)


def run_worker() -> int:
    """The worker as this process: 0 after SIGTERM or SIGINT."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    worker = Worker()
    worker.start()
    print(f"The worker {worker.owner} runs.", flush=True)  # noqa: T201  # for the person who started it
    stopped.wait()
    worker.stop()
    return 0
