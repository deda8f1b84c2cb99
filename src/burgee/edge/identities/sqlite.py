"""Identities in the SQLite file: one process writes, in groups, with its statements on the loop thread.

Statements take microseconds; what can block (the write lock and COMMIT's fsync) happens on a thread. Were the
statements on the thread too, each would wait for the interpreter lock that a busy loop holds.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from burgee.edge.call_thread import CallThread
from burgee.edge.identities.day import Day
from burgee.edge.identities.group_commit import GroupCommit, Outcome, WriterLimits
from burgee.edge.identities.lookups import identity_lookup, trait_key_lookup
from burgee.edge.identities.protocol import IdentityRow, StoreUnavailable, TraitError, TraitPatch, TraitRefused
from burgee.edge.identities.trait_numbers import TraitNumbers, checked_number
from burgee.edge.identities.traits import changes_nothing, decode_traits, encode_traits, merge

_SELECT = "SELECT id, traits, legacy_hash_id, last_seen FROM identities_identity WHERE lookup = ?"
_INSERT = """INSERT INTO identities_identity
    (environment_id, identifier, lookup, traits, legacy_hash_id, created_date, last_seen)
    VALUES (?, ?, ?, ?, NULL, ?, ?)"""
_UPDATE = "UPDATE identities_identity SET traits = ?, last_seen = ? WHERE id = ?"
_NUMBERS = "SELECT name, number FROM identities_traitkey WHERE environment_id = ?"
_NUMBER = "SELECT number FROM identities_traitkey WHERE lookup = ?"
_NEXT_NUMBER = "SELECT coalesce(max(number), 0) + 1 FROM identities_traitkey WHERE environment_id = ?"
_INSERT_KEY = "INSERT INTO identities_traitkey (environment_id, number, name, lookup) VALUES (?, ?, ?, ?)"


class WriteGate(Protocol):
    """The write lock of the process; threads other than the one that acquired it may release it."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...  # noqa: FBT001, FBT002  # as threading.Lock

    def release(self) -> None: ...


class _Connection:
    """Opened when first needed, and again after it broke."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: sqlite3.Connection | None = None

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def get(self) -> sqlite3.Connection:
        if self._open is None:
            # Never creates the file: tables are Django's to make.
            uri = f"{self._path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -16384")
            self._open = connection
        return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


class SqliteTraits:
    """The TraitsStore of the one process that writes this SQLite file."""

    def __init__(
        self,
        path: Path,
        *,
        gate: WriteGate | None = None,
        limits: WriterLimits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._limits = limits or WriterLimits()
        self._reader = _Connection(path)
        self._numbers = TraitNumbers()
        self._day = Day(clock)
        self._writer = _SqliteWriter(path, gate or threading.Lock(), self._numbers, self._day, self._limits.timeout)
        self._commits = GroupCommit(self._writer, self._limits)

    async def start(self) -> None:
        self._writer.start()

    async def close(self) -> None:
        await self._commits.close()
        await self._writer.close()
        self._reader.close()

    async def apply(self, patch: TraitPatch) -> IdentityRow:
        return self._unless_changed(patch) or await self._commits.submit(patch)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        return await self._commits.submit_many(patches)

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        try:
            found = self._find(environment_id, identifier)
        except sqlite3.Error as error:
            self._reader.close()
            raise StoreUnavailable(f"cannot read identities: {error}") from error
        if found is None:
            return None
        row, _ = found
        if row.traits.keys() <= row.numbers.keys():
            return row
        # Traits written by an import have no numbers yet: an empty patch gives them.
        return await self.apply(TraitPatch(environment_id=environment_id, identifier=identifier))

    def _unless_changed(self, patch: TraitPatch) -> IdentityRow | None:
        """The row when the patch would leave it as it is: nothing to make durable."""
        if patch.increment:
            return None
        try:
            found = self._find(patch.environment_id, patch.identifier)
        except (sqlite3.Error, OverflowError):
            self._reader.close()
            return None
        if found is None:
            return None
        row, last_seen = found
        is_current = last_seen == self._day.today() and row.traits.keys() <= row.numbers.keys()
        return row if is_current and changes_nothing(row.traits, patch) else None

    def _find(self, environment_id: int, identifier: str) -> tuple[IdentityRow, str | None] | None:
        connection = self._reader.get()
        try:
            lookup = identity_lookup(environment_id, identifier)
        except UnicodeEncodeError:
            return None
        stored = connection.execute(_SELECT, (lookup,)).fetchone()
        if stored is None:
            return None
        numbers = self._numbers.of(environment_id, lambda known: connection.execute(_NUMBERS, (known,)))
        identity_id, traits, legacy_hash_id, last_seen = stored
        row = IdentityRow(
            id=identity_id,
            identifier=identifier,
            traits=decode_traits(traits),
            numbers=numbers,
            legacy_hash_id=legacy_hash_id,
        )
        return row, last_seen


class _SqliteWriter:
    def __init__(self, path: Path, gate: WriteGate, numbers: TraitNumbers, day: Day, timeout: float) -> None:
        self._connection = _Connection(path)
        self._gate = gate
        self._numbers = numbers
        self._day = day
        self._timeout = timeout
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
        if not self._begin_at_once():
            await self._thread.call(self._begin)
        try:
            outcomes = self._write_rows(patches)
        except BaseException as error:
            await self._thread.call(self._roll_back)
            if isinstance(error, sqlite3.Error):
                raise StoreUnavailable(f"cannot write identities: {error}") from error
            raise
        await self._thread.call(self._commit)
        return outcomes

    def _begin_at_once(self) -> bool:
        """Begin here on the loop if that cannot block."""
        if not self._connection.is_open or not self._gate.acquire(blocking=False):
            return False
        try:
            self._connection.get().execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._gate.release()
            return False
        return True

    def _begin(self) -> None:
        if not self._gate.acquire(timeout=self._timeout):
            raise StoreUnavailable("the database is locked")
        try:
            connection = self._connection.get()
            connection.execute(f"PRAGMA busy_timeout = {int(self._timeout * 1000)}")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA busy_timeout = 0")
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
        lookup = identity_lookup(environment_id, patch.identifier)
        stored = connection.execute(_SELECT, (lookup,)).fetchone()
        identity_id, text, legacy_hash_id, last_seen = stored or (None, "{}", None, None)
        traits = merge(decode_traits(text), patch)
        merged = encode_traits(traits)
        numbers = self._numbered(connection, environment_id, traits)
        if identity_id is None:
            values = (environment_id, patch.identifier, lookup, merged, now, today)
            identity_id = int(connection.execute(_INSERT, values).lastrowid or 0)
        elif merged != text or last_seen != today:
            connection.execute(_UPDATE, (merged, today, identity_id))
        return IdentityRow(
            id=identity_id,
            identifier=patch.identifier,
            traits=traits,
            numbers=numbers,
            created=stored is None,
            legacy_hash_id=legacy_hash_id,
        )

    def _numbered(self, connection: sqlite3.Connection, environment_id: int, keys: Iterable[str]) -> dict[str, int]:
        numbers = self._numbers.of(environment_id, lambda known: connection.execute(_NUMBERS, (known,)))
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
