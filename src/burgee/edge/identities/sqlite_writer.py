"""The one writer of the identities in an SQLite file.

Statements take microseconds and run on the loop thread; what can block (the write lock and COMMIT's fsync) happens on
a thread. Were the statements on the thread too, each would wait for the interpreter lock that a busy loop holds.
"""

import sqlite3
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from burgee.edge.call_thread import CallThread
from burgee.edge.identities.admission import Admission
from burgee.edge.identities.day import Day
from burgee.edge.identities.group_commit import Outcome
from burgee.edge.identities.kept_rows import KEPT_ROWS, KeptRows, Key, Seen, Stored
from burgee.edge.identities.lookups import identity_lookup, trait_key_lookup
from burgee.edge.identities.protocol import (
    IdentityRow,
    StoreUnavailable,
    TraitError,
    TraitPatch,
    TraitRefused,
)
from burgee.edge.identities.sqlite_connection import Connection
from burgee.edge.identities.trait_numbers import TraitNumbers, checked_number
from burgee.edge.identities.traits import decode_traits, encode_traits, merge

SELECT = "SELECT id, traits, legacy_hash_id, last_seen FROM identities_identity WHERE lookup = ?"
_INSERT = """INSERT INTO identities_identity
    (environment_id, identifier, lookup, traits, legacy_hash_id, created_date, last_seen)
    VALUES (?, ?, ?, ?, NULL, ?, ?)"""
_UPDATE = "UPDATE identities_identity SET traits = ?, last_seen = ? WHERE id = ?"
NUMBERS = "SELECT name, number FROM identities_traitkey WHERE environment_id = ?"
_NUMBER = "SELECT number FROM identities_traitkey WHERE lookup = ?"
_NEXT_NUMBER = "SELECT coalesce(max(number), 0) + 1 FROM identities_traitkey WHERE environment_id = ?"
_INSERT_KEY = "INSERT INTO identities_traitkey (environment_id, number, name, lookup) VALUES (?, ?, ?, ?)"


class WriteGate(Protocol):
    """The write lock of the process; threads other than the one that acquired it may release it."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...  # noqa: FBT001, FBT002  # as threading.Lock

    def release(self) -> None: ...


class Sighted(TraitPatch, frozen=True, kw_only=True):
    """A patch with the row that was read before it had to wait, and when: after how many batches."""

    seen: Seen
    batch: int


class SqliteWriter:
    """Writes batches. Rows that it wrote or that were read before are not read again if nobody else wrote since."""

    def __init__(  # noqa: PLR0917  # made in one place, above
        self,
        connection: Connection,
        gate: WriteGate,
        numbers: TraitNumbers,
        admission: Admission,
        day: Day,
        timeout: float,
        on_commit: Callable[[dict[Key, Seen]], None],
    ) -> None:
        """`on_commit` is called on the loop with what a batch wrote, before anybody else hears of it."""
        self._connection = connection
        self._gate = gate
        self._numbers = numbers
        self._admission = admission
        self._day = day
        self._timeout = timeout
        self._on_commit = on_commit
        self.batch = 0
        self.busy = False
        """Whether a batch is under way, as far as the loop knows."""
        self._foreign = 0
        self._version: int | None = None
        self._forgot_in = 0
        self._kept = KeptRows()
        """Rows as this wrote them."""
        self._fresh: dict[Key, Seen] = {}
        self._thread: CallThread | None = None

    def start(self) -> None:
        self._thread = CallThread("burgee-traits")

    async def close(self) -> None:
        if self._thread is not None:
            await self._thread.close()
            self._thread = None
        self._connection.close()

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        if self._thread is None:
            raise StoreUnavailable("the trait writer is not running")
        self.busy = True
        try:
            return await self._write(self._thread, patches)
        finally:
            self.busy = False

    async def _write(self, thread: CallThread, patches: Sequence[TraitPatch]) -> list[Outcome]:
        if not self._begin_at_once():
            await thread.call(self._begin)
        try:
            outcomes = self._write_rows(patches)
        except BaseException as error:
            await thread.call(self._roll_back)
            if isinstance(error, sqlite3.Error):
                raise StoreUnavailable(f"cannot write identities: {error}") from error
            raise
        await thread.call(self._commit)
        self.busy = False
        self._keep_written()
        return outcomes

    def _keep_written(self) -> None:
        fresh, self._fresh = self._fresh, {}
        if len(self._kept.rows) + len(fresh) > KEPT_ROWS:
            # What was read while this batch ran misses what it wrote, and nothing would say so any more.
            self._forget()
        for key, seen in fresh.items():
            self._kept.keep(key, seen)
        self._on_commit(fresh)

    def keeps(self, patch: TraitPatch) -> bool:
        """Whether it has the row of this patch at hand."""
        return (patch.environment_id, patch.identifier) in self._kept.rows

    def _forget(self) -> None:
        self._kept.rows.clear()
        self._forgot_in = self.batch + 1

    def foreign_writes(self) -> int:
        """A number that changes when somebody else has written to the file; only while this is not busy."""
        try:
            if self._connection.is_open:
                self._count_foreign()
            else:
                self._foreign += 1
        except sqlite3.Error:
            self._foreign += 1
        return self._foreign

    def _count_foreign(self) -> None:
        version = int(self._connection.get().execute("PRAGMA data_version").fetchone()[0])
        if version != self._version:
            self._version = version
            self._foreign += 1
            self._forget()

    def _begin_at_once(self) -> bool:
        """Begin here on the loop if that cannot block."""
        if not self._connection.is_open or not self._gate.acquire(blocking=False):
            return False
        try:
            self._connection.get().execute("BEGIN IMMEDIATE")
            self._look_for_others()
        except sqlite3.Error:
            self._gate.release()
            return False
        return True

    def _look_for_others(self) -> None:
        """Begin the next batch; rows that were read before it count as written when another connection wrote."""
        self._count_foreign()
        # Last: whatever is read from here on sees what others wrote.
        self.batch += 1

    def _begin(self) -> None:
        if not self._gate.acquire(timeout=self._timeout):
            raise StoreUnavailable("the database is locked")
        try:
            connection = self._connection.get()
            connection.execute(f"PRAGMA busy_timeout = {int(self._timeout * 1000)}")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA busy_timeout = 0")
            self._look_for_others()
        except sqlite3.Error as error:
            self._connection.close()
            self._gate.release()
            raise StoreUnavailable(f"cannot write identities: {error}") from error

    def _commit(self) -> None:
        try:
            self._connection.get().execute("COMMIT")
        except sqlite3.Error as error:
            self._drop()
            raise StoreUnavailable(f"cannot commit identities: {error}") from error
        finally:
            self._gate.release()

    def _roll_back(self) -> None:
        try:
            self._drop()
        finally:
            self._gate.release()

    def _drop(self) -> None:
        # Closing rolls back; a new connection also forgets whatever broke this one.
        self._connection.close()
        self._version = None
        self._fresh = {}
        self._numbers.forget()

    def _write_rows(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        connection = self._connection.get()
        today, now = self._day.today(), self._day.now()
        outcomes: list[Outcome] = []
        for patch in patches:
            try:
                outcomes.append(self._write_row(connection, patch, today, now))
            except TraitError as error:
                outcomes.append(error)
            except (UnicodeEncodeError, OverflowError, sqlite3.IntegrityError, sqlite3.DataError) as error:
                outcomes.append(TraitRefused(f"the database refuses this patch: {type(error).__name__}"))
        return outcomes

    def _write_row(self, connection: sqlite3.Connection, patch: TraitPatch, today: str, now: str) -> IdentityRow:
        environment_id = patch.environment_id
        key = environment_id, patch.identifier
        stored, before = self._before(connection, key, patch)
        traits = merge(before, patch)
        merged = encode_traits(traits)
        if stored is None:
            self._admission.admit(patch)
        numbers = self._numbered(connection, environment_id, traits.keys())
        legacy_hash_id = None
        if stored is None:
            values = (environment_id, patch.identifier, identity_lookup(*key), merged, now, today)
            identity_id = int(connection.execute(_INSERT, values).lastrowid or 0)
            self._admission.created(environment_id, identity_id)
        else:
            identity_id, text, legacy_hash_id, last_seen = stored
            if merged != text or last_seen != today:
                connection.execute(_UPDATE, (merged, today, identity_id))
        self._fresh[key] = (identity_id, merged, legacy_hash_id, today), traits
        return IdentityRow(
            id=identity_id,
            identifier=patch.identifier,
            traits=traits,
            numbers=numbers,
            created=stored is None,
            legacy_hash_id=legacy_hash_id,
        )

    def _before(self, connection: sqlite3.Connection, key: Key, patch: TraitPatch) -> Seen:
        """The row as it is now, and its traits."""
        seen = self._fresh.get(key) or self._kept.rows.get(key)
        if seen is not None:
            return seen
        if isinstance(patch, Sighted) and patch.batch >= self._forgot_in and key not in self._kept.rows:
            return patch.seen
        stored: Stored | None = connection.execute(SELECT, (identity_lookup(*key),)).fetchone()
        return stored, {} if stored is None else decode_traits(stored[1])

    def _numbered(self, connection: sqlite3.Connection, environment_id: int, keys: AbstractSet[str]) -> dict[str, int]:
        numbers = self._numbers.of(environment_id, lambda known: connection.execute(NUMBERS, (known,)))
        if not keys <= numbers.keys():
            for name in keys:
                if name not in numbers:
                    numbers[name] = _number(connection, environment_id, name)
        return numbers


def _number(connection: sqlite3.Connection, environment_id: int, name: str) -> int:
    lookup = trait_key_lookup(environment_id, name)
    stored = connection.execute(_NUMBER, (lookup,)).fetchone()
    if stored is not None:
        return int(stored[0])
    number = checked_number(int(connection.execute(_NEXT_NUMBER, (environment_id,)).fetchone()[0]))
    connection.execute(_INSERT_KEY, (environment_id, number, name, lookup))
    return number
