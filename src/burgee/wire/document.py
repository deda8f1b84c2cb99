"""The environment document: everything a client needs to evaluate flags by itself."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from burgee.wire import sdk
from burgee.wire.snapshot import (
    FlagPart,
    OverriddenIdentity,
    OverridesPart,
    Part,
    Rule,
    SegmentOverride,
    SegmentPart,
    SettingsPart,
    State,
)

_WHOLE: Final = 100.0


class Document:
    """The document of one revision; fragments of parts that did not change come from the one before."""

    _basis: tuple[set[tuple[int, str, str]], SettingsPart]
    """What every identity's fragment depends on."""

    def __init__(
        self, settings: SettingsPart, updated_at: datetime, parts: Iterable[Part], before: "Document | None" = None
    ) -> None:
        self._settings = settings
        self._updated_at = updated_at
        by_kind: dict[type, list[Any]] = {FlagPart: [], SegmentPart: [], OverridesPart: []}
        for part in parts:
            by_kind.get(type(part), []).append(part)
        self._flags: list[FlagPart] = sorted(by_kind[FlagPart], key=lambda part: part.feature_id)
        self._segments: list[SegmentPart] = sorted(by_kind[SegmentPart], key=lambda part: part.segment_id)
        self._buckets: list[OverridesPart] = sorted(by_kind[OverridesPart], key=lambda part: part.bucket)
        features = {part.feature_id: part for part in self._flags}
        names = {(part.feature_id, part.name, part.type) for part in self._flags}
        known = before._buckets_written if before is not None and before._basis == (names, settings) else {}  # noqa: SLF001  # the same class
        self._basis = (names, settings)
        self._buckets_written: dict[int, tuple[OverridesPart, bytes]] = {}
        for bucket in self._buckets:
            old = known.get(bucket.bucket)
            same = old is not None and old[0] is bucket
            self._buckets_written[bucket.bucket] = (
                old if old is not None and same else (bucket, _bucket_fragment(bucket, features, settings))
            )

    @cached_property
    def body(self) -> bytes:
        settings = self._settings
        head = sdk.encode(
            {
                "id": settings.environment_id,
                "api_key": settings.client_key,
                "name": settings.environment_name,
                "allow_client_traits": settings.allow_client_traits,
                "updated_at": self._updated_at,
                "hide_sensitive_data": settings.hide_sensitive_data,
                "hide_disabled_flags": settings.hide_disabled_flags,
                "use_identity_composite_key_for_hashing": settings.use_identity_composite_key_for_hashing,
                "use_identity_overrides_in_local_eval": settings.use_identity_overrides_in_local_eval,
                "project": self._project(),
                "feature_states": [_state_json(part, part.state, priority=None) for part in self._flags],
            }
        )
        written = [fragment for _, fragment in self._buckets_written.values() if fragment]
        overrides = b",".join(written) if settings.use_identity_overrides_in_local_eval else b""
        return b"".join((head[:-1], b',"identity_overrides":[', overrides, b"]}"))

    def _project(self) -> dict[str, Any]:
        settings = self._settings
        overrides: dict[int, list[tuple[FlagPart, SegmentOverride]]] = {}
        for part in self._flags:
            for override in part.overrides:
                overrides.setdefault(override.segment_id, []).append((part, override))
        return {
            "id": settings.project_id,
            "name": settings.project_name,
            "organisation": {
                "id": settings.organisation_id,
                "name": settings.organisation_name,
                "feature_analytics": settings.feature_analytics,
                "stop_serving_flags": settings.stop_serving_flags,
                "persist_trait_data": settings.persist_trait_data,
            },
            "hide_disabled_flags": settings.project_hide_disabled_flags,
            "enable_realtime_updates": settings.enable_realtime_updates,
            "server_key_only_feature_ids": [part.feature_id for part in self._flags if part.is_server_key_only],
            "segments": [
                _segment_json(part, overrides.get(part.segment_id, []))
                for part in self._segments
                if part.feature_id is None or part.segment_id in overrides
            ],
        }


def _segment_json(part: SegmentPart, overrides: list[tuple[FlagPart, SegmentOverride]]) -> dict[str, Any]:
    return {
        "id": part.split_key,
        "name": part.name,
        "rules": [_rule_json(rule) for rule in part.rules],
        "feature_states": [
            _state_json(flag, override.state, priority=override.priority) for flag, override in overrides
        ],
    }


def _rule_json(rule: Rule) -> dict[str, Any]:
    return {
        "type": rule.type,
        "rules": [_rule_json(nested) for nested in rule.rules],
        "conditions": [
            {"operator": one.operator, "value": one.value, "property_": one.property} for one in rule.conditions
        ],
    }


def _state_json(part: FlagPart, state: State, *, priority: int | None) -> dict[str, Any]:
    return {
        "feature": {"id": part.feature_id, "name": part.name, "type": part.type},
        "enabled": state.enabled,
        "django_id": state.seed,
        "feature_segment": None if priority is None else {"priority": priority},
        "featurestate_uuid": state.uuid,
        "feature_state_value": state.value,
        "multivariate_feature_state_values": [
            {
                "multivariate_feature_option": {"value": one.value, "id": one.option_id, "key": one.option_key},
                "percentage_allocation": one.weight,
                "id": one.position,
                "mv_fs_value_uuid": one.uuid,
            }
            for one in state.variants
        ],
    }


def _bucket_fragment(bucket: OverridesPart, features: Mapping[int, FlagPart], settings: SettingsPart) -> bytes:
    return b",".join(sdk.encode(_identity_json(one, features, settings)) for one in bucket.identities)


def _identity_json(
    identity: OverriddenIdentity, features: Mapping[int, FlagPart], settings: SettingsPart
) -> dict[str, Any]:
    key = settings.client_key
    return {
        "identifier": identity.identifier,
        "environment_api_key": key,
        "created_date": identity.created_date,
        "identity_features": [
            _identity_state_json(features[override.feature_id], override.state)
            for override in identity.flags
            if override.feature_id in features
        ],
        "identity_traits": [],
        "identity_uuid": str(identity_uuid(settings.environment_uuid, identity.identifier)),
        "django_id": identity.identity_id,
        "dashboard_alias": None,
        "composite_key": f"{key}_{identity.identifier}",
    }


def identity_uuid(environment_uuid: str, identifier: str) -> uuid.UUID:
    """The uuid of an identity: derived, so that it needs no column and is the same after a move."""
    return uuid.uuid5(uuid.UUID(environment_uuid), identifier)


def _identity_state_json(part: FlagPart, state: State) -> dict[str, Any]:
    """Local evaluators read only the value of an identity's state, so a variant of 100 % is written as the value."""
    whole = next((one for one in state.variants if one.weight >= _WHOLE), None)
    written = _state_json(part, state, priority=None)
    if whole is not None:
        written["feature_state_value"] = whole.value
    return written
