"""Lines of the log as receivers of webhooks get them."""

from typing import Any

from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import Surroundings
from burgee.control.audit.services import lines_about
from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.projects.models import Project


def lines_for_receivers(event: Event) -> list[dict[str, Any]]:
    """The lines that tell `event`."""
    lines = lines_about(event)
    around = Surroundings.of(lines)
    return [_told(line, around) for line in lines]


def _told(line: AuditLog, around: Surroundings) -> dict[str, Any]:
    return {
        "id": line.pk,
        "created_date": line.occurred_at,
        "log": line.log,
        "author": around.author(line),
        "environment": _environment(around.environments.get(line.environment_id or 0)),
        "project": _project(around.projects.get(line.project_id or 0)),
        "related_object_id": line.object_id,
        "related_object_uuid": line.object_uuid,
        "related_object_type": line.object_type,
        "is_system_event": line.is_system_event,
    }


def _environment(row: Environment | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.pk,
        "uuid": row.uuid,
        "name": row.name,
        "api_key": row.api_key,
        "description": row.description,
        "project": row.project_id,
        "minimum_change_request_approvals": row.minimum_change_request_approvals,
        "allow_client_traits": row.allow_client_traits,
        "banner_text": row.banner_text,
        "banner_colour": row.banner_colour,
        "hide_disabled_flags": row.hide_disabled_flags,
        "use_mv_v2_evaluation": row.use_identity_composite_key_for_hashing,
        "use_identity_composite_key_for_hashing": row.use_identity_composite_key_for_hashing,
        "hide_sensitive_data": row.hide_sensitive_data,
        "use_v2_feature_versioning": row.use_v2_feature_versioning,
        "use_identity_overrides_in_local_eval": row.use_identity_overrides_in_local_eval,
        "is_creating": row.is_creating,
    }


def _project(row: Project | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.pk,
        "uuid": row.uuid,
        "name": row.name,
        "organisation": row.organisation_id,
        "hide_disabled_flags": row.hide_disabled_flags,
        "enable_dynamo_db": False,
        "migration_status": "NOT_APPLICABLE",
        "use_edge_identities": False,
        "prevent_flag_defaults": row.prevent_flag_defaults,
        "enable_realtime_updates": row.enable_realtime_updates,
        "only_allow_lower_case_feature_names": row.only_allow_lower_case_feature_names,
        "feature_name_regex": row.feature_name_regex,
        "show_edge_identity_overrides_for_feature": row.show_edge_identity_overrides_for_feature,
        "stale_flags_limit_days": row.stale_flags_limit_days,
        "edge_v2_migration_status": "NOT_STARTED",
        "minimum_change_request_approvals": row.minimum_change_request_approvals,
        "enforce_feature_owners": row.enforce_feature_owners,
    }
