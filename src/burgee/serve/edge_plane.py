"""The data plane with everything it needs, over whichever database the settings name."""

import asyncio
import logging

from msgspec import Struct

from burgee.edge import app
from burgee.edge.asgi import AsgiApp
from burgee.edge.feed.protocol import Feed
from burgee.edge.identities.durable import DurableTraits
from burgee.edge.identities.journal import Journal, JournalLimits
from burgee.edge.lastgood import LastGood
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store, Verdict
from burgee.edge.usage.counters import UsageCounters
from burgee.serve.backing import Backing
from burgee.serve.peers import Peers
from burgee.serve.process import Part
from burgee.serve.settings import peer_token
from burgee.serve.tallies import Tallies
from burgee.settings_reader import DataSettings, open_key_ring, read
from burgee.wire.snapshot import Delta

log = logging.getLogger(__name__)


class Following:
    """A feed that fills one store as long as the server lives, beside what control hands over in process."""

    def __init__(self, feed: Feed, store: Store) -> None:
        self._feed = feed
        self._store = store
        self._loop: asyncio.AbstractEventLoop | None = None
        self._healing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._feed.start(self._store)
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        self._loop = None
        await self._feed.close()

    @property
    def caught_up(self) -> bool:
        return self._loop is not None

    def deliver(self, delta: Delta) -> None:
        """From any thread: the next read sees the delta, or, when it does not fit, what the feed fetches at once."""
        loop = self._loop
        if loop is not None and self._store.accept(delta) is Verdict.GAP:
            loop.call_soon_threadsafe(self._heal)

    def _heal(self) -> None:
        if self._healing is None or self._healing.done():
            self._healing = asyncio.get_running_loop().create_task(self._reconcile())

    async def _reconcile(self) -> None:
        try:
            await self._feed.reconcile()
        except Exception as error:  # noqa: BLE001  # the feed tries again by itself
            log.warning("a gap in the revisions is not healed yet: %s", error)


class EdgePlane(Struct, frozen=True):
    """The application, and its parts in the order of their start."""

    app: app.EdgeApp
    parts: tuple[Part, ...]
    following: Following


def edge_plane(backing: Backing, fallback: AsgiApp | None = None, tallies: Tallies | None = None) -> EdgePlane:
    """An edge over `backing`; what is neither for SDKs nor for other nodes goes to `fallback`."""
    settings = read(EdgeSettings)
    folder = read(DataSettings).data_dir
    store = Store(gzip_bytes=settings.gzip_bytes)
    journal = Journal(folder / "journal", JournalLimits(free=settings.free_disk_mb * 2**20))
    traits = DurableTraits(backing.traits, journal, local_reads=backing.local_reads)
    usage = UsageCounters(backing.usage)
    last_good = LastGood(folder / "snapshots", store)
    following = Following(backing.feed, store)
    peers = Peers(store, traits, peer_token(), fallback)
    ring = open_key_ring()
    edge = app.build(
        settings,
        store,
        traits,
        usage,
        peers,
        ready=lambda: {"flags": following.caught_up},
        live_keys=[ring.derive("live", key.id) for key in ring.keys],
    )
    if tallies is not None:
        edge.watch(tallies.watch)
    edge.ask_feed_about_unknown_keys(backing.feed.reconcile)
    return EdgePlane(edge, (traits, usage, last_good, following, peers), following)
