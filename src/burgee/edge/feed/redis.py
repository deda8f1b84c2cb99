"""Snapshots from the tables of any engine, with Redis to say where to look."""

from redis.asyncio import Redis

from burgee.edge.feed.follower import RECONCILE_SECONDS, Follower
from burgee.edge.feed.listening import RECONNECT_SECONDS, ListeningFeed
from burgee.edge.feed.protocol import SnapshotSource
from burgee.edge.feed.signals import CHANNEL, parse_signal

_CONNECT_SECONDS = 5


class RedisFeed(ListeningFeed):
    def __init__(
        self,
        url: str,
        source: SnapshotSource,
        *,
        interval: float = RECONCILE_SECONDS,
        reconnect: float = RECONNECT_SECONDS,
    ) -> None:
        async def listen(follower: Follower) -> None:
            await _pass_on_messages(url, follower)

        super().__init__(source, listen, interval=interval, reconnect=reconnect)


async def _pass_on_messages(url: str, follower: Follower) -> None:
    client = Redis.from_url(url, socket_connect_timeout=_CONNECT_SECONDS, decode_responses=True)
    async with client, client.pubsub() as subscription:
        await subscription.subscribe(CHANNEL)
        async for message in subscription.listen():
            if message["type"] == "subscribe":
                follower.told_all()
                continue
            signal = parse_signal(str(message["data"]))
            if signal is not None:
                follower.told(*signal)
