"""A load generator of our own: connections that each send a request, read the answer whole, and send the next."""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from typing import Any, Final, cast

import uvloop

from bench.generators import Burst
from bench.traffic import filled
from bench.workloads import STORED_IDENTITIES

FIRST_ANSWER: Final = 30.0
"""Seconds; a short burst on a busy machine lasts until something was answered."""


class Answers(asyncio.Protocol):
    """One connection; it reads Content-Length only, which is what is served."""

    def __init__(self, requests: Iterator[bytes], told: "Told") -> None:
        self._requests = requests
        self._told = told
        self._started = 0.0
        self._missing = 0
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's interface
        if not self._told.over:
            self._told.failed += 1

    def _send(self) -> None:
        self._started = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            self._missing = self._length(self._head[:end].lower()) - (len(self._head) - end - 4)
            self._told.failed += not self._head.startswith(b"HTTP/1.1 2")
            self._head = b""
        if not self._missing and not self._told.over:
            self._told.latencies.append(time.perf_counter() - self._started)
            self._told.answered.set()
            self._send()

    @staticmethod
    def _length(head: bytes) -> int:
        return int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)


class Told:
    """What all connections of one burst saw."""

    def __init__(self) -> None:
        self.over = False
        self.answered = asyncio.Event()
        self.failed = 0
        self.latencies: list[float] = []


def numbered(texts: list[str], first: int) -> Iterator[bytes]:
    for count, text in zip(itertools.count(first + 1), itertools.cycle(texts)):
        yield filled(text, (count - first - 1) % STORED_IDENTITIES, count)


async def burst(wanted: dict[str, Any]) -> Burst:
    told = Told()
    requests = numbered(wanted["texts"], wanted["first"])
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    connections = [
        await loop.create_connection(lambda: Answers(requests, told), "127.0.0.1", wanted["port"])
        for _ in range(wanted["connections"])
    ]
    await asyncio.sleep(wanted["seconds"])
    async with asyncio.timeout(FIRST_ANSWER):
        await told.answered.wait()
    told.over = True
    seconds = time.perf_counter() - started
    for transport, _ in connections:
        transport.abort()
    ordered = sorted(told.latencies)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3 for share in (0.5, 0.99))
    return Burst(len(told.latencies), seconds, p50, p99, told.failed)


def main() -> None:
    found = uvloop.run(burst(json.load(sys.stdin)))
    print(json.dumps({name: getattr(found, name) for name in found.__struct_fields__}))


if __name__ == "__main__":
    main()
