"""The older routes that write traits one by one."""

from typing import Final

from burgee.edge.errors import EdgeError, invalid, refused
from burgee.edge.handlers.bodies import read_body
from burgee.edge.handlers.identification import DEGRADED, TRAIT_NUMBER_BITS, Identities, checked_identifier
from burgee.edge.handlers.identities import patch_of
from burgee.edge.identities.protocol import IdentityRow, TraitPatch
from burgee.edge.later import Answer
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse, json_response
from burgee.edge.view import View
from burgee.wire import fields, quirks, sdk
from burgee.wire.fields import Refused
from burgee.wire.sdk import TraitScalar, TraitWrite

_NO_VALUE: Final = "Trait value not provided"


class TraitHandlers:
    """Handlers over one traits store."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    def create(self, request: EdgeRequest, view: View) -> Answer:
        """`POST /traits/`."""
        _require_storing(view)
        write = read_body(request, sdk.trait_write)
        _require_client_traits(view)
        return self._write_all(view, [write], sdk.encode(write.as_json()))

    def bulk(self, request: EdgeRequest, view: View) -> Answer:
        """`PUT /traits/bulk/`: traits of one or several identities; null deletes."""
        _require_storing(view)
        writes = read_body(request, sdk.bulk_trait_writes)
        _require_client_traits(view)
        return self._write_all(
            view, writes, sdk.encode([write.as_json() for write in writes if write.trait_value is not None])
        )

    async def _write_all(self, view: View, writes: list[TraitWrite], answer: bytes) -> EdgeResponse:
        traits: dict[str, dict[str, TraitScalar | None]] = {}
        for write in writes:
            traits.setdefault(write.identifier, {})[write.trait_key] = write.trait_value
        patches = [patch_of(view, identifier, changed) for identifier, changed in traits.items()]
        applied = await self._identities.patched_all(patches) if patches else []
        return _stored(answer, DEGRADED if any(one.degraded for one in applied) else b"")

    def increment(self, request: EdgeRequest, view: View) -> Answer:
        """`POST /traits/increment-value/`."""
        _require_storing(view)
        wanted = read_body(request, sdk.increment)
        _require_client_traits(view)
        return self._increment(view, wanted)

    async def _increment(self, view: View, wanted: sdk.Increment) -> EdgeResponse:
        known = await self._identities.patched(
            TraitPatch(
                environment_id=view.environment_id,
                identifier=wanted.identifier,
                increment={wanted.trait_key: wanted.increment_by},
                origin=view.origin,
            )
        )
        answer = {
            "trait_key": wanted.trait_key,
            "trait_value": known.traits.get(wanted.trait_key, wanted.increment_by),
            "identifier": wanted.identifier,
        }
        return _stored(sdk.encode(answer), known.remark)

    def set_by_path(self, request: EdgeRequest, view: View) -> Answer:
        """`POST /identities/{identifier}/traits/{key}`."""
        _require_storing(view)
        identifier, key = checked_identifier(request.names[0]), _checked_key(request.names[1])
        value = read_body(request, _value_of)
        _require_client_traits(view)
        return self._set(view, identifier, key, value)

    async def _set(self, view: View, identifier: str, key: str, value: TraitScalar) -> EdgeResponse:
        known = await self._identities.patched(patch_of(view, identifier, {key: value}))
        answer = {"id": _trait_id(known.row, key), "trait_key": key, "trait_value": value, "transient": False}
        return _stored(sdk.encode(answer), known.remark)


def _trait_id(row: IdentityRow | None, key: str) -> int | None:
    if row is None or row.id == 0 or key not in row.numbers:
        return None
    return (row.id << TRAIT_NUMBER_BITS) + row.numbers[key]


def _value_of(data: object) -> TraitScalar:
    if not isinstance(data, dict):
        raise Refused({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {type(data).__name__}."]})
    try:
        value = fields.trait_value(data.get("trait_value"))
    except Refused as refusal:
        raise Refused({"trait_value": refusal.errors}) from None
    if value is None:
        raise refused(400, _NO_VALUE)
    return value


def _checked_key(key: str) -> str:
    try:
        return fields.text(fields.TRAIT_KEY_LIMIT)(key)
    except Refused as refusal:
        raise invalid({"trait_key": refusal.errors}) from None


def _stored(body: bytes, remark: bytes) -> EdgeResponse:
    return json_response(body, headers=remark)


def _require_storing(view: View) -> None:
    if not view.settings.persist_trait_data:
        raise refused(403, quirks.TRAITS_NOT_STORED)


def _require_client_traits(view: View) -> None:
    if not view.takes_traits:
        raise _client_traits_refused()


def _client_traits_refused() -> EdgeError:
    return invalid({"non_field_errors": [quirks.CLIENT_TRAITS_REFUSED]})
