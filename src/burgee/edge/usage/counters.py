"""Usage counted in memory and written every few seconds; a crash may lose the last of them."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Final

from burgee.edge.counting import SEPARATOR
from burgee.edge.ending import end
from burgee.edge.usage.outcome_counters import OutcomeCounters
from burgee.edge.usage.rows import BUCKET_SECONDS, Counts, EvaluationKey, RequestKey, UsageSink, day_of

log = logging.getLogger(__name__)

FLUSH_SECONDS: Final = 2.0
KEYS_AT_MOST: Final = 20_000
OTHER: Final = "other"
APPLICATIONS_AT_MOST: Final = 100
"""An environment has this many applications a day in each process; they name themselves, with a public key."""

_Kind = tuple[str, str | None, bool | None]
"""Feature, variant, and whether it was enabled."""


class UsageCounters:
    """Beyond `most` different keys between two flushes, new ones are counted together as "other"."""

    def __init__(
        self,
        sink: UsageSink,
        *,
        interval: float = FLUSH_SECONDS,
        most: int = KEYS_AT_MOST,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sink = sink
        self._interval = interval
        self._most = most
        self._clock = clock
        self._counts = Counts(requests={}, evaluations={}, server_keys={})
        self._outcomes = OutcomeCounters(clock)
        self.told = self._outcomes.told
        self._keys_today: set[str] = set()
        self._applications: dict[int, set[str]] = {}
        self._recent: dict[tuple[int, str, str], int] = {}
        self._evaluated: dict[tuple[int, str, str], dict[_Kind, int]] = {}
        self._kinds = 0
        self._bucket = 0.0
        self._day = ""
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._sink.start()
        self._task = asyncio.get_running_loop().create_task(self._flush_for_ever())

    async def close(self) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None
        await self.flush(everything=True)
        await self._sink.close()

    def request(self, environment_id: int, resource: str, client: str) -> None:
        self._look_at_clock()
        key = (environment_id, resource, client)
        recent = self._recent
        if key in recent:
            recent[key] += 1
        else:
            told = self._told(environment_id, client) if self._takes_new() else OTHER
            key = (environment_id, resource, told)
            recent[key] = recent.get(key, 0) + 1

    def server_key(self, digest: str) -> None:
        """Written once a day, however often the key is used."""
        if digest in self._keys_today:
            return
        self._look_at_clock()
        self._keys_today.add(digest)
        self._counts.server_keys[digest] = self._day

    def evaluations(
        self,
        environment_id: int,
        counts: Iterable[tuple[str, str | None, bool | None, int]],
        client: str,
        source: str,
    ) -> None:
        self._look_at_clock()
        evaluated = self._evaluated.get((environment_id, client, source))
        if evaluated is None:
            takes_new = self._takes_new() and len(self._evaluated) < self._most
            told = self._told(environment_id, client) if takes_new else OTHER
            evaluated = self._evaluated.setdefault((environment_id, told, source), {})
        for feature, variant, enabled, count in counts:
            key = (feature, variant, enabled)
            if key in evaluated:
                evaluated[key] += count
            elif self._takes_new():
                evaluated[key] = count
                self._kinds += 1
            else:
                bucket = int(self._bucket)
                self._count(EvaluationKey(environment_id, OTHER, None, None, OTHER, source, bucket), count)

    def _told(self, environment_id: int, client: str) -> str:
        """The client, without its application where there are too many of them."""
        if SEPARATOR not in client:
            return client
        known = self._applications.setdefault(environment_id, set())
        if client not in known and len(known) >= APPLICATIONS_AT_MOST:
            return client.partition(SEPARATOR)[0]
        known.add(client)
        return client

    def _takes_new(self) -> bool:
        return len(self._recent) + self._kinds + self._counts.size < self._most

    def _look_at_clock(self) -> None:
        bucket = self._clock() // BUCKET_SECONDS
        if bucket != self._bucket:
            self._take_recent()
            self._bucket = bucket
            self._look_at_day(day_of(int(bucket)))

    def _look_at_day(self, day: str) -> None:
        if day != self._day:
            self._day = day
            self._keys_today = set()
            self._applications = {}

    def _take_recent(self) -> None:
        """Put what was counted in the running quarter of an hour to the other counts."""
        bucket = int(self._bucket)
        recent, self._recent = self._recent, {}
        evaluated, self._evaluated, self._kinds = self._evaluated, {}, 0
        requests = self._counts.requests
        for (environment_id, resource, client), count in recent.items():
            request = RequestKey(environment_id, resource, client, bucket)
            requests[request] = requests.get(request, 0) + count
        evaluations = self._counts.evaluations
        for (environment_id, client, source), kinds in evaluated.items():
            for (feature, variant, enabled), count in kinds.items():
                key = EvaluationKey(environment_id, feature, variant, enabled, client, source, bucket)
                evaluations[key] = evaluations.get(key, 0) + count

    async def flush(self, *, everything: bool = False) -> None:
        """Write what was counted; what cannot be written now is counted again."""
        self._take_recent()
        counts, self._counts = self._counts, Counts(requests={}, evaluations={}, server_keys={})
        try:
            counts.outcomes = await self._outcomes.take(everything=everything)
            if counts.size:
                await self._sink.add(counts)
        except Exception as error:  # noqa: BLE001  # statistics must never stop the server, whatever the driver raises
            log.warning("usage.flush_failed reason=%s keys=%d", type(error).__name__, counts.size)
            self._take_back(counts)

    async def _flush_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            # Not cut short by `close`: half a flush would be counted twice.
            await asyncio.shield(self.flush())

    def _count(self, key: EvaluationKey, count: int) -> None:
        counts = self._counts.evaluations
        if key not in counts and not self._takes_new():
            key = key._replace(feature=OTHER, variant=None, enabled=None, client=OTHER)
        counts[key] = counts.get(key, 0) + count

    def _take_back(self, counts: Counts) -> None:
        for request, count in counts.requests.items():
            kept = self._counts.requests
            if request in kept or self._counts.size < self._most:
                kept[request] = kept.get(request, 0) + count
        for evaluation, count in counts.evaluations.items():
            self._count(evaluation, count)
        self._outcomes.put_back(counts.outcomes)
        self._counts.server_keys = counts.server_keys | self._counts.server_keys
