"""``/metrics/`` for Prometheus: requests of both planes, and how far consumers are behind."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from burgee.edge.asgi import AsgiApp, Receive, Scope, Send
from burgee.serve.tallies import BOUNDS, Tallies

log = logging.getLogger(__name__)

PATHS: Final = frozenset({"/metrics", "/metrics/"})
SAVE_SECONDS: Final = 1.0

_NOT_FOUND: Final = b'{"detail":"Not found."}'


class Backlog(Protocol):
    @property
    def undispatched(self) -> int: ...
    @property
    def waiting(self) -> int: ...
    @property
    def lag_seconds(self) -> float: ...
    @property
    def overdue_jobs(self) -> int: ...


class Metrics:
    """An ASGI application before `inner`, and a part of the process while others share its port."""

    def __init__(self, tallies: Tallies, inner: AsgiApp | None, backlog: Callable[[], Backlog] | None = None) -> None:
        self._tallies = tallies
        self._inner = inner
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Requests(tallies))
        if backlog is not None:
            self._registry.register(_Consumers(backlog))
        self._saving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._saving = asyncio.create_task(self._save())

    async def close(self) -> None:
        if self._saving is not None:
            self._saving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._saving
        self._tallies.save()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in PATHS:
            body = await asyncio.to_thread(generate_latest, self._registry)
            # Whichever process is asked next knows at least this much, so no counter falls.
            self._tallies.save()
            await _answer(send, 200, body, CONTENT_TYPE_LATEST.encode())
        elif self._inner is not None:
            await self._inner(scope, receive, send)
        else:
            await _answer(send, 404, _NOT_FOUND, b"application/json")

    async def _save(self) -> None:
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            self._tallies.save()


class _Requests(Collector):
    def __init__(self, tallies: Tallies) -> None:
        self._tallies = tallies

    def collect(self) -> Iterator[Metric]:
        family = HistogramMetricFamily(
            "burgee_request_seconds", "Requests and how long they took.", labels=["plane", "group", "status"]
        )
        bounds = [*map(str, BOUNDS), "+Inf"]
        for (plane, group, status), cell in self._tallies.rows():
            buckets = list(zip(bounds, accumulate(cell[:-1]), strict=True))
            family.add_metric([plane, group, str(status)], buckets, cell[-1])
        yield family


class _Consumers(Collector):
    def __init__(self, backlog: Callable[[], Backlog]) -> None:
        self._backlog = backlog

    def collect(self) -> Iterator[Metric]:
        try:
            now = self._backlog()
        except Exception as error:  # noqa: BLE001  # without the database the other numbers are still told
            log.warning("the backlog cannot be told: %s", error)
            return
        yield _gauge("burgee_events_undispatched", "Events that no consumer has been told of yet.", now.undispatched)
        yield _gauge("burgee_deliveries_waiting", "What consumers owe to events.", now.waiting)
        yield _gauge("burgee_outbox_lag_seconds", "How long the oldest of it has been due.", now.lag_seconds)
        yield _gauge("burgee_jobs_overdue", "Recurring jobs that no worker has run in time.", now.overdue_jobs)


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


async def _answer(send: Send, status: int, body: bytes, kind: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
