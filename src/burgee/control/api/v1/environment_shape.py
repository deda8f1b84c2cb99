"""The JSON of an environment, as several resources show it."""

from collections.abc import Sequence
from typing import Any

from burgee.control.api.v1.custom_field_json import metadata_of
from burgee.control.custom_fields.models import Kind
from burgee.control.environments.models import Environment


def present_environment(environment: Environment) -> dict[str, Any]:
    return present_environments([environment])[0]


def present_environments(environments: Sequence[Environment]) -> list[dict[str, Any]]:
    metadata = metadata_of(Kind.ENVIRONMENT, [environment.pk for environment in environments])
    return [_present(environment, metadata[environment.pk]) for environment in environments]


def _present(environment: Environment, metadata: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": environment.pk,
        "uuid": environment.uuid,
        "name": environment.name,
        "api_key": environment.api_key,
        "description": environment.description,
        "project": environment.project_id,
        "minimum_change_request_approvals": environment.minimum_change_request_approvals,
        "is_protected": environment.is_protected,
        "allow_client_traits": environment.allow_client_traits,
        "banner_text": environment.banner_text,
        "banner_colour": environment.banner_colour,
        "hide_disabled_flags": environment.hide_disabled_flags,
        "use_mv_v2_evaluation": environment.use_identity_composite_key_for_hashing,
        "use_identity_composite_key_for_hashing": environment.use_identity_composite_key_for_hashing,
        "hide_sensitive_data": environment.hide_sensitive_data,
        "use_v2_feature_versioning": environment.use_v2_feature_versioning,
        "use_identity_overrides_in_local_eval": environment.use_identity_overrides_in_local_eval,
        "is_creating": environment.is_creating,
        "metadata": metadata,
    }
