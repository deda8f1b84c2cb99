"""Identities in the SQLite file: reads on the loop thread, and writes in groups."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from burgee.edge.identities.admission import Admission, AdmissionLimits
from burgee.edge.identities.day import Day
from burgee.edge.identities.group_commit import GroupCommit, Outcome, WriterLimits
from burgee.edge.identities.lookups import identity_lookup
from burgee.edge.identities.protocol import Found, IdentityRow, StoreUnavailable, TraitPatch, TraitValue
from burgee.edge.identities.sqlite_writer import NUMBERS, SELECT, Connection, Sighted, SqliteWriter, Stored, WriteGate
from burgee.edge.identities.trait_numbers import TraitNumbers
from burgee.edge.identities.traits import changes_nothing, decode_traits

Seen = tuple[str, Stored | None, dict[str, TraitValue]]
"""Lookup, row and traits of an identity as they are in this turn of the loop."""

_KEPT_ROWS: Final = 10_000
_KEPT_LENGTH: Final = 1_000
"""Characters of identifier and traits; longer rows are read each time, which bounds what is kept."""

_COUNT: Final = "SELECT count(*) FROM identities_identity WHERE environment_id = ?"


class SqliteTraits:
    """The TraitsStore of the one process that writes this SQLite file."""

    def __init__(
        self,
        path: Path,
        *,
        gate: WriteGate | None = None,
        limits: WriterLimits | None = None,
        newcomers: AdmissionLimits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        limits = limits or WriterLimits()
        self._path = path
        self._reader = Connection(path)
        self._batch = -1
        self._in_snapshot = False
        self._rows: dict[tuple[int, str], Seen] = {}
        self._rows_version: int | None = None
        self._numbers = TraitNumbers()
        self._day = Day(clock)
        self._admission = Admission(newcomers or AdmissionLimits(), self._count, disk=path.parent)
        self._writer = SqliteWriter(
            Connection(path), gate or threading.Lock(), self._numbers, self._admission, self._day, limits.timeout
        )
        self._commits = GroupCommit(self._writer, limits)

    async def start(self) -> None:
        self._writer.start()

    async def close(self) -> None:
        await self._commits.close()
        await self._writer.close()
        self._drop_reader()

    async def apply(self, patch: TraitPatch) -> IdentityRow:
        sighted = self._sighted(patch)
        return sighted if isinstance(sighted, IdentityRow) else await self._commits.submit(sighted)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        return await self._commits.submit_many(patches)

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        found = self.find(environment_id, identifier)
        return found if found is None or isinstance(found, IdentityRow) else await found

    def find(self, environment_id: int, identifier: str) -> Found:
        try:
            _, stored, traits = self._seen(environment_id, identifier)
            if stored is None:
                return None
            row = self._row(environment_id, identifier, stored, traits)
        except UnicodeEncodeError:
            return None
        except sqlite3.Error as error:
            self._drop_reader()
            raise StoreUnavailable(f"cannot read identities: {error}") from error
        if row.traits.keys() <= row.numbers.keys():
            return row
        # Traits written by an import have no numbers yet: an empty patch gives them.
        return self.apply(TraitPatch(environment_id=environment_id, identifier=identifier))

    def _sighted(self, patch: TraitPatch) -> IdentityRow | TraitPatch:
        """The row when the patch would leave it as it is: nothing to make durable. Else the patch to be written."""
        environment_id = patch.environment_id
        try:
            lookup, stored, traits = self._seen(environment_id, patch.identifier)
            if stored is None:
                self._admission.check(patch)
            elif stored[3] == self._day.today() and not patch.increment and changes_nothing(traits, patch):
                row = self._row(environment_id, patch.identifier, stored, traits)
                if traits.keys() <= row.numbers.keys():
                    return row
        except (sqlite3.Error, OverflowError):
            self._drop_reader()
            return patch
        except UnicodeEncodeError:
            return patch
        return Sighted(
            environment_id=environment_id,
            identifier=patch.identifier,
            set=patch.set,
            delete=patch.delete,
            increment=patch.increment,
            origin=patch.origin,
            lookup=lookup,
            stored=stored,
            traits=traits,
            batch=self._batch,
        )

    def _seen(self, environment_id: int, identifier: str) -> Seen:
        """The identity as it is in this turn of the loop; nobody has to read what nobody wrote since.

        Whoever knows of a commit learnt it from the loop in a later turn, or before this one looked.
        """
        self._begin_turn()
        key = environment_id, identifier
        seen = self._rows.get(key)
        if seen is not None:
            return seen
        lookup = identity_lookup(environment_id, identifier)
        stored = self._select(lookup)
        seen = (lookup, None, {}) if stored is None else (lookup, stored, decode_traits(stored[1]))
        if len(identifier) + (0 if stored is None else len(stored[1])) <= _KEPT_LENGTH:
            if len(self._rows) >= _KEPT_ROWS:
                self._rows.clear()
            self._rows[key] = seen
        return seen

    def _begin_turn(self) -> None:
        if self._batch >= 0:
            return
        # First: a batch that ends while this looks counts as not seen.
        batch = self._writer.batch
        version = int(self._reader.get().execute("PRAGMA data_version").fetchone()[0])
        if version != self._rows_version:
            self._rows.clear()
            self._rows_version = version
        self._batch = batch
        asyncio.get_running_loop().call_soon(self._end_turn)

    def _select(self, lookup: str) -> Stored | None:
        """Beginning and ending a read costs more than the read, so all of one turn share a snapshot."""
        connection = self._reader.get()
        if not self._in_snapshot:
            connection.execute("BEGIN")
            self._in_snapshot = True
        found: Stored | None = connection.execute(SELECT, (lookup,)).fetchone()
        return found

    def _end_turn(self) -> None:
        self._batch = -1
        if self._in_snapshot:
            self._in_snapshot = False
            if self._reader.is_open:
                with contextlib.suppress(sqlite3.Error):
                    self._reader.get().execute("COMMIT")

    def _drop_reader(self) -> None:
        self._reader.close()
        self._in_snapshot = False
        # Another connection counts versions anew.
        self._rows.clear()
        self._rows_version = None

    def _row(self, environment_id: int, identifier: str, stored: Stored, traits: dict[str, TraitValue]) -> IdentityRow:
        numbers = self._numbers.known(environment_id)
        if numbers is None:
            connection = self._reader.get()
            numbers = self._numbers.of(environment_id, lambda known: connection.execute(NUMBERS, (known,)))
        return IdentityRow(
            id=stored[0], identifier=identifier, traits=traits, numbers=numbers, legacy_hash_id=stored[2]
        )

    def _count(self, environment_id: int) -> int:
        with contextlib.closing(Connection(self._path)) as connection:
            return int(connection.get().execute(_COUNT, (environment_id,)).fetchone()[0])
