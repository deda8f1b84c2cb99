"""When the outcomes of what was answered are written: the more rows, the more seldom."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from burgee.edge.counting import AnyFlag, Counted, Told
from burgee.edge.usage.outcomes import Outcome, others, outcome_of
from burgee.edge.usage.rows import BUCKET_SECONDS, OutcomeKey
from burgee.edge.usage.tally import COUNTERS_AT_MOST, Tally
from burgee.engine import Plan

ROWS_PER_SECOND: Final = 50
"""After so many rows a second has to pass: each costs the database a page or two."""
OUTCOMES_AT_MOST: Final = 50
"""A flag of an environment has this many outcomes in one write; the others are counted together."""
_FLAGS_AT_A_FLUSH: Final = 50_000
_FLAGS_AT_ONCE: Final = 5_000
_READ_AT_ONCE: Final = 200
_HOUR: Final = 3600


class OutcomeCounters:
    """Counts are of the hour in which they are written, which is seconds after the answers. A crash loses them."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._tally = Tally()
        self._unsaved: dict[OutcomeKey, int] = {}
        self._due = 0.0
        # No call in between: this is done for every answer.
        self.told: Final[Callable[[Told], None]] = self._tally.told

    async def take(self, *, everything: bool = False) -> dict[OutcomeKey, int]:
        """What is to be written now; nothing while the rows of the last time weigh too much."""
        await self._count(everything=everything)
        now = asyncio.get_running_loop().time()
        if now < self._due and not everything:
            return {}
        taken, self._unsaved = self._unsaved, {}
        await self._read(taken)
        self._due = now + len(taken) / ROWS_PER_SECOND
        return taken

    def put_back(self, counts: dict[OutcomeKey, int]) -> None:
        """They could not be written; they are offered again, unless there are too many of them."""
        if counts and len(counts) <= COUNTERS_AT_MOST:
            self._unsaved = counts

    async def _count(self, *, everything: bool) -> None:
        """Count the flags of what was answered, a little at a time: requests come in between."""
        left = _FLAGS_AT_A_FLUSH
        while self._tally.waiting and (everything or left > 0):
            self._tally.count(_FLAGS_AT_ONCE)
            left -= _FLAGS_AT_ONCE
            await asyncio.sleep(0)

    async def _read(self, taken: dict[OutcomeKey, int]) -> None:
        bucket = int(self._clock() // _HOUR) * (_HOUR // BUCKET_SECONDS)
        for environment_id, counts in self._tally.drain().items():
            known: dict[int, set[Outcome]] = {}
            for place, (flag, count) in enumerate((await _flag_by_flag(counts)).items(), 1):
                outcome = outcome_of(flag)
                outcomes = known.setdefault(outcome.feature_id, set())
                if len(outcomes) >= OUTCOMES_AT_MOST and outcome not in outcomes:
                    outcome = others(outcome.feature_id)
                outcomes.add(outcome)
                key = OutcomeKey(environment_id, *outcome, bucket)
                taken[key] = taken.get(key, 0) + count
                if place % _READ_AT_ONCE == 0:
                    await asyncio.sleep(0)


async def _flag_by_flag(counts: Counter[Counted]) -> Counter[AnyFlag]:
    """The same without plans and without hidden flags."""
    flags: Counter[AnyFlag] = Counter()
    for counted, times in counts.items():
        if isinstance(counted, Plan):
            for flag in counted.settled():
                flags[flag] += times
            await asyncio.sleep(0)
        else:
            flags[counted] += times
    del flags[b""]
    return flags
