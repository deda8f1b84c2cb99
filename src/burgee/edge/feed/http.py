"""Snapshots from another Burgee: its deltas as they come, its heads every few seconds."""

from collections.abc import Mapping

import httpx
import msgspec

from burgee.edge import peer
from burgee.edge.feed.envelope import UnknownFormat, decode_delta
from burgee.edge.feed.follower import RECONCILE_SECONDS, Follower
from burgee.edge.feed.listening import RECONNECT_SECONDS, ListeningFeed
from burgee.edge.feed.protocol import Head, SourceUnavailable
from burgee.wire.snapshot import Delta

_ANSWER_SECONDS = 10.0
_SILENCE_SECONDS = 30.0
"""An upstream sends something more often than this."""

_heads = msgspec.json.Decoder(dict[int, tuple[int, int]])


class HttpSource:
    """A SnapshotSource that asks an upstream Burgee."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def heads(self) -> Mapping[int, Head]:
        try:
            heads = _heads.decode(await self._get("heads", ""))
        except msgspec.DecodeError as error:
            raise SourceUnavailable("the upstream does not answer with heads") from error
        return {environment_id: Head(*head) for environment_id, head in heads.items()}

    async def deltas(self, environment_id: int, since: Head | None) -> list[Delta]:
        complete = await self.snapshot(environment_id)
        if complete is None or (since is not None and (complete.epoch, complete.revision) <= since):
            return []
        return [complete]

    async def snapshot(self, environment_id: int) -> Delta | None:
        body = await self._get("environment", str(environment_id))
        try:
            return decode_delta(body) if body else None
        except (msgspec.DecodeError, UnknownFormat) as error:
            raise SourceUnavailable(f"the upstream's snapshot cannot be read: {error}") from error

    async def close(self) -> None:
        await self._client.aclose()

    async def _get(self, name: str, value: str) -> bytes:
        """The body; empty when there is no such environment."""
        try:
            response = await self._client.get(peer.FEED_PATH, params={name: value})
        except httpx.HTTPError as error:
            raise SourceUnavailable(f"the upstream is away: {type(error).__name__}") from error
        if response.status_code == httpx.codes.NOT_FOUND:
            return b""
        if response.status_code != httpx.codes.OK:
            raise SourceUnavailable(f"the upstream answers {response.status_code}")
        return response.content


class HttpFeed(ListeningFeed):
    def __init__(
        self,
        upstream: str,
        token: str,
        *,
        interval: float = RECONCILE_SECONDS,
        reconnect: float = RECONNECT_SECONDS,
    ) -> None:
        client = httpx.AsyncClient(
            base_url=upstream,
            headers={"Authorization": peer.authorization(token)},
            timeout=httpx.Timeout(_ANSWER_SECONDS),
        )

        async def listen(follower: Follower) -> None:
            await _pass_on_stream(client, follower)

        super().__init__(HttpSource(client), listen, interval=interval, reconnect=reconnect)


async def _pass_on_stream(client: httpx.AsyncClient, follower: Follower) -> None:
    timeout = httpx.Timeout(_ANSWER_SECONDS, read=_SILENCE_SECONDS)
    async with client.stream("GET", peer.FEED_PATH, timeout=timeout) as response:
        response.raise_for_status()
        follower.told_all()
        async for line in response.aiter_lines():
            # An empty line is a sign of life.
            if line:
                follower.accept(decode_delta(line))
