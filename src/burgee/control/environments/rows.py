"""Rows of environments, without events: `targeting.openings` calls these, because an environment opens with flags."""

from typing import Any, Final

from burgee.control.environments.errors import EnvironmentNameTaken
from burgee.control.environments.models import Environment, environment_key
from burgee.control.events.catalog import ObjectType
from burgee.control.events.publish import Change, Scope
from burgee.control.kit import clock, ids
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.projects.models import Project

SETTINGS: Final = (
    "description",
    "minimum_change_request_approvals",
    "is_protected",
    "allow_client_traits",
    "banner_text",
    "banner_colour",
    "hide_disabled_flags",
    "hide_sensitive_data",
    "use_identity_composite_key_for_hashing",
    "use_identity_overrides_in_local_eval",
    "use_v2_feature_versioning",
)
"""What a clone takes over."""


def add_environment(project: Project, name: str, **facts: Any) -> Environment:
    """A new environment under a new client key; raises EnvironmentNameTaken."""
    api_key = ids.short_uuid()
    with on_violation(EnvironmentNameTaken()):
        return Environment.objects.create(
            project=project,
            name=name,
            live_key=environment_key(project.pk, name),
            api_key=api_key,
            key_digest=sha256_hex(api_key),
            **facts,
        )


def copy_environment(source: Environment, name: str) -> Environment:
    """A new environment with the settings of `source`; not its keys."""
    return add_environment(source.project, name, **{field: getattr(source, field) for field in SETTINGS})


def bury_environment(environment: Environment) -> None:
    """Mark it deleted and free its name."""
    environment.deleted_at = clock.now()
    environment.live_key = None
    environment.save(update_fields=["deleted_at", "live_key"])


def scope_of(environment: Environment) -> Scope:
    """Where events about this environment happen."""
    project = environment.project
    return Scope(organisation_id=project.organisation_id, project_id=project.pk, environment_id=environment.pk)


def environment_change(environment: Environment, action: str, **values: Any) -> Change:
    """The environment's line in an event; `values` may be ``before`` and ``after``."""
    return Change(
        object=ObjectType.ENVIRONMENT,
        action=action,
        id=environment.pk,
        uuid=str(environment.uuid),
        environment_id=environment.pk,
        **values,
    )
