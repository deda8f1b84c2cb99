"""The parts of an environment's snapshot, built from its rows: all of them, or the named ones."""

from collections.abc import Iterable, Iterator

import msgspec
from django.db.models import Q, QuerySet
from msgspec import structs

from burgee.control.environments.models import Environment, ServerKey
from burgee.control.features.models import Feature
from burgee.control.identities.models import Identity
from burgee.control.kit.prepared import Prepared
from burgee.control.publishing.names import EVERYTHING, Wanted, wanted
from burgee.control.publishing.states import wire_states
from burgee.control.segments.models import Segment
from burgee.control.targeting.models import FeatureState, VersionStatus
from burgee.wire import snapshot as wire
from burgee.wire.snapshot import Part

_SERVED = Prepared(lambda environment_id: Environment.objects.served().only("project_id").filter(pk=environment_id))
_NAMED_STATES = Prepared(
    lambda environment_id, feature_ids: _living_states(environment_id).filter(feature_id__in=feature_ids)
)
_NAMED_FEATURES = Prepared(lambda project_id, ids: _living_features(project_id).filter(pk__in=ids))


def build_all(environment_id: int) -> dict[str, Part]:
    """Every part of the environment by name; none for one that is deleted, itself or above, or still being made."""
    environment = served(environment_id)
    return {} if environment is None else _build(environment, EVERYTHING)


def build_many(environment_id: int, names: Iterable[str]) -> dict[str, Part | None]:
    """The named parts; None for what is no longer there."""
    environment = served(environment_id)
    return dict.fromkeys(names) if environment is None else parts_of(environment, names)


def served(environment_id: int) -> Environment | None:
    """The environment, with no more than where it belongs; None for one that has no snapshot."""
    return _SERVED.first(environment_id=environment_id)


def parts_of(environment: Environment, names: Iterable[str] | None) -> dict[str, Part | None]:
    """The named parts of a `served` environment, None for what is no longer there; without names, all there are."""
    if names is None:
        return dict(_build(environment, EVERYTHING))
    asked = list(names)
    built = _build(environment, wanted(asked))
    return {name: built.get(name) for name in asked}


def parts_for(environment_id: int, identity_id: int | None) -> dict[str, Part]:
    """All that decides what one identity gets, or nobody in particular: the overrides of most others are left out."""
    environment = served(environment_id)
    if environment is None:
        return {}
    buckets = frozenset[int]() if identity_id is None else frozenset({identity_id % wire.OVERRIDE_BUCKETS})
    return _build(environment, structs.replace(EVERYTHING, buckets=buckets))


def build(environment_id: int, name: str) -> Part | None:
    """One part, or None."""
    return build_many(environment_id, [name])[name]


def _build(environment: Environment, asked: Wanted) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    if asked.settings:
        parts[wire.SETTINGS] = _settings(environment.pk)
    parts.update((wire.flag_part(part.feature_id), part) for part in _flags(environment, asked.flags))
    parts.update((wire.segment_part(part.segment_id), part) for part in _segments(environment, asked.segments))
    parts.update((wire.overrides_part(part.bucket), part) for part in _overrides(environment, asked.buckets))
    return parts


def _settings(environment_id: int) -> wire.SettingsPart:
    environment = Environment.objects.select_related("project__organisation").get(pk=environment_id)
    project, organisation = environment.project, environment.project.organisation
    keys = ServerKey.objects.filter(environment=environment).order_by("digest")
    return wire.SettingsPart(
        environment_id=environment.pk,
        environment_uuid=str(environment.uuid),
        environment_name=environment.name,
        client_key=environment.api_key,
        server_keys=tuple(
            wire.ServerKey(digest=key.digest, active=key.active, expires_at=key.expires_at) for key in keys
        ),
        allow_client_traits=environment.allow_client_traits,
        hide_disabled_flags=environment.hide_disabled_flags,
        hide_sensitive_data=environment.hide_sensitive_data,
        use_identity_composite_key_for_hashing=environment.use_identity_composite_key_for_hashing,
        use_identity_overrides_in_local_eval=environment.use_identity_overrides_in_local_eval,
        project_id=project.pk,
        project_name=project.name,
        project_hide_disabled_flags=project.hide_disabled_flags,
        enable_realtime_updates=project.enable_realtime_updates,
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        feature_analytics=organisation.feature_analytics,
        stop_serving_flags=organisation.stop_serving_flags,
        persist_trait_data=organisation.persist_trait_data,
    )


def _flags(environment: Environment, ids: frozenset[int] | None) -> Iterator[wire.FlagPart]:
    if ids is not None and not ids:
        return
    if ids is None:
        rows, features = list(_living_states(environment.pk)), list(_living_features(environment.project_id))
    else:
        rows = _NAMED_STATES.all(environment_id=environment.pk, feature_ids=list(ids))
        features = _NAMED_FEATURES.all(project_id=environment.project_id, ids=list(ids))
    defaults: dict[int, wire.State] = {}
    overrides: dict[int, list[wire.SegmentOverride]] = {}
    for row, state in wire_states(rows):
        if row.feature_segment is None:
            defaults[row.feature_id] = state
            continue
        override = wire.SegmentOverride(
            segment_id=row.feature_segment.segment_id,
            feature_segment_id=row.feature_segment.pk,
            priority=row.feature_segment.priority,
            state=state,
        )
        overrides.setdefault(row.feature_id, []).append(override)
    for feature in features:
        if feature.pk in defaults:
            ordered = sorted(overrides.get(feature.pk, ()), key=lambda item: (item.priority, item.segment_id))
            yield _flag(feature, defaults[feature.pk], ordered)


def _living_states(environment_id: int) -> QuerySet[FeatureState]:
    rows = FeatureState.objects.filter(environment_id=environment_id, feature__deleted_at=None)
    return rows.filter(version__status=VersionStatus.LIVE).select_related("feature_segment")


def _living_features(project_id: int) -> QuerySet[Feature]:
    return Feature.objects.filter(project_id=project_id, deleted_at=None)


def _flag(feature: Feature, default: wire.State, overrides: Iterable[wire.SegmentOverride]) -> wire.FlagPart:
    return wire.FlagPart(
        feature_id=feature.pk,
        name=feature.name,
        type=feature.type,
        created_date=feature.created_date,
        description=feature.description,
        initial_value=feature.initial_value,
        default_enabled=feature.default_enabled,
        is_server_key_only=feature.is_server_key_only,
        is_archived=feature.is_archived,
        state=default,
        overrides=tuple(overrides),
    )


def _segments(environment: Environment, ids: frozenset[int] | None) -> Iterator[wire.SegmentPart]:
    if ids is not None and not ids:
        return
    named = Q() if ids is None else Q(pk__in=ids)
    for segment in Segment.objects.filter(named, project_id=environment.project_id, deleted_at=None):
        yield wire.SegmentPart(
            segment_id=segment.pk,
            split_key=segment.pk if segment.split_key is None else segment.split_key,
            name=segment.name,
            description=segment.description,
            feature_id=segment.feature_id,
            rules=msgspec.convert(segment.rules, tuple[wire.Rule, ...]),
        )


def _overrides(environment: Environment, buckets: frozenset[int] | None) -> Iterator[wire.OverridesPart]:
    if buckets is not None and not buckets:
        return
    named = Q(identity_bucket__isnull=False) if buckets is None else Q(identity_bucket__in=buckets)
    rows = FeatureState.objects.filter(named, environment=environment, feature__deleted_at=None)
    flags: dict[int, list[wire.FlagOverride]] = {}
    for row, state in wire_states(list(rows.order_by("feature_id"))):
        override = wire.FlagOverride(feature_id=row.feature_id, state=state)
        flags.setdefault(row.identity_id or 0, []).append(override)
    by_bucket: dict[int, list[wire.OverriddenIdentity]] = {}
    known = Identity.objects.in_environment(environment.pk).filter(pk__in=rows.order_by().values("identity_id"))
    for identity in known.only("identifier", "created_date").order_by("id"):
        overridden = wire.OverriddenIdentity(
            identity_id=identity.pk,
            identifier=identity.identifier,
            created_date=identity.created_date,
            flags=tuple(flags.get(identity.pk, ())),
        )
        by_bucket.setdefault(identity.pk % wire.OVERRIDE_BUCKETS, []).append(overridden)
    for bucket, identities in by_bucket.items():
        yield wire.OverridesPart(bucket=bucket, identities=tuple(identities))
