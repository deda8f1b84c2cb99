"""Bodies of the OpenFeature Remote Evaluation Protocol."""

from typing import Any, Final

import msgspec
from msgspec import Struct

from burgee.engine import Outcome, Scalar
from burgee.wire import fields, sdk
from burgee.wire.compiling import Source
from burgee.wire.fields import Refused

STATIC: Final = "STATIC"
TARGETING_MATCH: Final = "TARGETING_MATCH"
SPLIT: Final = "SPLIT"
DISABLED: Final = "DISABLED"

PARSE_ERROR: Final = "PARSE_ERROR"
INVALID_CONTEXT: Final = "INVALID_CONTEXT"
FLAG_NOT_FOUND: Final = "FLAG_NOT_FOUND"

DEFAULT: Final = "default"
SEGMENT: Final = "segment"
IDENTITY: Final = "identity"
"""Whose state decided."""

TARGETING_KEY: Final = "targetingKey"


class OfrepFlag(Struct, frozen=True, eq=False):
    """A flag in OFREP's shape with what analytics wants to know about it; `body` is empty when it is hidden.

    Compared by what it is, not by what is in it, so that counting many is cheap.
    """

    body: bytes
    name: str
    feature_id: int
    enabled: bool
    value: Scalar
    variant: str | None
    origin: str


class Context(Struct, frozen=True):
    """Who asks: nobody when there is no targeting key and no trait."""

    identifier: str | None
    traits: dict[str, sdk.TraitScalar]


class BadContext(Exception):  # an outcome of reading
    """The context cannot be used; `error_code` is OpenFeature's name for why."""

    def __init__(self, error_code: str, details: str) -> None:
        super().__init__(details)
        self.error_code = error_code
        self.details = details


def flag(outcome: Outcome, source: Source) -> OfrepFlag:
    """The value, or `enabled` where there is none; a disabled flag has no value, so that the code default holds."""
    return OfrepFlag(
        body=_body(outcome, source),
        name=source.flag.name,
        feature_id=source.flag.feature_id,
        enabled=outcome.enabled,
        value=outcome.value,
        variant=outcome.variant,
        origin=_origin(source),
    )


def _body(outcome: Outcome, source: Source) -> bytes:
    if sdk.hides_disabled(source.settings) and not outcome.enabled:
        return b""
    # Clients read `variant` without asking whether it is there.
    members: dict[str, Any] = {"key": source.flag.name, "reason": DISABLED, "variant": outcome.variant or ""}
    if outcome.enabled:
        members["reason"] = _reason(outcome, source)
        members["value"] = True if outcome.value is None else outcome.value
    members["metadata"] = {"featureId": source.flag.feature_id}
    return sdk.encode(members)


def _origin(source: Source) -> str:
    if source.identity_id is not None:
        return IDENTITY
    return DEFAULT if source.override is None else SEGMENT


def _reason(outcome: Outcome, source: Source) -> str:
    if outcome.option is not None:
        return SPLIT
    if source.override is not None or source.identity_id is not None:
        return TARGETING_MATCH
    return STATIC


def context(body: bytes) -> Context:
    """`targetingKey` names the identity and every other member is a trait; null members say nothing."""
    try:
        data = sdk.parse_json(body)
    except sdk.MalformedJson as malformed:
        raise BadContext(PARSE_ERROR, f"The body is not JSON: {malformed}") from None
    if not isinstance(data, dict):
        raise BadContext(PARSE_ERROR, "The body must be a JSON object.")
    given = data.get("context", {})
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise BadContext(INVALID_CONTEXT, "The context must be a JSON object.")
    identifier = _member(TARGETING_KEY, given.get(TARGETING_KEY), fields.nullable_text(fields.IDENTIFIER_LIMIT))
    traits: dict[str, sdk.TraitScalar] = {}
    for name, value in given.items():
        if name == TARGETING_KEY:
            continue
        key = _member(name, name, fields.text(fields.TRAIT_KEY_LIMIT))
        trait = _member(name, value, fields.trait_value)
        if trait is not None:
            traits[key] = trait
    return Context(identifier or None, traits)


def _member(name: str, value: Any, read: Any) -> Any:
    try:
        return read(value)
    except Refused as refused:
        shown = name[:100].encode("ascii", "backslashreplace").decode()
        raise BadContext(INVALID_CONTEXT, f"{shown}: {' '.join(map(str, refused.errors))}") from None


def failure(error_code: str, details: str, *, key: str | None = None) -> bytes:
    members = {"errorCode": error_code, "errorDetails": details}
    return sdk.encode(members if key is None else {"key": key, **members})


def bulk(flags: list[bytes], version: str) -> bytes:
    return (
        b'{"flags":['
        + b",".join(filter(None, flags))
        + b'],"metadata":'
        + msgspec.json.encode({"version": version})
        + b"}"
    )
