"""Assembles the data plane: settings, store and services in, something that answers requests out."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final

from burgee.edge.asgi import Asgi, AsgiApp
from burgee.edge.cors import Cors
from burgee.edge.counting import Usage
from burgee.edge.handlers.health import Readiness
from burgee.edge.handlers.identification import Identities
from burgee.edge.handlers.recall import Recall
from burgee.edge.identities.protocol import DurableTraitsStore
from burgee.edge.keys import Keys, OnUnknownKey
from burgee.edge.later import Answer, Later
from burgee.edge.request import EdgeRequest
from burgee.edge.response import ALWAYS, EdgeResponse, Stamp
from burgee.edge.router import Router
from burgee.edge.routes import Route, settle
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from burgee.edge.stream import StreamResponse, Streams
from burgee.edge.table import Services, router


class EdgeApp:
    """What servers talk to: `router.resolve`, then `answer`; `asgi` is the same as an ASGI application."""

    def __init__(
        self, settings: EdgeSettings, router: Router, streams: Streams, cors: Cors, keys: Keys
    ) -> None:  # put together in `build` alone
        self.settings: Final = settings
        self.router = router
        self.streams: Final = streams
        self.stamp: Final = Stamp(ALWAYS + cors.always)
        self._cors = cors
        self._keys = keys
        self.asgi: AsgiApp

    def ask_feed_about_unknown_keys(self, ask: OnUnknownKey) -> None:
        """Have `ask` awaited, at most once a second, when a key is unknown: the feed should reconcile."""
        self._keys.on_unknown_key = ask

    def watch(self, put_around: Callable[[str, Route], Route]) -> None:
        """Have something around each route; before the first connection."""
        self.router = self.router.watched(put_around)

    def answer(self, route: Route, request: EdgeRequest) -> Answer:
        """The response, or something to await that gives it. Never raises."""
        if request.method == b"OPTIONS":
            preflight = self._cors.preflight(request)
            if preflight is not None:
                return self._decorated(request, preflight)
        answer = route.handle(request)
        if isinstance(answer, EdgeResponse):
            return answer if self._cors.allows_all else self._decorated(request, answer)
        if isinstance(answer, Later):
            return answer if self._cors.allows_all else answer.through(partial(self._decorated, request))
        return settle(answer) if self._cors.allows_all else self._settled(request, answer)

    async def _settled(self, request: EdgeRequest, answer: Coroutine[Any, Any, EdgeResponse]) -> EdgeResponse:
        return self._decorated(request, await settle(answer))

    def _decorated(self, request: EdgeRequest, response: EdgeResponse) -> EdgeResponse:
        if self._cors.allows_all or isinstance(response, StreamResponse):
            return response
        return self._cors.decorate(request, response)


def build(
    settings: EdgeSettings,
    store: Store,
    traits: DurableTraitsStore,
    usage: Usage,
    fallback: AsgiApp | None = None,
    *,
    ready: Readiness = dict,
    traits_need_task: bool = False,
    live_keys: Sequence[bytes] = (),
) -> EdgeApp:
    """The data plane over `store`; paths that are not its own go to `fallback`, else they are 404.

    `traits_need_task` is for a traits store whose coroutines ask for the current task (anyio, `asyncio.timeout`)
    before they wait for the first time. `live_keys` sign the tickets of the live stream.
    """
    keys = Keys(
        store, remembered=settings.unknown_keys, seconds=settings.unknown_key_seconds, on_server_key=usage.server_key
    )
    identities = Identities(traits, settings.retry_after_seconds, need_task=traits_need_task)
    streams = Streams(settings)
    recall = Recall()
    store.listen(streams.changed)
    store.listen(lambda _: recall.forget())
    services = Services(
        keys=keys,
        identities=identities,
        recall=recall,
        streams=streams,
        usage=usage,
        ready=ready,
        live_keys=tuple(live_keys),
    )
    app = EdgeApp(settings, router(settings, services), streams, Cors(settings), keys)
    app.asgi = Asgi(app, fallback)
    return app
