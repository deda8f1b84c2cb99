"""Snapshots from PostgreSQL: NOTIFY says where to look."""

import psycopg
from psycopg import sql

from burgee.edge.feed.follower import RECONCILE_SECONDS, Follower
from burgee.edge.feed.listening import RECONNECT_SECONDS, ListeningFeed
from burgee.edge.feed.signals import CHANNEL, parse_signal
from burgee.edge.feed.tables import TableSource

_CONNECT_SECONDS = 5


def postgresql_source(conninfo: str) -> TableSource:
    return TableSource(lambda: _connect(conninfo), placeholder="%s", begin=())


class PostgresqlFeed(ListeningFeed):
    def __init__(
        self, conninfo: str, *, interval: float = RECONCILE_SECONDS, reconnect: float = RECONNECT_SECONDS
    ) -> None:
        async def listen(follower: Follower) -> None:
            await _pass_on_notifications(conninfo, follower)

        super().__init__(postgresql_source(conninfo), listen, interval=interval, reconnect=reconnect)


def _connect(conninfo: str) -> psycopg.Connection[tuple[object, ...]]:
    connection = psycopg.connect(conninfo, connect_timeout=_CONNECT_SECONDS, application_name="burgee-feed")
    # Every read of a snapshot sees one state of the database.
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


async def _pass_on_notifications(conninfo: str, follower: Follower) -> None:
    async with await psycopg.AsyncConnection.connect(
        conninfo, autocommit=True, connect_timeout=_CONNECT_SECONDS, application_name="burgee-feed"
    ) as connection:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        follower.told_all()
        async for notification in connection.notifies():
            signal = parse_signal(notification.payload)
            if signal is not None:
                follower.told(*signal)
