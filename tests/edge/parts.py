"""Builders of snapshots: each test names only what it is about."""

import hashlib
from datetime import UTC, datetime

from burgee.wire import snapshot
from burgee.wire.snapshot import (
    Condition,
    Delta,
    FlagOverride,
    FlagPart,
    FlagValue,
    OverriddenIdentity,
    OverridesPart,
    Part,
    Rule,
    SegmentOverride,
    SegmentPart,
    ServerKey,
    SettingsPart,
    State,
    Variant,
)

CLIENT_KEY = "cwYcANJ3AJN6hSQVfJZpED"
SERVER_KEY = "ser.X8YSj6p2ZtyW8cXhmusrsd"
CREATED = datetime(2026, 11, 21, 19, 37, 59, 342076, tzinfo=UTC)
PUBLISHED = datetime(2026, 11, 21, 19, 38, 28, 853386, tzinfo=UTC)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def settings(**changes) -> SettingsPart:
    values = {
        "environment_id": 2,
        "environment_uuid": "08a5874f-310e-4327-aebd-48377979be8e",
        "environment_name": "Production",
        "client_key": CLIENT_KEY,
        "server_keys": (ServerKey(digest=digest(SERVER_KEY)),),
        "project_id": 1,
        "project_name": "Project",
        "organisation_id": 1,
        "organisation_name": "Organisation",
    }
    return SettingsPart(**{**values, **changes})


def uuid_of(number: int) -> str:
    return f"20931ea7-7ea6-4a00-b6de-{number:012d}"


def state(number: int, *, enabled: bool = True, value: FlagValue = None, variants: tuple[Variant, ...] = ()) -> State:
    return State(id=number, uuid=uuid_of(number), enabled=enabled, value=value, seed=number, variants=variants)


def variant(number: int, value: FlagValue, weight: float, key: str | None = None) -> Variant:
    return Variant(
        id=number, uuid=uuid_of(number), position=number, option_id=number, option_key=key, value=value, weight=weight
    )


def flag(feature_id: int, name: str | None = None, **changes) -> FlagPart:
    enabled, value = changes.pop("enabled", True), changes.pop("value", None)
    variants = changes.pop("variants", ())
    values = {
        "feature_id": feature_id,
        "name": name or f"flag_{feature_id}",
        "type": "MULTIVARIATE" if variants else "STANDARD",
        "created_date": CREATED,
        "description": "A flag",
        "initial_value": None,
        "default_enabled": True,
        "state": state(feature_id * 10, enabled=enabled, value=value, variants=variants),
    }
    return FlagPart(**{**values, **changes})


def override(segment_id: int, number: int, *, priority: int = 0, **of_state) -> SegmentOverride:
    return SegmentOverride(
        segment_id=segment_id, feature_segment_id=number, priority=priority, state=state(number, **of_state)
    )


def segment(segment_id: int, *conditions: Condition, feature_id: int | None = None) -> SegmentPart:
    rules = (Rule(type="ALL", rules=(Rule(type="ANY", conditions=conditions),)),)
    return SegmentPart(
        segment_id=segment_id,
        split_key=segment_id,
        name=f"segment_{segment_id}",
        description=f"Segment {segment_id}",
        feature_id=feature_id,
        rules=rules,
    )


def when(property_: str, operator: str, value: str) -> Condition:
    return Condition(operator=operator, property=property_, value=value)


def overridden(identity_id: int, identifier: str, *flags: tuple[int, State]) -> OverridesPart:
    identity = OverriddenIdentity(
        identity_id=identity_id,
        identifier=identifier,
        created_date=CREATED,
        flags=tuple(FlagOverride(feature_id=feature_id, state=one) for feature_id, one in flags),
    )
    return OverridesPart(bucket=identity_id % snapshot.OVERRIDE_BUCKETS, identities=(identity,))


def part_name(part: Part) -> str:
    match part:
        case SettingsPart():
            return snapshot.SETTINGS
        case FlagPart():
            return snapshot.flag_part(part.feature_id)
        case SegmentPart():
            return snapshot.segment_part(part.segment_id)
        case OverridesPart():
            return f"overrides/{part.bucket}"


def complete(
    *parts: Part, revision: int = 1, epoch: int = 1, environment_id: int = 2, at: datetime = PUBLISHED
) -> Delta:
    return Delta(
        environment_id=environment_id,
        epoch=epoch,
        revision=revision,
        parent=None,
        published_at=at,
        parts={part_name(part): part for part in parts},
    )


def change(revision: int, *parts: Part, removed: tuple[str, ...] = (), environment_id: int = 2) -> Delta:
    return Delta(
        environment_id=environment_id,
        epoch=1,
        revision=revision,
        parent=revision - 1,
        published_at=PUBLISHED,
        parts={part_name(part): part for part in parts} | dict.fromkeys(removed),
    )
