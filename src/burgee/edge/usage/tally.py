"""Answers of this server, counted by answer at once and by what they told when there is time."""

from collections import Counter, deque
from collections.abc import Sequence
from typing import Final

from burgee.edge.counting import Counted, Told

ANSWERS_AT_MOST: Final = 10_000
"""Answers that wait: more than are recalled, so that visitors who return cost an addition each."""
WAITING_AT_MOST: Final = 1_000_000
"""What counts of all answers that wait: eight megabytes of references."""
COUNTERS_AT_MOST: Final = 20_000
"""Different flags and plans that are counted; beyond them, those that are known already go on."""
_BATCH: Final = 512


class Tally:
    """Bounded: when too many different answers wait, each new one has the oldest counted at once."""

    def __init__(self, *, most: int = COUNTERS_AT_MOST) -> None:
        self._most = most
        self._lasting: deque[Told] = deque()
        self._waiting = 0
        self._batches: dict[int, list[Counted]] = {}
        self._counts: dict[int, Counter[Counted]] = {}
        self._different = 0

    def told(self, answer: Told) -> None:
        if not answer.lasting:
            batch = self._batches.get(answer.environment_id)
            if batch is None:
                batch = self._batches[answer.environment_id] = []
            batch += answer.counted
            if len(batch) >= _BATCH:
                self._add(answer.environment_id, batch, 1)
                batch.clear()
            return
        answer.times += 1
        if answer.times == 1:
            self._lasting.append(answer)
            self._waiting += len(answer.counted)
            if self._waiting > WAITING_AT_MOST or len(self._lasting) > ANSWERS_AT_MOST:
                self.count(1)

    @property
    def waiting(self) -> bool:
        """Whether there are lasting answers that `count` has something to do with."""
        return bool(self._lasting)

    def count(self, most: int) -> None:
        """Count what the lasting answers that wait longest told, until it is so much."""
        while self._lasting and most > 0:
            answer = self._lasting.popleft()
            self._waiting -= len(answer.counted)
            most -= len(answer.counted)
            times, answer.times = answer.times, 0
            self._add(answer.environment_id, answer.counted, times)

    def drain(self) -> dict[int, Counter[Counted]]:
        """How often everything was told that is counted, by environment; begins anew."""
        batches, self._batches = self._batches, {}
        for environment_id, batch in batches.items():
            self._add(environment_id, batch, 1)
        counts, self._counts, self._different = self._counts, {}, 0
        return counts

    def _add(self, environment_id: int, told: Sequence[Counted], times: int) -> None:
        counts = self._counts.get(environment_id)
        if counts is None:
            counts = self._counts[environment_id] = Counter()
        before = len(counts)
        takes_new = self._different < self._most
        if times == 1 and takes_new:
            counts.update(told)
        else:
            for one in told:
                if takes_new or one in counts:
                    counts[one] += times
        self._different += len(counts) - before
