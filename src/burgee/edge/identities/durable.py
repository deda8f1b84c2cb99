"""The traits store that never forgets what it acknowledged: the store, and a journal for when that is away."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Coroutine, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from burgee.edge.call_thread import CallThread
from burgee.edge.ending import end
from burgee.edge.identities.group_commit import GroupCommit, Outcome, WriterLimits
from burgee.edge.identities.journal import Journal, encode_patch
from burgee.edge.identities.protocol import (
    Applied,
    Found,
    IdentityRow,
    LocalTraitsStore,
    StoreUnavailable,
    Tell,
    TraitError,
    TraitPatch,
    TraitRefused,
    TraitsStore,
)
from burgee.edge.identities.traits import merge, put_over

log = logging.getLogger(__name__)

_REPLAYED_AT_ONCE: Final = 128
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0


class DurableTraits:
    """While the journal holds anything, every patch goes there, so that none overtakes an earlier one.

    Increments cannot be repeated safely and are never journaled. `local_reads` says that the store's `read` never
    waits, so that it may be asked although writing fails.
    """

    def __init__(
        self, store: TraitsStore, journal: Journal, *, local_reads: bool = False, limits: WriterLimits | None = None
    ) -> None:
        self._store = store
        self._local_reads = local_reads
        self._local = store if isinstance(store, LocalTraitsStore) else None
        self._writer = _JournalWriter(journal)
        self._appends = GroupCommit(self._writer, limits or WriterLimits())
        self._emptied: asyncio.Future[None] | None = None
        self._replay: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        await self._store.start()
        await self._writer.start()
        if self._writer.size:
            self._begin_replay()

    async def close(self) -> None:
        if self._replay is not None:
            await end(self._replay)
            self._replay = None
        await self._appends.close()
        await self._store.close()
        await self._writer.close()

    @property
    def degraded(self) -> bool:
        """Whether patches go to the journal now."""
        return self._replay is not None

    async def apply(self, patch: TraitPatch) -> Applied:
        while self._emptied is not None:
            await asyncio.shield(self._emptied)
        if self._replay is None:
            try:
                return Applied(row=await self._store.apply(patch))
            except StoreUnavailable:
                if patch.increment:
                    raise
        return Applied(row=await self._append(patch), degraded=True)

    def submit(self, patch: TraitPatch, tell: Tell[Applied]) -> None:
        if self._replay is None and self._emptied is None:
            self._store.submit(patch, partial(self._stored, patch, tell))
        else:
            self._tell_when(self.apply(patch), tell)

    def _stored(self, patch: TraitPatch, tell: Tell[Applied], outcome: Outcome) -> None:
        if isinstance(outcome, IdentityRow):
            tell(Applied(row=outcome))
        elif isinstance(outcome, StoreUnavailable) and not patch.increment:
            self._begin_replay()
            self._tell_when(self.apply(patch), tell)
        else:
            tell(outcome)

    def _tell_when(self, applied: Coroutine[Any, Any, Applied], tell: Tell[Applied]) -> None:
        # Tasks begin in order, so patches come to the journal in order.
        task = asyncio.get_running_loop().create_task(_told(applied, tell))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Applied | TraitError]:
        if self._replay is not None or self._emptied is not None:
            return await self._apply_each(patches)
        outcomes = await self._store.apply_many(patches)
        left = [patch for patch, outcome in zip(patches, outcomes, strict=True) if _is_unavailable(outcome)]
        settled = iter(await self._apply_each(left))
        return [next(settled) if _is_unavailable(outcome) else _applied(outcome) for outcome in outcomes]

    def find(self, environment_id: int, identifier: str) -> Found:
        if self._local is None or self._writer.waiting:
            return self.read(environment_id, identifier)
        return self._local.find(environment_id, identifier)

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        waiting = self._writer.waiting.get((environment_id, identifier))
        if waiting is None:
            return await self._store.read(environment_id, identifier)
        return await self._over_stored(waiting)

    async def _apply_each(self, patches: Sequence[TraitPatch]) -> list[Applied | TraitError]:
        # All at once, so that they share a sync of the journal; tasks begin, and thus queue, in order.
        return await asyncio.gather(*[self._outcome(patch) for patch in patches])

    async def _outcome(self, patch: TraitPatch) -> Applied | TraitError:
        try:
            return await self.apply(patch)
        except TraitError as error:
            return error

    async def _append(self, patch: TraitPatch) -> IdentityRow:
        if patch.increment:
            raise StoreUnavailable("increments need the store")
        self._begin_replay()
        await self._appends.apply(patch)
        return await self._over_stored(self._writer.waiting.get((patch.environment_id, patch.identifier), patch))

    async def _over_stored(self, patch: TraitPatch) -> IdentityRow:
        stored = None
        if self._local_reads:
            with contextlib.suppress(StoreUnavailable):
                stored = await self._store.read(patch.environment_id, patch.identifier)
        if stored is None:
            return IdentityRow(id=0, identifier=patch.identifier, traits=patch.set.copy(), numbers={})
        return IdentityRow(
            id=stored.id,
            identifier=patch.identifier,
            traits=merge(stored.traits, patch),
            numbers=stored.numbers,
            legacy_hash_id=stored.legacy_hash_id,
        )

    def _begin_replay(self) -> None:
        if self._replay is None:
            log.warning("traits.degraded journal_bytes=%d", self._writer.size)
            self._replay = asyncio.get_running_loop().create_task(self._replay_all())

    async def _replay_all(self) -> None:
        offset, pause = 0, _FIRST_PAUSE
        while self._replay is not None:
            try:
                offset = await self._replay_from(offset)
            except (StoreUnavailable, OSError) as error:
                log.warning("traits.replay_waits reason=%s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except Exception:
                log.exception("traits.replay_failed")
                await asyncio.sleep(_LONGEST_PAUSE)
            else:
                pause = _FIRST_PAUSE
        log.warning("traits.recovered")

    async def _replay_from(self, offset: int) -> int:
        """Bring some patches to the store; the offset where to go on."""
        patches, end = await self._writer.read(offset, _REPLAYED_AT_ONCE)
        if not patches:
            return await self._leave_journal(end)
        patches = [msgspec.structs.replace(patch, origin="journal") for patch in patches]
        for patch, outcome in zip(patches, await self._store.apply_many(patches), strict=True):
            if isinstance(outcome, StoreUnavailable):
                raise outcome
            if isinstance(outcome, TraitError):
                log.error("traits.journaled_patch_refused environment_id=%d", patch.environment_id)
        return end

    async def _leave_journal(self, offset: int) -> int:
        # New patches wait for these few milliseconds: they may neither be cut off here nor overtake.
        self._emptied = asyncio.get_running_loop().create_future()
        try:
            await self._appends.finish()
            while self._writer.size > offset:
                offset = await self._replay_from(offset)
            await self._writer.clear()
            if self._appends.is_idle and not self._writer.size:
                self._replay = None
        finally:
            self._emptied.set_result(None)
            self._emptied = None
        return 0


class _JournalWriter:
    """The journal as something that commits groups; it remembers what waits in it by identity."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._thread: CallThread | None = None
        self.waiting: dict[tuple[int, str], TraitPatch] = {}

    @property
    def size(self) -> int:
        return self._journal.size

    async def start(self) -> None:
        self._thread = CallThread("burgee-journal")
        try:
            await self._thread.call(self._journal.open)
        except (OSError, StoreUnavailable) as error:
            # The store alone is enough until it fails; then each patch hears that the journal is missing.
            log.warning("traits.journal_unavailable reason=%s", error)
            return
        patches, _ = await self.read(0, -1)
        for patch in patches:
            self._remember(patch)

    async def close(self) -> None:
        if self._thread is not None:
            await self._thread.call(self._journal.close)
            await self._thread.close()
            self._thread = None

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        bodies: list[bytes] = []
        outcomes: list[Outcome] = []
        for patch in patches:
            try:
                bodies.append(encode_patch(patch))
            except UnicodeEncodeError:
                outcomes.append(TraitRefused("a trait or the identifier is no valid Unicode"))
            else:
                outcomes.append(IdentityRow(id=0, identifier=patch.identifier, traits=patch.set, numbers={}))
        await self._started().call(self._journal.append, bodies)
        for patch, outcome in zip(patches, outcomes, strict=True):
            if isinstance(outcome, IdentityRow):
                self._remember(patch)
        return outcomes

    async def read(self, offset: int, most: int) -> tuple[list[TraitPatch], int]:
        return await self._started().call(self._journal.read, offset, most)

    async def clear(self) -> None:
        await self._started().call(self._journal.clear)
        self.waiting.clear()

    def _remember(self, patch: TraitPatch) -> None:
        key = (patch.environment_id, patch.identifier)
        earlier = self.waiting.get(key)
        self.waiting[key] = patch if earlier is None else put_over(earlier, patch)

    def _started(self) -> CallThread:
        if self._thread is None:
            raise StoreUnavailable("the journal is closed")
        return self._thread


def _is_unavailable(outcome: Outcome) -> bool:
    return isinstance(outcome, StoreUnavailable)


async def _told(applied: Awaitable[Applied], tell: Tell[Applied]) -> None:
    try:
        outcome: Applied | TraitError = await applied
    except TraitError as error:
        outcome = error
    except Exception:
        log.exception("traits.apply_failed")
        outcome = StoreUnavailable("the traits store failed")
    tell(outcome)


def _applied(outcome: Outcome) -> Applied | TraitError:
    return outcome if isinstance(outcome, TraitError) else Applied(row=outcome)
