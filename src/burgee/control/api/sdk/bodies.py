"""What clients of the SDK API send and read, where `wire` reads or writes it piece by piece."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from burgee.wire import fields
from burgee.wire.sdk import IdentityFlagJson, TraitJson, TraitScalar

Identifier = Annotated[str, Meta(max_length=fields.IDENTIFIER_LIMIT)]
TraitKey = Annotated[str, Meta(min_length=1, max_length=fields.TRAIT_KEY_LIMIT)]


class IdentityFlags(Struct):
    identifier: str
    traits: list[TraitJson]
    flags: list[IdentityFlagJson]


class MatchingSegment(Struct):
    id: int
    name: str
    description: str | None


class IdentityByPath(Struct):
    flags: list[IdentityFlagJson]
    traits: list[TraitJson]
    segments: list[MatchingSegment]


class VariantValue(Struct):
    value: str | int | bool | None


class VariantValues(Struct):
    control_value: str | int | bool | None
    options: list[VariantValue]


class IdentityReference(Struct):
    identifier: Annotated[Identifier, Meta(min_length=1)]


class WriteTrait(Struct):
    identity: IdentityReference
    trait_key: TraitKey
    trait_value: TraitScalar


class WriteOrDeleteTrait(Struct):
    """A value that is null deletes the trait."""

    identity: IdentityReference
    trait_key: TraitKey
    trait_value: TraitScalar | None


class TraitIncrement(Struct):
    identifier: Annotated[Identifier, Meta(min_length=1)]
    trait_key: TraitKey
    increment_by: int


class IncrementedTrait(Struct):
    identifier: str
    trait_key: str
    trait_value: int


class TraitValue(Struct):
    trait_value: TraitScalar


class EvaluationReport(Struct):
    feature_name: str
    count: int
    enabled_when_evaluated: bool
    identity_identifier: str | None = None


class EvaluationReports(Struct):
    evaluations: list[EvaluationReport]


class OfrepRequest(Struct):
    """`targetingKey` names the identity; every other member of the context is a trait."""

    context: dict[str, TraitScalar | None] = {}


class OfrepFlag(Struct):
    """A disabled flag has no value, so that the default in the code holds."""

    key: str
    reason: str
    variant: str
    metadata: dict[str, int]
    value: TraitScalar = ""


class OfrepVersion(Struct):
    version: str


class OfrepFlags(Struct):
    flags: list[OfrepFlag]
    metadata: OfrepVersion


class ChangeNotice(Struct):
    updated_at: datetime | float
