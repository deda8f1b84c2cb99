"""What Burgee's own reading routes answer with, as the OpenAPI document tells it, and the pieces they share."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from burgee.control.access.permissions import Permission
from burgee.control.accounts.models import User
from burgee.control.api.base import ApiView, get_or_missing
from burgee.control.environments.models import Environment
from burgee.control.environments.queries import environment_with_key
from burgee.control.features.models import Feature
from burgee.control.insight.crowd import Person
from burgee.control.projects.models import Project


@extend_schema_field({"nullable": True, "oneOf": [{"type": kind} for kind in ("string", "number", "boolean")]})
class PlainValueField(serializers.Field[Any, Any, Any, Any]):
    """A value as plain JSON."""

    def to_representation(self, value: Any) -> Any:
        return value


class NamedJson(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PlaceJson(NamedJson):
    api_key = serializers.CharField()


class PersonJson(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    identifier = serializers.CharField()


class AuthorJson(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()


class OutcomeJson(serializers.Serializer[Any]):
    enabled = serializers.BooleanField()
    value = PlainValueField(allow_null=True)
    variant = serializers.CharField(allow_null=True)


class PastEditJson(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    author = serializers.CharField()
    object = serializers.CharField()
    action = serializers.CharField()
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)


def from_and_to(name: str, **fields: serializers.Field[Any, Any, Any, Any]) -> type[serializers.Serializer[Any]]:
    """A serializer with the fields `from` and `to`, which Python keeps for itself, and others."""
    source, target = fields.pop("source_side"), fields.pop("target_side")
    return type(inline_serializer(name, {"from": source, "to": target, **fields}))


def named(row: Feature | Environment | Project) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name}


def place_json(environment: Environment) -> dict[str, Any]:
    return named(environment) | {"api_key": environment.api_key}


def people_json(view: ApiView, environment: Environment, people: Iterable[Person]) -> list[dict[str, Any]]:
    """Identities as samples; none for callers who may not see identities."""
    if not view.allows(Permission.VIEW_IDENTITIES, environment):
        return []
    return [{"id": person.id, "identifier": person.identifier} for person in people]


def author_json(user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    return {"id": user.pk, "email": user.email, "first_name": user.first_name, "last_name": user.last_name}


def environment_of(view: ApiView, project: Project, key: str) -> Environment:
    """The environment of the project with this key; 404 for foreign ones, and for those the caller may not view."""
    living = Environment.objects.living().filter(project=project).select_related("project__organisation")
    found = get_or_missing(living, pk=getattr(environment_with_key(key), "pk", 0))
    if not view.allows(Permission.VIEW_ENVIRONMENT, found):
        return get_or_missing(living, pk=0)
    return found
