"""The OpenFeature Remote Evaluation Protocol: traits and targeting key in, one flag or all of them out."""

import hashlib
from typing import Final

from burgee import engine
from burgee.edge.counting import Told, Usage, client_of
from burgee.edge.errors import refused
from burgee.edge.handlers.identification import Identities, Known, identity_of
from burgee.edge.keys import HEADER, Keys
from burgee.edge.later import Answer
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse, json_response
from burgee.edge.view import View
from burgee.wire import ofrep, quirks
from burgee.wire.ofrep import BadContext, Context, OfrepFlag

_HEADERS: Final = b"allow: POST, OPTIONS\r\nvary: X-Environment-Key, Authorization, Origin\r\n"
_BEARER: Final = b"bearer "


class OfrepHandlers:
    """Handlers over the traits store; nothing is ever written to it."""

    def __init__(self, keys: Keys, identities: Identities, usage: Usage) -> None:
        self._keys = keys
        self._identities = identities
        self._usage = usage

    def view(self, request: EdgeRequest) -> View:
        """The environment of the key in `X-Environment-Key`, `X-API-Key` or a bearer. Raises EdgeError."""
        headers = request.headers
        key = headers.get(HEADER) or headers.get(b"x-api-key")
        authorization = headers.get(b"authorization", b"")
        if not key and authorization[: len(_BEARER)].lower() == _BEARER:
            key = authorization[len(_BEARER) :].strip()
        if not key:
            raise refused(401, quirks.KEY_MISSING, headers=b"www-authenticate: Bearer\r\n")
        return self._keys.view_of(key)

    def evaluate_all(self, request: EdgeRequest, view: View) -> Answer:
        """`POST /ofrep/v1/evaluate/flags`."""
        try:
            context = ofrep.context(request.body)
        except BadContext as bad:
            return json_response(ofrep.failure(bad.error_code, bad.details), headers=_HEADERS, status=400)
        if context.identifier is None:
            return self._all(request, view, context, Known(""))
        return self._all_of_identity(request, view, context)

    async def _all_of_identity(self, request: EdgeRequest, view: View, context: Context) -> EdgeResponse:
        return self._all(request, view, context, await self._known(view, context))

    def _all(self, request: EdgeRequest, view: View, context: Context, known: Known) -> EdgeResponse:
        known.overlay(context.traits, transient=True)
        flags = view.ofrep_rules.evaluate(_identity(context, known, view), self._overrides(view, context))
        shown = [flag for flag in flags if flag.body]
        body = ofrep.bulk([flag.body for flag in shown], view.version)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()
        headers = _HEADERS + b"etag: " + etag + b"\r\n" + known.remark
        if request.presents(etag):
            return EdgeResponse(304, headers)
        self._count(request, view, shown)
        return json_response(body, headers=headers)

    def evaluate_one(self, request: EdgeRequest, view: View) -> Answer:
        """`POST /ofrep/v1/evaluate/flags/{key}`."""
        name = request.names[0]
        try:
            context = ofrep.context(request.body)
        except BadContext as bad:
            return json_response(ofrep.failure(bad.error_code, bad.details, key=name), headers=_HEADERS, status=400)
        if name not in view.ofrep_rules.flags:
            return _not_found(name)
        if context.identifier is None:
            return self._one(request, view, context, Known(""))
        return self._one_of_identity(request, view, context)

    async def _one_of_identity(self, request: EdgeRequest, view: View, context: Context) -> EdgeResponse:
        return self._one(request, view, context, await self._known(view, context))

    def _one(self, request: EdgeRequest, view: View, context: Context, known: Known) -> EdgeResponse:
        name = request.names[0]
        known.overlay(context.traits, transient=True)
        identity = _identity(context, known, view)
        flag = view.ofrep_rules.evaluate_one(name, identity, self._overrides(view, context))
        if not flag.body:
            return _not_found(name)
        self._count(request, view, [flag])
        return json_response(flag.body, headers=_HEADERS + known.remark)

    async def _known(self, view: View, context: Context) -> Known:
        return await self._identities.stored(view, context.identifier or "")

    @staticmethod
    def _overrides(view: View, context: Context) -> dict[str, engine.Choice[OfrepFlag]] | None:
        if context.identifier is None or context.identifier not in view.overridden:
            return None
        return view.environment.ofrep_rules.overrides_of(context.identifier)

    def _count(self, request: EdgeRequest, view: View, flags: list[OfrepFlag]) -> None:
        counts = [(flag.name, flag.variant, flag.enabled, 1) for flag in flags]
        self._usage.evaluations(view.environment_id, counts, client_of(request), "server")
        self._usage.told(Told(view.environment_id, flags))


def _identity(context: Context, known: Known, view: View) -> engine.Identity | None:
    """Traits without a targeting key make an anonymous identity, as they do for the SDKs."""
    if context.identifier is not None:
        return identity_of(known, view)
    if not context.traits:
        return None
    return engine.Identity(quirks.anonymous_identifier(context.traits.items()), "", known.traits)


def _not_found(name: str) -> EdgeResponse:
    details = "No flag has this key here."
    return json_response(ofrep.failure(ofrep.FLAG_NOT_FOUND, details, key=name), headers=_HEADERS, status=404)
