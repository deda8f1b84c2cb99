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
from burgee.edge.identities.kept_rows import KeptRows, Key, Seen, Stored
from burgee.edge.identities.lookups import identity_lookup
from burgee.edge.identities.protocol import (
    Found,
    IdentityRefused,
    IdentityRow,
    StoreUnavailable,
    Tell,
    TraitPatch,
    TraitValue,
)
from burgee.edge.identities.sqlite_connection import Connection
from burgee.edge.identities.sqlite_writer import NUMBERS, SELECT, Sighted, SqliteWriter, WriteGate
from burgee.edge.identities.trait_numbers import TraitNumbers
from burgee.edge.identities.traits import changes_nothing, decode_traits

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
        self._kept = KeptRows()
        self._version: int | None = None
        self._foreign = -1
        self._trusts_kept = False
        self._numbers = TraitNumbers()
        self._day = Day(clock)
        self._admission = Admission(newcomers or AdmissionLimits(), self._count, disk=path.parent)
        self._writer = SqliteWriter(
            Connection(path),
            gate or threading.Lock(),
            self._numbers,
            self._admission,
            self._day,
            limits.timeout,
            self._keep_written,
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
        return sighted if isinstance(sighted, IdentityRow) else await self._commits.apply(sighted)

    def submit(self, patch: TraitPatch, tell: Tell[IdentityRow]) -> None:
        try:
            sighted = self._sighted(patch)
        except IdentityRefused as error:
            tell(error)
            return
        if isinstance(sighted, IdentityRow):
            tell(sighted)
        else:
            self._commits.submit(sighted, tell)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        return await self._commits.apply_many(patches)

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        found = self.find(environment_id, identifier)
        return found if found is None or isinstance(found, IdentityRow) else await found

    def find(self, environment_id: int, identifier: str) -> Found:
        try:
            stored, traits = self._seen(environment_id, identifier)
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
            if self._changes_kept(patch):
                return patch
            seen = self._seen(environment_id, patch.identifier)
            stored, traits = seen
            if stored is None:
                self._admission.check(patch)
            elif stored[3] == self._day.today() and changes_nothing(traits, patch):
                row = self._row(environment_id, patch.identifier, stored, traits)
                if traits.keys() <= row.numbers.keys():
                    return row
            elif self._writer.keeps(patch):
                return patch
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
            seen=seen,
            batch=self._batch,
        )

    def _changes_kept(self, patch: TraitPatch) -> bool:
        """Whether it changes a row as it was before the batch that runs; the writer looks, so nobody else has to."""
        self._begin_turn()
        kept = None if self._trusts_kept else self._kept.rows.get((patch.environment_id, patch.identifier))
        return kept is not None and kept[0] is not None and not changes_nothing(kept[1], patch)

    def _seen(self, environment_id: int, identifier: str) -> Seen:
        """The identity as it is in this turn of the loop; nobody has to read what nobody wrote since.

        Whoever knows of a commit learnt it from the loop in a later turn, or before this one looked.
        """
        self._begin_turn()
        key = environment_id, identifier
        if self._trusts_kept:
            seen = self._kept.rows.get(key)
            if seen is not None:
                return seen
        stored = self._select(identity_lookup(*key))
        seen = stored, {} if stored is None else decode_traits(stored[1])
        if self._trusts_kept:
            self._kept.keep(key, seen)
        return seen

    def _begin_turn(self) -> None:
        if self._batch >= 0:
            return
        # First: a batch that ends while this looks counts as not seen.
        batch = self._writer.batch
        version = self._data_version()
        if version == self._version:
            self._trusts_kept = True
        elif self._writer.busy:
            # Our batch or somebody else's; that is known when the batch is over, and kept rows can wait.
            self._trusts_kept = False
        else:
            self._catch_up(version)
        self._batch = batch
        asyncio.get_running_loop().call_soon(self._end_turn)

    def _catch_up(self, version: int) -> None:
        """Kept rows hold although the file has changed, if all the changes were ours."""
        foreign = self._writer.foreign_writes()
        if foreign != self._foreign:
            self._foreign = foreign
            self._kept.rows.clear()
        self._version = version
        self._trusts_kept = True

    def _keep_written(self, fresh: dict[Key, Seen]) -> None:
        # A snapshot from before the commit would go on showing what was.
        self._end_turn()
        try:
            self._catch_up(self._data_version())
        except sqlite3.Error:
            self._drop_reader()
            return
        for key, seen in fresh.items():
            self._kept.keep(key, seen)

    def _data_version(self) -> int:
        return int(self._reader.get().execute("PRAGMA data_version").fetchone()[0])

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
        self._kept.rows.clear()
        self._version = None

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
