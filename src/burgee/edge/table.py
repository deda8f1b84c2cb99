"""The table of the data plane: every path with its handler."""

from typing import Final

from msgspec import Struct

from burgee.edge.counting import Usage, client_of
from burgee.edge.handlers import document, flags, health
from burgee.edge.handlers.analytics import AnalyticsHandlers
from burgee.edge.handlers.flags import FlagHandlers
from burgee.edge.handlers.health import Readiness
from burgee.edge.handlers.identification import Identities
from burgee.edge.handlers.identities import IdentityHandlers
from burgee.edge.handlers.ofrep import OfrepHandlers
from burgee.edge.handlers.recall import Recall
from burgee.edge.handlers.streams import StreamHandlers, live
from burgee.edge.handlers.traits import TraitHandlers
from burgee.edge.keys import Keys
from burgee.edge.peer import LIVE_PATH
from burgee.edge.request import EdgeRequest
from burgee.edge.router import NAME, Router
from burgee.edge.routes import FindView, PlainRoute, Route, SdkHandler, SdkRoute, SlashRedirect
from burgee.edge.settings import EdgeSettings
from burgee.edge.stream import Streams

_FLAGS: Final = "flags"
_IDENTITIES: Final = "identities"
_TRAITS: Final = "traits"
_DOCUMENT: Final = "environment-document"

_Patterns = list[tuple[str, Route]]


class Services(Struct, frozen=True, kw_only=True):
    """What handlers are made from."""

    keys: Keys
    identities: Identities
    recall: Recall
    streams: Streams
    usage: Usage
    ready: Readiness
    live_keys: tuple[bytes, ...]


def router(settings: EdgeSettings, services: Services) -> Router:
    routes = _Routes(services.keys, services.usage)
    people = IdentityHandlers(
        services.identities, services.recall, services.usage, gzip_bytes=settings.gzip_identity_bytes
    )
    traits = TraitHandlers(services.identities)
    ofrep = OfrepHandlers(services.keys, services.identities, services.usage)
    stream = StreamHandlers(services.keys, services.streams, settings.sse_authentication_token)
    with_slash = _plain_paths(routes, services) | _people_paths(routes, people, traits)
    exact = with_slash | {path[:-1]: SlashRedirect(route) for path, route in with_slash.items()}
    exact[b"/ofrep/v1/evaluate/flags"] = routes.sdk({b"POST": ofrep.evaluate_all}, "Ofrep", find_view=ofrep.view)
    exact[LIVE_PATH.encode()] = PlainRoute({b"GET": live(services.streams, services.live_keys)})
    return Router(exact, [*_old_patterns(routes, people, traits), *_new_patterns(routes, ofrep, stream)])


class _Routes:
    """Makes routes for environment keys."""

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
        self._usage.request(environment_id, resource, client_of(request))


def _plain_paths(routes: _Routes, services: Services) -> dict[bytes, Route]:
    analytics = AnalyticsHandlers(services.usage)
    server_view = services.keys.server_view
    everybody = FlagHandlers(services.usage)
    return {
        b"/api/v1/flags/": routes.sdk({b"GET": everybody.get}, "Sdk Feature States", resource=_FLAGS),
        b"/api/v1/environment-document/": routes.sdk(
            {b"GET": document.get_document}, "Sdk Environment", resource=_DOCUMENT, find_view=server_view
        ),
        b"/api/v1/analytics/flags/": routes.sdk({b"POST": analytics.post_counts}, "Sdk Analytics Flags"),
        b"/api/v2/analytics/flags/": routes.sdk({b"POST": analytics.post_evaluations}, "Sdk Analytics Flags V2"),
        b"/health/liveness/": PlainRoute({b"GET": health.get_liveness}),
        b"/health/readiness/": PlainRoute({b"GET": health.readiness(services.ready)}),
    }


def _people_paths(routes: _Routes, people: IdentityHandlers, traits: TraitHandlers) -> dict[bytes, Route]:
    return {
        b"/api/v1/identities/": routes.sdk(
            {b"GET": people.get, b"POST": people.post}, "Sdk Identities", resource=_IDENTITIES
        ),
        b"/api/v1/traits/": routes.sdk({b"POST": traits.create}, "Sdk Traits", resource=_TRAITS),
        b"/api/v1/traits/bulk/": routes.sdk({b"PUT": traits.bulk}, "Bulk Create", resource=_TRAITS),
        b"/api/v1/traits/increment-value/": routes.sdk(
            {b"POST": traits.increment}, "Increment Value", resource=_TRAITS
        ),
    }


def _old_patterns(routes: _Routes, people: IdentityHandlers, traits: TraitHandlers) -> _Patterns:
    """Paths that older SDKs put a flag, an identifier or a trait key into."""
    options = routes.sdk({b"GET": flags.get_multivariate_options}, "Multivariate Options", resource=_FLAGS)
    flags_by_path = routes.sdk({b"GET": people.get_flags_by_path}, "Sdk Feature States", resource=_FLAGS)
    identity_by_path = routes.sdk({b"GET": people.get_by_path}, "Sdk Identities Deprecated", resource=_IDENTITIES)
    trait_by_path = routes.sdk({b"POST": traits.set_by_path}, "Sdk Traits Deprecated", resource=_IDENTITIES)
    return [
        (r"/api/v1/flags/([0-9]{1,19})/multivariate-options/", options),
        (r"/api/v1/flags/([0-9]{1,19})/multivariate-options", SlashRedirect(options)),
        (rf"/api/v1/flags/{NAME}/?", flags_by_path),
        (rf"/api/v1/identities/{NAME}/", identity_by_path),
        (rf"/api/v1/identities/{NAME}", SlashRedirect(identity_by_path)),
        (rf"/api/v1/identities/{NAME}/traits/{NAME}/?", trait_by_path),
    ]


def _new_patterns(routes: _Routes, ofrep: OfrepHandlers, stream: StreamHandlers) -> _Patterns:
    opened = routes.sdk({b"GET": stream.open}, "Stream", find_view=stream.view, media_type=b"text/event-stream")
    return [
        (r"/ofrep/v1/evaluate/flags/(.+)", routes.sdk({b"POST": ofrep.evaluate_one}, "Ofrep", find_view=ofrep.view)),
        (rf"/sse/environments/{NAME}/stream/?", opened),
        (rf"/sse/environments/{NAME}/queue-change/?", PlainRoute({b"POST": stream.queue_change})),
    ]
