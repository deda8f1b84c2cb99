"""`/identities/`: who asks, with what traits, and the flags that follow."""

from collections.abc import Awaitable
from functools import partial
from typing import Final, cast

from burgee.edge.counting import Told, Usage
from burgee.edge.errors import refused
from burgee.edge.handlers.bodies import body_data, not_understood
from burgee.edge.handlers.identification import (
    Identities,
    Known,
    checked_identifier,
    counted_of,
    flag_of,
    flags_of,
    identity_of,
    traits_json,
)
from burgee.edge.handlers.recall import Recall, Recalled
from burgee.edge.identities.protocol import TraitPatch
from burgee.edge.later import Answer, Later
from burgee.edge.request import EdgeRequest
from burgee.edge.response import JSON as JSON_HEADER
from burgee.edge.response import EdgeResponse, compressed, detail
from burgee.edge.view import View
from burgee.wire import quirks, sdk
from burgee.wire.fields import Refused
from burgee.wire.sdk import IdentifyRequest, TraitScalar

_FALSE: Final = frozenset({"", "0", "f", "false", "n", "no", "off"})
_JSON: Final = b"application/json"
_MISSING: Final = sdk.encode(quirks.MISSING_IDENTIFIER)


class IdentityHandlers:
    """Handlers over one traits store."""

    def __init__(self, identities: Identities, recall: Recall, usage: Usage, *, gzip_bytes: int) -> None:
        self._usage = usage
        self._recall = recall
        self._identities = identities
        self._gzip_bytes = gzip_bytes

    def get(self, request: EdgeRequest, view: View) -> Answer:
        """`GET /identities/?identifier=`: makes the identity unless it is transient."""
        parameters = request.parameters()
        if parameters.get("format", "json") != "json":
            raise refused(404, "Not found.")
        identifier = parameters.get("identifier", "")
        if not identifier.strip():
            return EdgeResponse(200, JSON_HEADER, _MISSING)
        checked_identifier(identifier)
        feature = parameters.get("feature") or None
        if parameters.get("transient", "").lower() not in _FALSE:
            return self._answer(request, view, Known(identifier), feature=feature)
        return self._seen(request, view, identifier, feature)

    def _seen(self, request: EdgeRequest, view: View, identifier: str, feature: str | None) -> Later:
        return self._identities.identified(
            _only_seen(view, identifier), lambda known: self._answer(request, view, known, feature=feature)
        )

    def post(self, request: EdgeRequest, view: View) -> Answer:
        """`POST /identities/`: traits are merged into the stored ones unless they are transient."""
        found: Known | Awaitable[Known] | None = None
        recalled = self._recall.get(view, request.body)
        if recalled is not None and _is_json(request):
            found = self._identities.find(view, recalled.identifier)
            if isinstance(found, Known) and not found.remark and found.row == recalled.row:
                return self._recalled(request, view, found, recalled)
        wanted = _identify_request(request)
        identifier = (wanted.identifier or "").strip()
        traits = wanted.traits if view.takes_traits else []
        if not identifier:
            known = Known(quirks.anonymous_identifier((one.trait_key, one.trait_value) for one in wanted.traits))
            known.overlay({one.trait_key: one.trait_value for one in traits}, transient=True)
            return self._answer(request, view, known)
        if wanted.transient:
            values = {one.trait_key: one.trait_value for one in traits}
            found = found or self._identities.find(view, identifier)
            if not isinstance(found, Known):
                return self._transient(request, view, found, values)
            found.overlay(values, transient=True)
            return self._first(request, view, found)
        return self._identified(request, view, identifier, traits)

    def _first(self, request: EdgeRequest, view: View, known: Known) -> EdgeResponse:
        """The answer about a transient identity, kept for when the same is asked again."""
        recalled = self._made(known, view)
        if not known.remark and _is_json(request):
            self._recall.keep(view, request.body, recalled)
        return self._recalled(request, view, known, recalled)

    def _recalled(self, request: EdgeRequest, view: View, known: Known, recalled: Recalled) -> EdgeResponse:
        self._usage.told(recalled)
        flags = b",".join(recalled.flags)
        return self._sized(
            request, EdgeResponse(200, view.identity_headers, recalled.before_flags, flags, b"]}"), known
        )

    async def _transient(
        self, request: EdgeRequest, view: View, found: Awaitable[Known], traits: dict[str, TraitScalar | None]
    ) -> EdgeResponse:
        known = await found
        known.overlay(traits, transient=True)
        return self._answer(request, view, known)

    def _identified(self, request: EdgeRequest, view: View, identifier: str, traits: list[sdk.TraitInput]) -> Later:
        lasting: dict[str, TraitScalar | None] = {}
        passing: dict[str, TraitScalar | None] = {}
        for one in traits:
            (passing if one.transient else lasting)[one.trait_key] = one.trait_value
        if view.settings.persist_trait_data:
            patch, lasting = patch_of(view, identifier, lasting), {}
        else:
            patch = _only_seen(view, identifier)
        return self._identities.identified(patch, partial(self._overlaid, request, view, lasting, passing))

    def _overlaid(
        self,
        request: EdgeRequest,
        view: View,
        lasting: dict[str, TraitScalar | None],
        passing: dict[str, TraitScalar | None],
        known: Known,
    ) -> EdgeResponse:
        if lasting:
            known.overlay(lasting, transient=False)
        if passing:
            known.overlay(passing, transient=True)
        return self._answer(request, view, known)

    def get_flags_by_path(self, request: EdgeRequest, view: View) -> Answer:
        """`GET /flags/{identifier}`: the flags of an identity, as a bare list."""
        patch = _only_seen(view, checked_identifier(request.names[0]))
        return self._identities.identified(patch, lambda known: self._flags_by_path(request, view, known))

    def _flags_by_path(self, request: EdgeRequest, view: View, known: Known) -> EdgeResponse:
        name = request.parameter("feature")
        if name:
            return self._answer(request, view, known, feature=name)
        flags, counted = flags_of(known, view, self._recall.draws)
        self._usage.told(Told(view.environment_id, counted))
        body = b"[" + b",".join(flags) + b"]"
        return self._sized(request, EdgeResponse(200, view.flag_headers, body), known)

    def get_by_path(self, request: EdgeRequest, view: View) -> Answer:
        """`GET /identities/{identifier}/`: flags, traits and segments."""
        patch = _only_seen(view, checked_identifier(request.names[0]))
        return self._identities.identified(patch, lambda known: self._by_path(request, view, known))

    def _by_path(self, request: EdgeRequest, view: View, known: Known) -> EdgeResponse:
        parts = {part.segment_id: part for part in view.environment.segments.values()}
        matching = (
            parts[id_] for id_ in view.rules.matching_segments(identity_of(known, view)) if isinstance(id_, int)
        )
        segments = [{"id": part.segment_id, "name": part.name, "description": part.description} for part in matching]
        flags, counted = flags_of(known, view, self._recall.draws)
        self._usage.told(Told(view.environment_id, counted))
        response = EdgeResponse(
            200,
            view.identity_headers,
            b'{"flags":[',
            b",".join(flags),
            b'],"traits":',
            traits_json(known, view),
            b',"segments":',
            sdk.encode(segments),
            b"}",
        )
        return self._sized(request, response, known)

    def _answer(self, request: EdgeRequest, view: View, known: Known, *, feature: str | None = None) -> EdgeResponse:
        if feature is not None:
            found = flag_of(known, view, feature)
            if found is None:
                return detail(404, quirks.FEATURE_NOT_FOUND, headers=view.updated_header)
            self._usage.told(Told(view.environment_id, counted_of([found], known, view)))
            return self._sized(request, EdgeResponse(200, view.identity_headers, found), known)
        return self._recalled(request, view, known, self._made(known, view))

    def _sized(self, request: EdgeRequest, response: EdgeResponse, known: Known) -> EdgeResponse:
        if known.remark:
            response = response.with_headers(known.remark)
        if response.size >= self._gzip_bytes and request.accepts_gzip():
            return compressed(response)
        return response

    def _made(self, known: Known, view: View) -> Recalled:
        """The answer about an identity, but for the joining of its flags."""
        who = (b'{"identifier":', sdk.encode(known.identifier), b',"traits":', traits_json(known, view), b',"flags":[')
        flags, counted = flags_of(known, view, self._recall.draws)
        return Recalled(
            view.environment_id,
            counted,
            identifier=known.identifier,
            row=known.row,
            before_flags=b"".join(who),
            flags=flags,
        )


def patch_of(view: View, identifier: str, traits: dict[str, TraitScalar | None]) -> TraitPatch:
    """The patch that stores these traits; null deletes."""
    delete: tuple[str, ...] = ()
    set_ = traits
    if None in traits.values():
        delete = tuple(key for key, value in traits.items() if value is None)
        set_ = {key: value for key, value in traits.items() if value is not None}
    return TraitPatch(
        environment_id=view.environment_id,
        identifier=identifier,
        set=cast("dict[str, TraitScalar]", set_),
        delete=delete,
        origin=view.origin,
    )


def _only_seen(view: View, identifier: str) -> TraitPatch:
    return TraitPatch(environment_id=view.environment_id, identifier=identifier, origin=view.origin)


def _identify_request(request: EdgeRequest) -> IdentifyRequest:
    try:
        if _is_json(request):
            return sdk.read_identify(request.body)
        return sdk.identify_request(body_data(request))
    except (Refused, sdk.MalformedJson) as error:
        raise not_understood(error) from None


def _is_json(request: EdgeRequest) -> bool:
    return request.headers.get(b"content-type", b"").startswith(_JSON)
