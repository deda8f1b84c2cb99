"""Identities in PostgreSQL, for any number of processes on one database."""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Final

import psycopg
from psycopg import errors

from burgee.edge.identities.admission import Admission, AdmissionLimits
from burgee.edge.identities.day import Day
from burgee.edge.identities.group_commit import GroupCommit, Outcome, WriterLimits
from burgee.edge.identities.postgresql_batch import Connection, Missing, PostgresqlBatch, Probe, RecentRows
from burgee.edge.identities.protocol import IdentityRow, StoreUnavailable, Tell, TraitPatch, TraitRefused
from burgee.edge.identities.trait_numbers import TraitNumbers

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_COUNT: Final = "SELECT count(*) FROM identities_identity WHERE environment_id = %s"


class PostgresqlTraits:
    """The TraitsStore of any number of processes on one PostgreSQL database."""

    def __init__(
        self,
        conninfo: str,
        *,
        limits: WriterLimits | None = None,
        newcomers: AdmissionLimits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        limits = limits or WriterLimits()
        self._conninfo = conninfo
        admission = Admission(newcomers or AdmissionLimits(), self._count)
        self._writer = _PostgresqlWriter(conninfo, admission, Day(clock), limits.timeout)
        self._commits = GroupCommit(self._writer, limits)

    async def start(self) -> None:
        self._writer.start()

    async def close(self) -> None:
        await self._commits.close()
        await self._writer.close()

    async def apply(self, patch: TraitPatch) -> IdentityRow:
        return await self._commits.apply(patch)

    def submit(self, patch: TraitPatch, tell: Tell[IdentityRow]) -> None:
        self._commits.submit(patch, tell)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        return await self._commits.apply_many(patches)

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        try:
            return await self._commits.apply(Probe(environment_id=environment_id, identifier=identifier))
        except (Missing, TraitRefused):
            return None

    def _count(self, environment_id: int) -> int:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            found = connection.execute(_COUNT, (environment_id,)).fetchone()
        return int(found[0]) if found else 0


class _PostgresqlWriter:
    """Statements go out on the loop, which does other things until they are answered."""

    def __init__(self, conninfo: str, admission: Admission, day: Day, timeout: float) -> None:
        self._conninfo = conninfo
        self._timeout = timeout
        self._numbers = TraitNumbers()
        self._recent = RecentRows()
        self._admission = admission
        self._day = day
        self._is_open = False
        self._connection: Connection | None = None
        self._pause = 0.0
        self._not_before = 0.0

    def start(self) -> None:
        self._is_open = True

    async def close(self) -> None:
        self._is_open = False
        await self._drop()

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        if not self._is_open:
            raise StoreUnavailable("the trait writer is not running")
        try:
            return await self._write_or_retry(patches)
        except (errors.DataError, errors.IntegrityError) as error:
            self._numbers.forget()
            if len(patches) == 1:
                return [TraitRefused(f"the database refuses this patch: {type(error).__name__}")]
        except psycopg.Error as error:
            self._numbers.forget()
            await self._drop()
            raise StoreUnavailable(f"PostgreSQL: {type(error).__name__}") from error
        return [outcome for patch in patches for outcome in await self.write([patch])]

    async def _write_or_retry(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        connection = await self._connected()
        batch = PostgresqlBatch(connection, self._numbers, self._recent, self._admission, self._day.today())
        try:
            return await batch.write(patches)
        except (errors.DeadlockDetected, errors.SerializationFailure):
            # Whoever else holds the rows, such as an import, went first.
            return await batch.write(patches)

    async def _connected(self) -> Connection:
        if self._connection is not None:
            return self._connection
        if time.monotonic() < self._not_before:
            raise StoreUnavailable("PostgreSQL is away")
        try:
            connection = await self._connect()
        except psycopg.Error as error:
            self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
            self._not_before = time.monotonic() + self._pause
            raise StoreUnavailable(f"cannot connect to PostgreSQL: {type(error).__name__}") from error
        self._pause = 0.0
        self._connection = connection
        return connection

    async def _connect(self) -> Connection:
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            connect_timeout=max(2, int(self._timeout)),
            tcp_user_timeout=int(self._timeout * 1000),
            application_name="burgee-traits",
        )
        await connection.execute("SELECT set_config('statement_timeout', %s, false)", (str(int(self._timeout * 1000)),))
        # Rows are found by their hash, also while the statistics still say that the table is empty.
        await connection.execute("SET enable_seqscan = off")
        return connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                await connection.close()
