"""Group commit: whatever waits is written in one transaction, and each waiter learns after COMMIT."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from burgee.edge.identities.protocol import IdentityRow, StoreUnavailable, TraitError, TraitPatch
from burgee.edge.identities.traits import check_patch

log = logging.getLogger(__name__)

Outcome = IdentityRow | TraitError


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
        self._waiting: deque[tuple[TraitPatch, asyncio.Future[IdentityRow]]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._stuck = False

    def submit(self, patch: TraitPatch) -> "asyncio.Future[IdentityRow]":
        """The row after the commit of this patch. Raises TraitError at once for what cannot be tried."""
        if self._stuck:
            raise StoreUnavailable("the store does not answer")
        if len(self._waiting) >= self._limits.queue:
            raise StoreUnavailable("too many trait writes are waiting", retry_after=1)
        check_patch(patch)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[IdentityRow] = loop.create_future()
        self._waiting.append((patch, future))
        if self._running is None:
            self._running = loop.create_task(self._run())
        return future

    async def submit_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        outcomes: list[Outcome | asyncio.Future[IdentityRow]] = []
        for patch in patches:
            try:
                outcomes.append(self.submit(patch))
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

    async def _commit(self, batch: list[tuple[TraitPatch, "asyncio.Future[IdentityRow]"]]) -> None:
        futures = [future for _, future in batch]
        timer = asyncio.get_running_loop().call_later(self._limits.timeout, self._give_up, futures)
        try:
            outcomes: Sequence[Outcome] = await self._writer.write([patch for patch, _ in batch])
        except StoreUnavailable as error:
            log.warning("traits.store_unavailable reason=%s waiting=%d", error.reason, len(batch) + len(self._waiting))
            outcomes = [error] * len(batch)
            self._refuse_waiting(error)
        except Exception:
            log.exception("traits.batch_failed size=%d", len(batch))
            outcomes = [StoreUnavailable("the trait writer failed")] * len(batch)
        finally:
            timer.cancel()
            self._stuck = False
        for future, outcome in zip(futures, outcomes, strict=True):
            _settle(future, outcome)

    def _give_up(self, futures: "list[asyncio.Future[IdentityRow]]") -> None:
        # The batch may still be committed later; each waiter only learns that it was not acknowledged.
        self._stuck = True
        error = StoreUnavailable("the store does not answer in time")
        for future in futures:
            _settle(future, error)
        self._refuse_waiting(error)

    def _refuse_waiting(self, error: StoreUnavailable) -> None:
        while self._waiting:
            _settle(self._waiting.popleft()[1], error)


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
