"""Grants as clients write and read them."""

from typing import Any, Final

from rest_framework import serializers

from burgee.control.access.grants import Entry
from burgee.control.access.models import Grant
from burgee.control.access.permissions import CATALOGUE, Level
from burgee.control.api.v1.fields import IdField, IdListField

KEYS: Final = {level: [str(entry.permission) for entry in entries] for level, entries in CATALOGUE.items()}


class KeyField(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": 'Invalid pk "{input}" - object does not exist.'}

    def __init__(self, level: Level, **options: Any) -> None:
        super().__init__(choices=KEYS[level], **options)


class OrganisationKeys(serializers.Serializer[Any]):
    permissions = serializers.ListField(child=KeyField(Level.ORGANISATION), default=list)


class ProjectKeys(serializers.Serializer[Any]):
    permissions = serializers.ListField(child=KeyField(Level.PROJECT), default=list)
    admin = serializers.BooleanField(default=False)


class EnvironmentKeys(serializers.Serializer[Any]):
    permissions = serializers.ListField(child=KeyField(Level.ENVIRONMENT), default=list)
    admin = serializers.BooleanField(default=False)


class ToUser(serializers.Serializer[Any]):
    user = IdField()


class ToGroup(serializers.Serializer[Any]):
    group = IdField()


class OrganisationUserGrant(ToUser, OrganisationKeys): ...


class OrganisationGroupGrant(ToGroup, OrganisationKeys): ...


class ProjectUserGrant(ToUser, ProjectKeys): ...


class ProjectGroupGrant(ToGroup, ProjectKeys): ...


class EnvironmentUserGrant(ToUser, EnvironmentKeys): ...


class EnvironmentGroupGrant(ToGroup, EnvironmentKeys): ...


class ProjectEntry(serializers.Serializer[Any]):
    permission_key = KeyField(Level.PROJECT)
    tags = IdListField(default=())


class EnvironmentEntry(serializers.Serializer[Any]):
    permission_key = KeyField(Level.ENVIRONMENT)
    tags = IdListField(default=())


class RoleProjectGrant(serializers.Serializer[Any]):
    project = IdField()
    permissions = ProjectEntry(many=True)
    admin = serializers.BooleanField(default=False)


class RoleEnvironmentGrant(serializers.Serializer[Any]):
    environment = IdField()
    permissions = EnvironmentEntry(many=True)
    admin = serializers.BooleanField(default=False)


def plain_entries(facts: dict[str, Any]) -> list[Entry] | None:
    """The keys of a body; None when it names none."""
    return [Entry(key) for key in facts["permissions"]] if "permissions" in facts else None


def tagged_entries(facts: dict[str, Any]) -> list[Entry] | None:
    if "permissions" not in facts:
        return None
    return [Entry(entry["permission_key"], entry["tags"]) for entry in facts["permissions"]]


def keys_of(grant: Grant) -> list[str]:
    return [entry["key"] for entry in grant.permissions]


def entries_json(grant: Grant) -> list[dict[str, Any]]:
    return [{"permission_key": entry["key"], "tags": entry["tags"]} for entry in grant.permissions]
