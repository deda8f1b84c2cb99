"""Synthetic environments that look like real ones: full descriptions, mixed operators, overrides, splits."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec import Struct

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

ENVIRONMENT_ID: Final = 7
ENVIRONMENT_NAME: Final = "Production"
CLIENT_KEY: Final = "BenchKeyBenchKeyBenchK"
SERVER_KEY: Final = "ser.BenchKeyBenchKeyBenchK"
CREATED: Final = datetime(2026, 1, 5, 9, 30, 12, 345678, tzinfo=UTC)
STORED_IDENTITIES: Final = 5_000
"""How many identities the store holds, each with five traits."""
OVERRIDDEN: Final = 20
"""Identities with an override of their own; none of them asks."""


class Workload(Struct, frozen=True):
    flags: int
    segments: int

    @property
    def name(self) -> str:
        return f"{self.flags}x{self.segments}"


SMALL: Final = Workload(5, 0)
USUAL: Final = Workload(50, 20)
LARGE: Final = Workload(350, 100)
HUGE: Final = Workload(2_000, 500)
WORKLOADS: Final = (SMALL, USUAL, LARGE, HUGE)

PLANS: Final = ("free", "starter", "scale-up", "business", "enterprise")
COUNTRIES: Final = ("DE", "FR", "GB", "US", "BR", "IN", "JP", "ZA")


def traits(number: int) -> dict[str, str | int]:
    """The five traits of an identity; neighbours differ in all of them."""
    return {
        "plan": PLANS[number % len(PLANS)],
        "country": COUNTRIES[number % len(COUNTRIES)],
        "age": 18 + number * 7 % 60,
        "email": f"person{number}@{('example.com', 'example.org', 'mail.example')[number % 3]}",
        "app_version": f"{number % 4}.{number % 10}.{number % 7}",
    }


def delta(workload: Workload) -> Delta:
    """The complete snapshot."""
    segments = [_segment(number) for number in range(1, workload.segments + 1)]
    flags = [_flag(number, workload.segments) for number in range(1, workload.flags + 1)]
    parts: dict[str, Part | None] = {snapshot.SETTINGS: settings()}
    parts |= {snapshot.segment_part(one.segment_id): one for one in segments}
    parts |= {snapshot.flag_part(one.feature_id): one for one in flags}
    parts |= {f"overrides/{one.bucket}": one for one in _identity_overrides(workload)}
    return Delta(
        environment_id=ENVIRONMENT_ID,
        epoch=1,
        revision=1,
        parent=None,
        published_at=CREATED + timedelta(days=30),
        parts=parts,
    )


def settings() -> SettingsPart:
    return SettingsPart(
        environment_id=ENVIRONMENT_ID,
        environment_uuid=_uuid("environment", 1),
        environment_name=ENVIRONMENT_NAME,
        client_key=CLIENT_KEY,
        server_keys=(ServerKey(digest=hashlib.sha256(SERVER_KEY.encode()).hexdigest()),),
        project_id=3,
        project_name="Shop",
        organisation_id=2,
        organisation_name="Example",
    )


def _uuid(kind: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}/{number}"))


def _flag(number: int, segments: int) -> FlagPart:
    return FlagPart(
        feature_id=number,
        name=f"checkout_experience_{number}",
        type="MULTIVARIATE" if number % 10 == 0 else "STANDARD",
        created_date=CREATED + timedelta(hours=number),
        description=f"Part {number} of the check-out",
        initial_value=None,
        default_enabled=number % 3 == 0,
        state=_state(number * 100, enabled=number % 3 != 0, value=_value(number), split=number % 10 == 0),
        overrides=tuple(_overrides(number, segments)),
    )


def _value(number: int) -> FlagValue:
    return (None, f"variation-{number}", number * 10, True, f'{{"colour":"teal","columns":{number}}}')[number % 5]


def _state(number: int, *, enabled: bool, value: FlagValue, split: bool = False) -> State:
    return State(
        id=number,
        uuid=_uuid("state", number),
        enabled=enabled,
        value=value,
        seed=number,
        variants=tuple(_variant(number, place) for place in range(1, 4)) if split else (),
    )


def _variant(number: int, place: int) -> Variant:
    option = number * 10 + place
    return Variant(
        id=option,
        uuid=_uuid("variant", option),
        position=option,
        option_id=option,
        option_key=f"option-{place}",
        value=f"treatment-{place}",
        weight=25,
    )


def _overrides(number: int, segments: int) -> list[SegmentOverride]:
    """Three flags of five have overrides, for two segments each."""
    if not segments or number % 5 not in {1, 2, 3}:
        return []
    chosen = dict.fromkeys((number * 7 % segments + 1, number * 11 % segments + 1))
    return [
        SegmentOverride(
            segment_id=segment,
            feature_segment_id=number * 1_000 + segment,
            priority=priority,
            state=_state(number * 100 + 1 + priority, enabled=True, value=f"for-segment-{segment}"),
        )
        for priority, segment in enumerate(chosen)
    ]


def _segment(number: int) -> SegmentPart:
    """Ten kinds in turn; every second ten ask for traits of their own, which most identities lack."""
    series = (number - 1) // 10
    suffix = "" if series % 2 == 0 else f"_{series}"
    kind = (number - 1) % 10
    return SegmentPart(
        segment_id=number,
        split_key=number,
        name=f"Segment {number}",
        description=f"Shoppers of kind {number}",
        rules=(Rule(type="ALL", rules=(_rule(kind, number, suffix),)),),
    )


def _rule(kind: int, number: int, suffix: str) -> Rule:
    def when(property_: str, operator: str, value: str) -> Condition:
        return Condition(property=property_ + suffix, operator=operator, value=value)

    plan, country = PLANS[number % len(PLANS)], COUNTRIES[number % len(COUNTRIES)]
    kinds = (
        Rule(type="ANY", conditions=(when("plan", "EQUAL", plan),)),
        Rule(type="ANY", conditions=(when("country", "IN", f"{country},NL,SE,IT"),)),
        Rule(type="ALL", conditions=(when("plan", "EQUAL", plan), when("age", "GREATER_THAN", str(20 + number % 40)))),
        Rule(type="ANY", conditions=(when("email", "CONTAINS", f"+team{number}@"), when("plan", "EQUAL", "owner"))),
        Rule(type="ALL", conditions=(when("app_version", "GREATER_THAN_INCLUSIVE", f"{number % 4}.2.0:semver"),)),
        Rule(type="ANY", conditions=(when("email", "REGEX", rf"^[a-z]+{number % 10}\d*@example\.com$"),)),
        Rule(type="ALL", conditions=(when("country", "EQUAL", country), when("plan", "NOT_EQUAL", "free"))),
        Rule(type="ALL", conditions=(when("beta", "IS_SET", ""), when("age", "LESS_THAN", "30"))),
        Rule(type="NONE", conditions=(when("plan", "IN", "free,starter"), when("age", "LESS_THAN", "21"))),
        Rule(type="ALL", conditions=(when("country", "EQUAL", country), _share(number))),
    )
    return kinds[kind]


def _share(number: int) -> Condition:
    return Condition(property="$.identity.key", operator="PERCENTAGE_SPLIT", value=str(10 + number % 50))


def _identity_overrides(workload: Workload) -> list[OverridesPart]:
    """One identity a bucket."""
    return [
        OverridesPart(
            bucket=number,
            identities=(
                OverriddenIdentity(
                    identity_id=number,
                    identifier=f"tester-{number}",
                    created_date=CREATED,
                    flags=(
                        FlagOverride(
                            feature_id=number % workload.flags + 1,
                            state=_state(10_000_000 + number, enabled=True, value="for-tester"),
                        ),
                    ),
                ),
            ),
        )
        for number in range(1, OVERRIDDEN + 1)
    ]


def context(snapshot_: Delta, identifier: str, given: dict[str, str | int]) -> dict[str, Any]:
    """The same environment as the official engine's evaluation context, for one identity."""
    flags = [part for part in snapshot_.parts.values() if isinstance(part, FlagPart)]
    overrides: dict[int, list[dict[str, Any]]] = {}
    for flag in flags:
        for one in flag.overrides:
            overrides.setdefault(one.segment_id, []).append(
                _feature_context(flag, one.state) | {"priority": one.priority}
            )
    return {
        "environment": {"key": CLIENT_KEY, "name": ENVIRONMENT_NAME},
        "identity": {"identifier": identifier, "key": f"{CLIENT_KEY}_{identifier}", "traits": given},
        "features": {flag.name: _feature_context(flag, flag.state) for flag in flags},
        "segments": {
            str(part.segment_id): {
                "key": str(part.split_key),
                "name": part.name,
                "rules": [_rule_context(rule) for rule in part.rules],
                "overrides": overrides.get(part.segment_id, []),
            }
            for part in snapshot_.parts.values()
            if isinstance(part, SegmentPart)
        },
    }


def _feature_context(flag: FlagPart, state: State) -> dict[str, Any]:
    variants = [
        {"key": one.option_key, "value": one.value, "weight": one.weight, "priority": one.position}
        for one in state.variants
    ]
    found: dict[str, Any] = {
        "key": str(state.seed),
        "name": flag.name,
        "enabled": state.enabled,
        "value": state.value,
    }
    return found | {"variants": variants} if variants else found


def _rule_context(rule: Rule) -> dict[str, Any]:
    return {
        "type": rule.type,
        "rules": [_rule_context(nested) for nested in rule.rules],
        "conditions": [
            {"property": one.property or "", "operator": one.operator, "value": one.value or ""}
            for one in rule.conditions
        ],
    }
