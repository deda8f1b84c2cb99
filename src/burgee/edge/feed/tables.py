"""Snapshots read from the publishing tables, with SQL that every engine understands."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

import msgspec

from burgee.edge.call_thread import CallThread
from burgee.edge.feed.protocol import Head, SourceUnavailable
from burgee.wire.snapshot import FORMAT, Delta, Part, decode_part

_HEADS: Final = "SELECT environment_id, epoch, revision FROM publishing_head"
_HEAD: Final = "SELECT epoch, revision, published_at FROM publishing_head WHERE environment_id = {}"
_PARTS: Final = """SELECT h.name, p.body FROM publishing_headpart h
    JOIN publishing_part p ON p.digest = h.digest WHERE h.environment_id = {}"""
_MANIFESTS: Final = """SELECT revision, parent, published_at, changes, complete, format FROM publishing_manifest
    WHERE environment_id = {} AND epoch = {} AND revision > {} ORDER BY revision"""
_BODIES: Final = "SELECT digest, body FROM publishing_part WHERE digest IN ({})"

_LONGEST_CHAIN: Final = 100
"""Beyond this many revisions the complete snapshot is cheaper than its deltas."""
_DIGESTS_AT_ONCE: Final = 500

R = TypeVar("R")

_changes = msgspec.json.Decoder(dict[str, str | None])


class Cursor(Protocol):
    def execute(self, sql: str, parameters: Sequence[object] = ..., /) -> object: ...

    def fetchall(self) -> list[Any]: ...

    def close(self) -> None: ...


class Connection(Protocol):
    """The part of a DB-API connection that is used here."""

    def cursor(self) -> Any: ...

    def rollback(self) -> None: ...

    def close(self) -> None: ...


class TableSource:
    """A SnapshotSource over a DB-API connection that lives on a thread of its own.

    `connect` opens it; reads of one snapshot share a transaction that sees one state of the database.
    """

    def __init__(self, connect: Callable[[], Connection], *, placeholder: str, begin: Sequence[str]) -> None:
        self._connect = connect
        self._placeholder = placeholder
        self._begin = begin
        self._connection: Connection | None = None
        self._thread: CallThread | None = None

    async def heads(self) -> Mapping[int, Head]:
        return await self._call(self._heads)

    async def deltas(self, environment_id: int, since: Head | None) -> list[Delta]:
        return await self._call(lambda query: self._deltas(query, environment_id, since))

    async def snapshot(self, environment_id: int) -> Delta | None:
        return await self._call(lambda query: self._snapshot(query, environment_id))

    async def close(self) -> None:
        if self._thread is not None:
            self._thread.call(self._drop)
            await self._thread.close()
            self._thread = None

    async def _call(self, read: "Callable[[_Query], R]") -> R:
        if self._thread is None:
            self._thread = CallThread("burgee-feed")
        return await self._thread.call(self._read, read)

    def _read(self, read: "Callable[[_Query], R]") -> R:
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._one_state(self._connection) as query:
                return read(query)
        except msgspec.MsgspecError:
            raise
        except Exception as error:
            # Each driver has its own errors; a new connection is the answer to all of them.
            self._drop()
            raise SourceUnavailable(f"{type(error).__name__}: {error}") from error

    @contextlib.contextmanager
    def _one_state(self, connection: Connection) -> "Iterator[_Query]":
        cursor = connection.cursor()
        try:
            for statement in self._begin:
                cursor.execute(statement)
            yield _Query(cursor, self._placeholder)
        finally:
            cursor.close()
            connection.rollback()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()

    def _heads(self, query: "_Query") -> dict[int, Head]:
        return {environment_id: Head(epoch, revision) for environment_id, epoch, revision in query(_HEADS)}

    def _deltas(self, query: "_Query", environment_id: int, since: Head | None) -> list[Delta]:
        found = query(_HEAD, environment_id)
        if not found:
            return []
        head = Head(*found[0][:2])
        if since is not None and head <= since:
            return []
        if since is None or since.epoch != head.epoch or head.revision - since.revision > _LONGEST_CHAIN:
            return _only(self._snapshot(query, environment_id))
        manifests = query(_MANIFESTS, environment_id, head.epoch, since.revision)
        if not _is_chain(manifests, since.revision, head.revision):
            return _only(self._snapshot(query, environment_id))
        changes = [_changes.decode(manifest[3]) for manifest in manifests]
        parts = self._parts(query, {digest for change in changes for digest in change.values() if digest})
        return [
            Delta(
                environment_id=environment_id,
                epoch=head.epoch,
                revision=revision,
                parent=None if complete else parent,
                published_at=_moment(published_at),
                parts={name: digest and parts[digest] for name, digest in change.items()},  # type: ignore[misc]
            )
            for (revision, parent, published_at, _, complete, _), change in zip(manifests, changes, strict=True)
        ]

    def _snapshot(self, query: "_Query", environment_id: int) -> Delta | None:
        found = query(_HEAD, environment_id)
        if not found:
            return None
        epoch, revision, published_at = found[0]
        return Delta(
            environment_id=environment_id,
            epoch=epoch,
            revision=revision,
            parent=None,
            published_at=_moment(published_at),
            parts={name: decode_part(body) for name, body in query(_PARTS, environment_id)},
        )

    def _parts(self, query: "_Query", digests: Iterable[str]) -> dict[str, Part]:
        wanted = sorted(digests)
        parts: dict[str, Part] = {}
        for start in range(0, len(wanted), _DIGESTS_AT_ONCE):
            some = wanted[start : start + _DIGESTS_AT_ONCE]
            marks = ", ".join(["{}"] * len(some))
            parts.update((digest, decode_part(body)) for digest, body in query(_BODIES.format(marks), *some))
        return parts


class _Query:
    def __init__(self, cursor: Any, placeholder: str) -> None:
        self._cursor = cursor
        self._placeholder = placeholder

    def __call__(self, sql: str, *values: object) -> list[Any]:
        self._cursor.execute(sql.format(*[self._placeholder] * len(values)), values)
        return list(self._cursor.fetchall())


def _only(delta: Delta | None) -> list[Delta]:
    return [] if delta is None else [delta]


def _is_chain(manifests: Sequence[Any], since: int, until: int) -> bool:
    """Whether these manifests lead from one revision to the other in formats that we read."""
    at = since
    for revision, parent, _, _, complete, wire_format in manifests:
        if not complete and (parent != at or wire_format > FORMAT):
            return False
        at = revision
    return at == until


def _moment(stored: str | datetime) -> datetime:
    """A time as any driver gives it; what carries no zone is UTC."""
    moment = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
