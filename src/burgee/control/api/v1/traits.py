"""Stored traits of one identity, one by one."""

import math
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, Missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.identities import identity_in
from burgee.control.environments.models import Environment
from burgee.control.identities.errors import TraitNotFound
from burgee.control.identities.models import TRAIT_NUMBERS, Identity, TraitKey
from burgee.control.identities.rules import INTEGER_LIMIT, KEY_LENGTH, VALUE_LENGTH, TraitValue
from burgee.control.identities.services import add_trait, change_trait, delete_trait, delete_trait_key, rename_trait
from burgee.control.identities.trait_numbers import numbers_of, split_trait_id

VALUE_TYPES = ("int", "unicode", "bool", "float", "")
COLUMN_OF_TYPE = {"int": "integer_value", "bool": "boolean_value", "float": "float_value"}
COLUMNS = ("integer_value", "string_value", "boolean_value", "float_value")
TRUE = frozenset({"true", "1", "yes"})


class FiniteFloatField(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class TraitInput(serializers.Serializer[Any]):
    """A value in typed columns; ``value_type`` names the one that counts."""

    trait_key = serializers.CharField(max_length=KEY_LENGTH)
    value_type = serializers.ChoiceField(VALUE_TYPES, required=False, allow_null=True)
    integer_value = serializers.IntegerField(
        required=False, allow_null=True, min_value=-INTEGER_LIMIT, max_value=INTEGER_LIMIT
    )
    string_value = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=VALUE_LENGTH, trim_whitespace=False
    )
    boolean_value = serializers.BooleanField(required=False, allow_null=True)
    float_value = FiniteFloatField(required=False, allow_null=True)


def trait_value(facts: dict[str, Any]) -> TraitValue:
    """The value that ``value_type`` points at; 400 when that column is empty."""
    column = COLUMN_OF_TYPE.get(facts.get("value_type") or "", "string_value")
    value: TraitValue | None = facts.get(column)
    if value is None:
        raise ValidationError({column: ["This field is required."]})
    return value


def columns(value: TraitValue) -> dict[str, Any]:
    if isinstance(value, bool):
        kind = "bool"
    elif isinstance(value, int):
        kind = "int"
    else:
        kind = "float" if isinstance(value, float) else "unicode"
    filled = COLUMN_OF_TYPE.get(kind, "string_value")
    return {"value_type": kind} | {column: value if column == filled else None for column in COLUMNS}


def trait_json(identity: Identity, number: int, key: str, value: TraitValue) -> dict[str, Any]:
    return {
        "id": identity.pk * TRAIT_NUMBERS + number,
        "trait_key": key,
        **columns(value),
        "created_date": identity.created_date,
    }


def traits_json(identity: Identity) -> list[dict[str, Any]]:
    """All traits, in the order in which the environment met their keys."""
    numbers = numbers_of(identity.environment_id, identity.traits)
    ordered = sorted(identity.traits.items(), key=lambda item: numbers[item[0]])
    return [trait_json(identity, numbers[key], key, value) for key, value in ordered]


def _trait_key(identity: Identity, trait_id: int) -> str:
    identity_id, number = split_trait_id(trait_id)
    key = TraitKey.objects.filter(environment_id=identity.environment_id, number=number).first()
    if identity_id != identity.pk or key is None or key.name not in identity.traits:
        raise TraitNotFound
    return key.name


class Traits(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {"get": Permission.VIEW_IDENTITIES, "post": Permission.MANAGE_IDENTITIES}
    tags = ("identities",)
    accepts = TraitInput

    def get(self, request: Request, environment: Environment, identity_id: int) -> Response:
        return paginated(request, traits_json(identity_in(environment, identity_id)), list)

    def post(self, request: Request, environment: Environment, identity_id: int) -> Response:
        identity = identity_in(environment, identity_id)
        facts = parsed(TraitInput, request)
        key, value = facts["trait_key"], trait_value(facts)
        number = add_trait(environment, identity, key, value, actor=self.actor)
        return Response(trait_json(identity, number, key, value), status=201)


class OneTrait(ApiView):
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    permission = {
        "get": Permission.VIEW_IDENTITIES,
        "put": Permission.MANAGE_IDENTITIES,
        "patch": Permission.MANAGE_IDENTITIES,
        "delete": Permission.MANAGE_IDENTITIES,
    }
    tags = ("identities",)
    accepts = TraitInput

    def get(self, request: Request, environment: Environment, identity_id: int, trait_id: int) -> Response:  # noqa: ARG002
        identity = identity_in(environment, identity_id)
        key = _trait_key(identity, trait_id)
        return Response(trait_json(identity, split_trait_id(trait_id)[1], key, identity.traits[key]))

    def put(self, request: Request, environment: Environment, identity_id: int, trait_id: int) -> Response:
        identity = identity_in(environment, identity_id)
        facts = parsed(TraitInput, request)
        return self._change(environment, identity, _trait_key(identity, trait_id), facts)

    def patch(self, request: Request, environment: Environment, identity_id: int, trait_id: int) -> Response:
        identity = identity_in(environment, identity_id)
        key = _trait_key(identity, trait_id)
        facts = {"trait_key": key} | columns(identity.traits[key]) | parsed(TraitInput, request, partial=True)
        return self._change(environment, identity, key, facts)

    def delete(self, request: Request, environment: Environment, identity_id: int, trait_id: int) -> Response:
        identity = identity_in(environment, identity_id)
        key = _trait_key(identity, trait_id)
        if request.query_params.get("deleteAllMatchingTraits", "").lower() in TRUE:
            delete_trait_key(environment, key, actor=self.actor)
        else:
            delete_trait(environment, identity, key, actor=self.actor)
        return Response(status=204)

    def _change(self, environment: Environment, identity: Identity, key: str, facts: dict[str, Any]) -> Response:
        name, value = facts["trait_key"], trait_value(facts)
        if name == key:
            number = change_trait(environment, identity, key, value, actor=self.actor)
        else:
            number = rename_trait(environment, identity, (key, name), value, actor=self.actor)
        return Response(trait_json(identity, number, name, value))


TRAITS = "environments/<str:environment_key>/identities/<int:identity_id>/traits/"

routes = [path(TRAITS, Traits), path(f"{TRAITS}<int:trait_id>/", OneTrait)]
