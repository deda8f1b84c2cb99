"""Group commit: whatever waits is written in one transaction, and each waiter learns after COMMIT."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Protocol

from msgspec import Struct

from burgee.edge.identities.protocol import IdentityRow, StoreUnavailable, Tell, TraitError, TraitPatch
from burgee.edge.identities.traits import check_patch

log = logging.getLogger(__name__)

Outcome = IdentityRow | TraitError
Waiting = tuple[TraitPatch, Tell[IdentityRow]]


class WriterLimits(Struct, frozen=True, kw_only=True):
    """`timeout` is how long a waiter waits before it hears that the store is unavailable."""

    queue: int = 10_000
    batch: int = 128
    timeout: float = 2.0


class BatchWriter(Protocol):
    """Writes a batch durably; raises StoreUnavailable when nothing of it can be written now."""

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]: ...


class GroupCommit:
    """All its state belongs to the event loop; only the writer behind it may own a thread."""

    def __init__(self, writer: BatchWriter, limits: WriterLimits) -> None:
        self._writer = writer
        self._limits = limits
        self._waiting: deque[Waiting] = deque()
        self._running: asyncio.Task[None] | None = None
        self._stuck = False

    def submit(self, patch: TraitPatch, tell: Tell[IdentityRow]) -> None:
        """Tell the row after the commit of this patch, which is checked; at once why it cannot be tried."""
        if self._stuck:
            tell(StoreUnavailable("the store does not answer"))
        elif len(self._waiting) >= self._limits.queue:
            tell(StoreUnavailable("too many trait writes are waiting", retry_after=1))
        else:
            self._waiting.append((patch, tell))
            if self._running is None:
                self._running = asyncio.get_running_loop().create_task(self._run())

    def apply(self, patch: TraitPatch) -> "asyncio.Future[IdentityRow]":
        """The row after the commit of this patch. Raises TraitRefused at once for what no engine can keep."""
        check_patch(patch)
        future: asyncio.Future[IdentityRow] = asyncio.get_running_loop().create_future()
        self.submit(patch, partial(_settle, future))
        return future

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        outcomes: list[Outcome | asyncio.Future[IdentityRow]] = []
        for patch in patches:
            try:
                outcomes.append(self.apply(patch))
            except TraitError as error:
                outcomes.append(error)
        return [await _settled(outcome) if isinstance(outcome, asyncio.Future) else outcome for outcome in outcomes]

    @property
    def is_idle(self) -> bool:
        return self._running is None

    async def finish(self) -> None:
        """Wait until nothing is waiting."""
        while self._running is not None:
            await asyncio.wait([self._running])

    async def close(self) -> None:
        """Write what waits; gives up after the timeout, as each waiter would."""
        if self._running is not None:
            await asyncio.wait([self._running], timeout=self._limits.timeout)

    async def _run(self) -> None:
        try:
            while self._waiting:
                size = min(len(self._waiting), self._limits.batch)
                await self._commit([self._waiting.popleft() for _ in range(size)])
        finally:
            self._running = None

    async def _commit(self, batch: list[Waiting]) -> None:
        timer = asyncio.get_running_loop().call_later(self._limits.timeout, self._give_up, batch)
        away: StoreUnavailable | None = None
        try:
            outcomes: Sequence[Outcome] = await self._writer.write([patch for patch, _ in batch])
        except StoreUnavailable as error:
            log.warning("traits.store_unavailable reason=%s waiting=%d", error.reason, len(batch) + len(self._waiting))
            outcomes = [error] * len(batch)
            away = error
        except Exception:
            log.exception("traits.batch_failed size=%d", len(batch))
            outcomes = [StoreUnavailable("the trait writer failed")] * len(batch)
        finally:
            timer.cancel()
            self._stuck = False
        if batch:
            _tell(batch, outcomes)
        if away is not None:
            self._refuse_waiting(away)

    def _give_up(self, batch: list[Waiting]) -> None:
        # The batch may still be committed later; each waiter only learns that it was not acknowledged.
        self._stuck = True
        error = StoreUnavailable("the store does not answer in time")
        given_up = batch.copy()
        batch.clear()
        _tell(given_up, [error] * len(given_up))
        self._refuse_waiting(error)

    def _refuse_waiting(self, error: StoreUnavailable) -> None:
        """After the batch before it was told, so that what goes to the journal goes there in order."""
        waiting, self._waiting = self._waiting, deque()
        _tell(waiting, [error] * len(waiting))


def _tell(waiting: Iterable[Waiting], outcomes: Sequence[Outcome]) -> None:
    for (_, tell), outcome in zip(waiting, outcomes, strict=True):
        try:
            tell(outcome)
        except Exception:  # one waiter must not keep the others waiting
            log.exception("traits.waiter_failed")


def _settle(future: "asyncio.Future[IdentityRow]", outcome: Outcome) -> None:
    if future.done():
        return
    if isinstance(outcome, IdentityRow):
        future.set_result(outcome)
    else:
        future.set_exception(outcome)


async def _settled(future: "asyncio.Future[IdentityRow]") -> Outcome:
    try:
        return await future
    except TraitError as error:
        return error
