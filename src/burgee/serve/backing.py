"""Where the data plane reads snapshots and keeps identities and usage, for each kind of database."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from burgee.edge.feed.http import HttpFeed
from burgee.edge.feed.inprocess import InProcessFeed
from burgee.edge.feed.protocol import Feed
from burgee.edge.feed.sqlite import SqliteFeed, sqlite_source
from burgee.edge.feed.tables import TableSource
from burgee.edge.identities.admission import AdmissionLimits
from burgee.edge.identities.protocol import TraitsStore
from burgee.edge.identities.sqlite import SqliteTraits
from burgee.edge.identities.sqlite_writer import WriteGate
from burgee.edge.identities.upstream import UpstreamTraits
from burgee.edge.settings import EdgeSettings
from burgee.edge.usage.rows import Counts, UsageSink
from burgee.edge.usage.sqlite import SqliteUsage
from burgee.serve.settings import ServicesSettings, peer_token
from burgee.settings_reader import Database, RedisSettings, SettingsError, read

POLL_SECONDS = 0.25
"""How often an engine that tells nobody of changes is asked for them, when there is no Redis."""

NO_UPSTREAM = (
    "burgee edge on SQLite forwards its writes, but BURGEE_UPSTREAM_URL is not set. "
    "Set it to the address of the burgee up that writes this database, e.g. http://localhost:8000."
)


class Backing(Struct, frozen=True):
    """``local_reads``: reading an identity never waits for another machine."""

    feed: Feed
    traits: TraitsStore
    usage: UsageSink
    local_reads: bool = False


class UncountedUsage:
    """For nodes without a database: their upstream has no way to take counts."""

    async def start(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def add(self, counts: Counts) -> None:
        """Drops them."""


def newcomers() -> AdmissionLimits:
    """What is allowed to make new identities, by the settings."""
    settings = read(EdgeSettings)
    return AdmissionLimits(
        per_minute=settings.new_identities_per_minute,
        per_environment=settings.identities_per_environment,
        free=settings.free_disk_mb * 2**20,
    )


def backing_beside_control(database: Database, gate: Callable[[], WriteGate]) -> Backing:
    """For a process that runs control too; on SQLite each writer gets a `gate` to one lock."""
    if database.engine != "sqlite":
        return _server_backing(database)
    path = Path(database.name)
    feed = InProcessFeed(sqlite_source(path))
    return Backing(
        feed, SqliteTraits(path, gate=gate(), newcomers=newcomers()), SqliteUsage(path, gate=gate()), local_reads=True
    )


def backing_alone(database: Database) -> Backing:
    """For an edge without control, which follows what other processes publish."""
    upstream = read(ServicesSettings).upstream_url
    if database.engine != "sqlite":
        return _upstream_backing(upstream) if upstream else _server_backing(database)
    if not upstream:
        raise SettingsError([NO_UPSTREAM])
    path = Path(database.name)
    return Backing(SqliteFeed(path) if path.exists() else _http_feed(upstream), _forwarding(upstream), UncountedUsage())


def _upstream_backing(upstream: str) -> Backing:
    return Backing(_http_feed(upstream), _forwarding(upstream), UncountedUsage())


def _http_feed(upstream: str) -> HttpFeed:
    return HttpFeed(upstream, peer_token())


def _forwarding(upstream: str) -> UpstreamTraits:
    return UpstreamTraits(upstream, peer_token())


def _server_backing(database: Database) -> Backing:
    redis_url = read(RedisSettings).redis_url
    if database.engine == "postgresql":
        return _postgresql(database.url, redis_url)
    if database.engine != "mysql":
        raise SettingsError([f"{database} cannot serve SDKs yet. Use PostgreSQL, MySQL, MariaDB or SQLite."])
    from burgee.serve.django_backing import DjangoTraits, DjangoUsage

    source = _mysql_source(database)
    feed = _redis_feed(redis_url, source) if redis_url else InProcessFeed(source, interval=POLL_SECONDS)
    return Backing(feed, DjangoTraits(newcomers=newcomers()), DjangoUsage())


def _postgresql(url: str, redis_url: str) -> Backing:
    from burgee.edge.feed.postgresql import PostgresqlFeed, postgresql_source
    from burgee.edge.identities.postgresql import PostgresqlTraits
    from burgee.edge.usage.postgresql import PostgresqlUsage

    feed = _redis_feed(redis_url, postgresql_source(url)) if redis_url else PostgresqlFeed(url)
    return Backing(feed, PostgresqlTraits(url, newcomers=newcomers()), PostgresqlUsage(url))


def _redis_feed(url: str, source: TableSource) -> Feed:
    from burgee.edge.feed.redis import RedisFeed

    return RedisFeed(url, source)


def _mysql_source(database: Database) -> TableSource:
    import pymysql

    def connect() -> pymysql.Connection:
        return pymysql.connect(
            host=database.host,
            port=database.port or 3306,
            user=database.user,
            password=database.password,
            database=database.name,
            charset="utf8mb4",
            connect_timeout=5,
        )

    return TableSource(connect, placeholder="%s", begin=("START TRANSACTION WITH CONSISTENT SNAPSHOT",))
