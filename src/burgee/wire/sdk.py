"""Bodies of the SDK API: what flags look like, and what clients send."""

import json
import re
from datetime import datetime
from typing import Annotated, Any, Final, NoReturn
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta, Struct

from burgee.engine import Outcome, Scalar
from burgee.wire import fields
from burgee.wire.compiling import Source
from burgee.wire.fields import Errors, Fields, Refused
from burgee.wire.snapshot import FlagPart, SettingsPart

TraitScalar = str | int | float | bool

_encoder = msgspec.json.Encoder()
encode: Final = _encoder.encode


class MalformedJson(Exception):  # an outcome of reading
    """The body is no JSON; the text says where it stops being one."""


class FeatureJson(Struct, frozen=True):
    id: int
    name: str
    created_date: datetime | None
    description: str | None
    initial_value: str | None
    default_enabled: bool | None
    type: str


class FlagJson(Struct, frozen=True, kw_only=True):
    """A flag of `GET /flags/`."""

    id: int | None
    feature: FeatureJson
    feature_state_value: Scalar
    environment: int | None
    identity: int | None = None
    feature_segment: int | None = None
    enabled: bool


class IdentityFlagJson(FlagJson, frozen=True, kw_only=True):
    """A flag of `/identities/`: the same with its variant."""

    variant: str | None = None


class TraitJson(Struct, frozen=True):
    id: int | None
    trait_key: str
    trait_value: TraitScalar
    transient: bool


def hides_disabled(settings: SettingsPart) -> bool:
    """The environment decides; where it has no opinion, the project does."""
    own = settings.hide_disabled_flags
    return settings.project_hide_disabled_flags if own is None else own


def flag_fragment(settings: SettingsPart, part: FlagPart) -> bytes:
    """A flag without an identity: a multivariate one shows its control value. Empty when it is hidden."""
    if hides_disabled(settings) and not part.state.enabled:
        return b""
    members = _members(Source(settings=settings, flag=part, state=part.state))
    return encode(FlagJson(**members, feature_state_value=part.state.value))


def identity_flag_fragment(outcome: Outcome, source: Source) -> bytes:
    """A flag for an identity. Empty when it is hidden."""
    if hides_disabled(source.settings) and not outcome.enabled:
        return b""
    return encode(IdentityFlagJson(**_members(source), feature_state_value=outcome.value, variant=outcome.variant))


def _members(source: Source) -> dict[str, Any]:
    part = source.flag
    if source.settings.hide_sensitive_data:
        feature = FeatureJson(part.feature_id, part.name, None, None, None, None, part.type)
        return {"id": None, "feature": feature, "environment": None, "enabled": source.state.enabled}
    return {
        "id": source.state.id,
        "feature": FeatureJson(
            part.feature_id,
            part.name,
            part.created_date,
            part.description,
            part.initial_value,
            part.default_enabled,
            part.type,
        ),
        "environment": source.settings.environment_id,
        "identity": source.identity_id,
        "feature_segment": None if source.override is None else source.override.feature_segment_id,
        "enabled": source.state.enabled,
    }


class TraitInput(Struct, frozen=True):
    """One trait of a request; a null value deletes."""

    trait_key: Annotated[str, Meta(min_length=1, max_length=fields.TRAIT_KEY_LIMIT)]
    trait_value: (
        Annotated[str, Meta(max_length=fields.TRAIT_TEXT_LIMIT)]
        | Annotated[int, Meta(ge=-fields.INTEGER_LIMIT, le=fields.INTEGER_LIMIT)]
        | float
        | bool
        | None
    )
    transient: bool = False


class IdentifyRequest(Struct, frozen=True):
    """The body of `POST /identities/`; an empty identifier asks for an anonymous identity."""

    identifier: Annotated[str, Meta(max_length=fields.IDENTIFIER_LIMIT)] | None = None
    traits: list[TraitInput] = []
    transient: bool = False


class TraitWrite(Struct, frozen=True):
    identifier: str
    trait_key: str
    trait_value: TraitScalar | None

    def as_json(self) -> dict[str, Any]:
        return {
            "identity": {"identifier": self.identifier},
            "trait_value": self.trait_value,
            "trait_key": self.trait_key,
        }


class Increment(Struct, frozen=True):
    identifier: str
    trait_key: str
    increment_by: int


class Evaluation(Struct, frozen=True):
    feature_name: str
    count: int
    enabled_when_evaluated: bool


_identify: Final = msgspec.json.Decoder(IdentifyRequest)


def read_identify(body: bytes) -> IdentifyRequest:
    """The request in a JSON body; the strict decoder first, the one that can explain itself after it."""
    if b"\\u0000" in body:
        return identify_request(parse_json(body))
    try:
        request = _identify.decode(body)
    except msgspec.MsgspecError:
        return identify_request(parse_json(body))
    for trait in request.traits:
        key = trait.trait_key
        if key.strip() is not key:
            return identify_request(parse_json(body))
    return request


def identify_request(data: Any) -> IdentifyRequest:
    members = Fields(data)
    identifier = members.optional("identifier", fields.nullable_text(fields.IDENTIFIER_LIMIT))
    traits = members.optional("traits", fields.not_null(lambda value: fields.items(value, _trait_input)))
    transient = members.optional("transient", fields.boolean)
    members.check()
    return IdentifyRequest(identifier, traits or [], bool(transient))


def _trait_input(data: Any) -> TraitInput:
    members = Fields(data)
    key = members.required("trait_key", fields.text(fields.TRAIT_KEY_LIMIT))
    value = members.required("trait_value", fields.trait_value)
    transient = members.optional("transient", fields.boolean)
    members.check()
    return TraitInput(key or "", value, bool(transient))


def trait_write(data: Any) -> TraitWrite:
    return _trait_write(data, fields.not_null(fields.trait_value))


def bulk_trait_writes(data: Any) -> list[TraitWrite]:
    return fields.items(data, lambda item: _trait_write(item, fields.trait_value))


def _trait_write(data: Any, read_value: Any) -> TraitWrite:
    members = Fields(data)
    identifier = members.required("identity", _identity_identifier)
    key = members.required("trait_key", fields.text(fields.TRAIT_KEY_LIMIT))
    value = members.required("trait_value", read_value)
    members.check()
    return TraitWrite(identifier or "", key or "", value)


def _identity_identifier(data: Any) -> str:
    if data is None:
        raise Refused([fields.NOT_NULL])
    members = Fields(data)
    identifier = members.required("identifier", fields.text(fields.IDENTIFIER_LIMIT))
    members.check()
    return identifier or ""


def increment(data: Any) -> Increment:
    members = Fields(data)
    identifier = members.required("identifier", fields.text(fields.IDENTIFIER_LIMIT))
    key = members.required("trait_key", fields.text(fields.TRAIT_KEY_LIMIT))
    by = members.required("increment_by", fields.integer)
    members.check()
    return Increment(identifier or "", key or "", by or 0)


def evaluations(data: Any) -> list[Evaluation]:
    """The body of analytics v2."""
    members = Fields(data)
    found = members.required("evaluations", fields.not_null(lambda value: fields.items(value, _evaluation)))
    members.check()
    return found or []


def _evaluation(data: Any) -> Evaluation:
    members = Fields(data)
    name = members.required("feature_name", fields.text(2000))
    count = members.required("count", fields.integer)
    enabled = members.required("enabled_when_evaluated", fields.boolean)
    members.optional("identity_identifier", fields.nullable_text(fields.IDENTIFIER_LIMIT))
    members.check()
    return Evaluation(name or "", count or 0, bool(enabled))


def parse_json(body: bytes) -> Any:
    """Any JSON value; an empty body counts as `{}`. Raises MalformedJson with Python's own words."""
    if not body:
        return {}
    try:
        return json.loads(body.decode(), parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError:
        raise MalformedJson("nested too deeply") from None
    except ValueError as error:
        raise MalformedJson(str(error)) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        _refuse_constant(text)
    return number


_FORM_LIST: Final = re.compile(r"^(\w+)\[(\d{1,4})\]\.?(\w+)$", re.ASCII)


def form_data(body: bytes) -> dict[str, Any]:
    """A urlencoded form as the JSON object it stands for: `traits[0]trait_key=a` makes a list of objects."""
    return nest(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10_000))


def nest(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    lists: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in pairs:
        indexed = _FORM_LIST.match(name)
        if indexed:
            lists.setdefault(indexed[1], {}).setdefault(int(indexed[2]), {})[indexed[3]] = value
        else:
            plain[name] = value
    return plain | {name: [by_place[place] for place in sorted(by_place)] for name, by_place in lists.items()}


def traits_json(traits: list[TraitJson]) -> bytes:
    return encode(traits)


def detail(message: str) -> bytes:
    return encode({"detail": message})


def error_body(errors: Errors) -> bytes:
    return encode(errors)
