"""Assembles the data plane: settings, store and services in, something that answers requests out."""

from collections.abc import Coroutine
from typing import Any, Final

from burgee.edge.asgi import Asgi, AsgiApp
from burgee.edge.cors import Cors
from burgee.edge.counting import Usage, sdk_of
from burgee.edge.handlers import document, flags, health
from burgee.edge.handlers.analytics import AnalyticsHandlers
from burgee.edge.handlers.health import Readiness
from burgee.edge.handlers.identification import Identities
from burgee.edge.handlers.identities import IdentityHandlers
from burgee.edge.handlers.ofrep import OfrepHandlers
from burgee.edge.handlers.streams import StreamHandlers
from burgee.edge.handlers.traits import TraitHandlers
from burgee.edge.identities.protocol import DurableTraitsStore
from burgee.edge.keys import Keys, OnUnknownKey
from burgee.edge.request import EdgeRequest
from burgee.edge.response import ALWAYS, Answer, EdgeResponse, Stamp
from burgee.edge.router import NAME, Router
from burgee.edge.routes import FindView, PlainRoute, Route, SdkHandler, SdkRoute, SlashRedirect, settle
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from burgee.edge.stream import StreamResponse, Streams

_FLAGS: Final = "flags"
_IDENTITIES: Final = "identities"
_TRAITS: Final = "traits"
_DOCUMENT: Final = "environment-document"


class EdgeApp:
    """What servers talk to: `router.resolve`, then `answer`; `asgi` is the same as an ASGI application."""

    def __init__(
        self, settings: EdgeSettings, router: Router, streams: Streams, cors: Cors, keys: Keys
    ) -> None:  # put together in `build` alone
        self.settings: Final = settings
        self.router: Final = router
        self.streams: Final = streams
        self.stamp: Final = Stamp(ALWAYS + cors.always)
        self._cors = cors
        self._keys = keys
        self.asgi: AsgiApp

    def ask_feed_about_unknown_keys(self, ask: OnUnknownKey) -> None:
        """Have `ask` awaited, at most once a second, when a key is unknown: the feed should reconcile."""
        self._keys.on_unknown_key = ask

    def answer(self, route: Route, request: EdgeRequest) -> Answer:
        """The response, or something to await that gives it. Never raises."""
        if request.method == b"OPTIONS":
            preflight = self._cors.preflight(request)
            if preflight is not None:
                return self._decorated(request, preflight)
        answer = route.handle(request)
        if isinstance(answer, EdgeResponse):
            return answer if self._cors.allows_all else self._decorated(request, answer)
        return settle(answer) if self._cors.allows_all else self._settled(request, answer)

    async def _settled(self, request: EdgeRequest, answer: Coroutine[Any, Any, EdgeResponse]) -> EdgeResponse:
        return self._decorated(request, await settle(answer))

    def _decorated(self, request: EdgeRequest, response: EdgeResponse) -> EdgeResponse:
        if self._cors.allows_all or isinstance(response, StreamResponse):
            return response
        return self._cors.decorate(request, response)


class _Routes:
    """The table of the data plane."""

    def __init__(self, keys: Keys, usage: Usage) -> None:
        self._keys = keys
        self._usage = usage

    def sdk(
        self,
        methods: dict[bytes, SdkHandler],
        name: str,
        *,
        resource: str | None = None,
        find_view: FindView | None = None,
        media_type: bytes = b"application/json",
    ) -> SdkRoute:
        return SdkRoute(
            methods,
            find_view=find_view or self._keys.view,
            keys=self._keys,
            name=name,
            resource=resource,
            count=self._count,
            media_type=media_type,
        )

    def _count(self, environment_id: int, resource: str, request: EdgeRequest) -> None:
        self._usage.request(environment_id, resource, sdk_of(request))


def build(
    settings: EdgeSettings,
    store: Store,
    traits: DurableTraitsStore,
    usage: Usage,
    fallback: AsgiApp | None = None,
    *,
    ready: Readiness = dict,
    traits_need_task: bool = False,
) -> EdgeApp:
    """The data plane over `store`; paths that are not its own go to `fallback`, else they are 404.

    `traits_need_task` is for a traits store whose coroutines ask for the current task (anyio, `asyncio.timeout`)
    before they wait for the first time.
    """
    keys = Keys(store, remembered=settings.unknown_keys, seconds=settings.unknown_key_seconds)
    identities = Identities(traits, settings.retry_after_seconds, need_task=traits_need_task)
    streams = Streams(settings)
    store.listen(streams.changed)
    app = EdgeApp(settings, _router(settings, keys, identities, streams, usage, ready), streams, Cors(settings), keys)
    app.asgi = Asgi(app, fallback)
    return app


def _router(  # noqa: PLR0917  # called once, above
    settings: EdgeSettings, keys: Keys, identities: Identities, streams: Streams, usage: Usage, ready: Readiness
) -> Router:
    routes = _Routes(keys, usage)
    people = IdentityHandlers(identities, gzip_bytes=settings.gzip_identity_bytes)
    traits = TraitHandlers(identities)
    analytics = AnalyticsHandlers(usage)
    ofrep = OfrepHandlers(keys, identities, usage)
    stream = StreamHandlers(keys, streams, settings.sse_authentication_token)
    with_slash: dict[bytes, Route] = {
        b"/api/v1/flags/": routes.sdk({b"GET": flags.get_flags}, "Sdk Feature States", resource=_FLAGS),
        b"/api/v1/identities/": routes.sdk(
            {b"GET": people.get, b"POST": people.post}, "Sdk Identities", resource=_IDENTITIES
        ),
        b"/api/v1/traits/": routes.sdk({b"POST": traits.create}, "Sdk Traits", resource=_TRAITS),
        b"/api/v1/traits/bulk/": routes.sdk({b"PUT": traits.bulk}, "Bulk Create", resource=_TRAITS),
        b"/api/v1/traits/increment-value/": routes.sdk(
            {b"POST": traits.increment}, "Increment Value", resource=_TRAITS
        ),
        b"/api/v1/environment-document/": routes.sdk(
            {b"GET": document.get_document}, "Sdk Environment", resource=_DOCUMENT, find_view=keys.server_view
        ),
        b"/api/v1/analytics/flags/": routes.sdk({b"POST": analytics.post_counts}, "Sdk Analytics Flags"),
        b"/api/v2/analytics/flags/": routes.sdk({b"POST": analytics.post_evaluations}, "Sdk Analytics Flags V2"),
        b"/health/liveness/": PlainRoute({b"GET": health.get_liveness}),
        b"/health/readiness/": PlainRoute({b"GET": health.readiness(ready)}),
    }
    exact: dict[bytes, Route] = dict(with_slash)
    exact |= {path[:-1]: SlashRedirect(route) for path, route in with_slash.items()}
    exact[b"/ofrep/v1/evaluate/flags"] = routes.sdk({b"POST": ofrep.evaluate_all}, "Ofrep", find_view=ofrep.view)
    options = routes.sdk({b"GET": flags.get_multivariate_options}, "Multivariate Options", resource=_FLAGS)
    flags_by_path = routes.sdk({b"GET": people.get_flags_by_path}, "Sdk Feature States", resource=_FLAGS)
    identity_by_path = routes.sdk({b"GET": people.get_by_path}, "Sdk Identities Deprecated", resource=_IDENTITIES)
    trait_by_path = routes.sdk({b"POST": traits.set_by_path}, "Sdk Traits Deprecated", resource=_IDENTITIES)
    open_stream = routes.sdk({b"GET": stream.open}, "Stream", find_view=stream.view, media_type=b"text/event-stream")
    patterns: list[tuple[str, Route]] = [
        (r"/api/v1/flags/([0-9]{1,19})/multivariate-options/", options),
        (r"/api/v1/flags/([0-9]{1,19})/multivariate-options", SlashRedirect(options)),
        (rf"/api/v1/flags/{NAME}/?", flags_by_path),
        (rf"/api/v1/identities/{NAME}/", identity_by_path),
        (rf"/api/v1/identities/{NAME}", SlashRedirect(identity_by_path)),
        (rf"/api/v1/identities/{NAME}/traits/{NAME}/?", trait_by_path),
        (r"/ofrep/v1/evaluate/flags/(.+)", routes.sdk({b"POST": ofrep.evaluate_one}, "Ofrep", find_view=ofrep.view)),
        (rf"/sse/environments/{NAME}/stream/?", open_stream),
        (rf"/sse/environments/{NAME}/queue-change/?", PlainRoute({b"POST": stream.queue_change})),
    ]
    return Router(exact, patterns)
