"""Where the data plane reads snapshots and keeps identities and usage, for each kind of database."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from burgee.edge.feed.inprocess import InProcessFeed
from burgee.edge.feed.protocol import Feed
from burgee.edge.feed.sqlite import SqliteFeed, sqlite_source
from burgee.edge.identities.protocol import TraitsStore
from burgee.edge.identities.sqlite import SqliteTraits, WriteGate
from burgee.edge.usage.rows import UsageSink
from burgee.edge.usage.sqlite import SqliteUsage
from burgee.settings_reader import Database, SettingsError


class Backing(Struct, frozen=True):
    """``local_reads``: reading an identity never waits for another machine."""

    feed: Feed
    traits: TraitsStore
    usage: UsageSink
    local_reads: bool


def backing_beside_control(database: Database, gate: Callable[[], WriteGate]) -> Backing:
    """For a process that runs control too; on SQLite each writer gets a `gate` to one lock."""
    if database.engine != "sqlite":
        return _server_backing(database)
    path = Path(database.name)
    feed = InProcessFeed(sqlite_source(path))
    return Backing(feed, SqliteTraits(path, gate=gate()), SqliteUsage(path, gate=gate()), local_reads=True)


def backing_alone(database: Database) -> Backing:
    """For an edge without control, which follows what other processes publish."""
    if database.engine != "sqlite":
        return _server_backing(database)
    path = Path(database.name)
    return Backing(SqliteFeed(path), SqliteTraits(path), SqliteUsage(path), local_reads=True)


def _server_backing(database: Database) -> Backing:
    if database.engine == "postgresql":
        return _postgresql(database)
    raise SettingsError([f"{database} cannot serve SDKs yet. Use PostgreSQL or SQLite, or run burgee control on it."])


def _postgresql(database: Database) -> Backing:
    from burgee.edge.feed.postgresql import PostgresqlFeed
    from burgee.edge.identities.postgresql import PostgresqlTraits
    from burgee.edge.usage.postgresql import PostgresqlUsage

    url = database.url
    return Backing(PostgresqlFeed(url), PostgresqlTraits(url), PostgresqlUsage(url), local_reads=False)
