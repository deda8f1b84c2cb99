"""What may be done: the keys that roles will grant, and the standings that membership gives."""

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Permission(StrEnum):
    """The first five are standings and cannot be granted; the rest are the keys of grants."""

    SIGNED_IN = "signed_in"
    ORGANISATION_MEMBER = "organisation_member"
    ORGANISATION_ADMIN = "organisation_admin"
    PROJECT_ADMIN = "project_admin"
    ENVIRONMENT_ADMIN = "environment_admin"

    CREATE_PROJECT = "CREATE_PROJECT"
    MANAGE_USER_GROUPS = "MANAGE_USER_GROUPS"

    VIEW_PROJECT = "VIEW_PROJECT"
    CREATE_ENVIRONMENT = "CREATE_ENVIRONMENT"
    DELETE_FEATURE = "DELETE_FEATURE"
    CREATE_FEATURE = "CREATE_FEATURE"
    EDIT_FEATURE = "EDIT_FEATURE"
    MANAGE_SEGMENTS = "MANAGE_SEGMENTS"
    VIEW_AUDIT_LOG = "VIEW_AUDIT_LOG"
    MANAGE_PROJECT_LEVEL_CHANGE_REQUESTS = "MANAGE_PROJECT_LEVEL_CHANGE_REQUESTS"
    APPROVE_PROJECT_LEVEL_CHANGE_REQUESTS = "APPROVE_PROJECT_LEVEL_CHANGE_REQUESTS"
    CREATE_PROJECT_LEVEL_CHANGE_REQUESTS = "CREATE_PROJECT_LEVEL_CHANGE_REQUESTS"
    MANAGE_TAGS = "MANAGE_TAGS"

    VIEW_ENVIRONMENT = "VIEW_ENVIRONMENT"
    UPDATE_FEATURE_STATE = "UPDATE_FEATURE_STATE"
    MANAGE_IDENTITIES = "MANAGE_IDENTITIES"
    VIEW_IDENTITIES = "VIEW_IDENTITIES"
    CREATE_CHANGE_REQUEST = "CREATE_CHANGE_REQUEST"
    APPROVE_CHANGE_REQUEST = "APPROVE_CHANGE_REQUEST"
    MANAGE_SEGMENT_OVERRIDES = "MANAGE_SEGMENT_OVERRIDES"


FOR_EVERY_MEMBER: Final = frozenset({Permission.SIGNED_IN, Permission.ORGANISATION_MEMBER})
"""What belonging to the organisation is enough for."""


class Level(StrEnum):
    """The kinds of places in which something can be granted."""

    ORGANISATION = "organisation"
    PROJECT = "project"
    ENVIRONMENT = "environment"


class Grantable(Struct, frozen=True):
    """A key of grants, as the catalogues show it."""

    permission: Permission
    description: str
    supports_tags: bool = False


CATALOGUE: Final[dict[Level, tuple[Grantable, ...]]] = {
    Level.ORGANISATION: (
        Grantable(Permission.CREATE_PROJECT, "Allows the user to create projects in this organisation."),
        Grantable(
            Permission.MANAGE_USER_GROUPS,
            "Allows the user to manage the groups in the organisation and their members.",
        ),
    ),
    Level.PROJECT: (
        Grantable(Permission.VIEW_PROJECT, "See the project."),
        Grantable(Permission.CREATE_ENVIRONMENT, "Create environments in the project."),
        Grantable(Permission.DELETE_FEATURE, "Delete features of the project.", supports_tags=True),
        Grantable(Permission.CREATE_FEATURE, "Create features in the project."),
        Grantable(Permission.EDIT_FEATURE, "Edit features of the project."),
        Grantable(Permission.MANAGE_SEGMENTS, "Create, change and delete segments of the project."),
        Grantable(Permission.VIEW_AUDIT_LOG, "Read the audit log of the project."),
        Grantable(
            Permission.MANAGE_PROJECT_LEVEL_CHANGE_REQUESTS, "Publish and delete change requests of the project."
        ),
        Grantable(Permission.APPROVE_PROJECT_LEVEL_CHANGE_REQUESTS, "Approve change requests of the project."),
        Grantable(Permission.CREATE_PROJECT_LEVEL_CHANGE_REQUESTS, "Create change requests of the project."),
        Grantable(Permission.MANAGE_TAGS, "Create, change and delete tags of the project."),
    ),
    Level.ENVIRONMENT: (
        Grantable(Permission.VIEW_ENVIRONMENT, "View permission for the given environment."),
        Grantable(
            Permission.UPDATE_FEATURE_STATE, "Update the state or value for a given feature state.", supports_tags=True
        ),
        Grantable(Permission.MANAGE_IDENTITIES, "Manage identities in the given environment."),
        Grantable(
            Permission.CREATE_CHANGE_REQUEST,
            "Permission to create change requests in the given environment.",
            supports_tags=True,
        ),
        Grantable(
            Permission.APPROVE_CHANGE_REQUEST,
            "Permission to approve change requests in the given environment.",
            supports_tags=True,
        ),
        Grantable(Permission.VIEW_IDENTITIES, "View identities in the given environment."),
        Grantable(
            Permission.MANAGE_SEGMENT_OVERRIDES,
            "Permission to manage segment overrides in the given environment",
            supports_tags=True,
        ),
    ),
}

LEVEL_OF: Final = {entry.permission: level for level, entries in CATALOGUE.items() for entry in entries}
"""Where a key is granted; standings are missing."""

TAG_LIMITED: Final = frozenset(
    entry.permission for entries in CATALOGUE.values() for entry in entries if entry.supports_tags
)
"""The keys that tags can limit to some features."""
