"""The snapshot of an environment: immutable parts, and the deltas that carry them from control to edge.

A part is stored once under the SHA-256 of its JSON. A snapshot is a set of named parts under an
``(epoch, revision)`` that only grows; a restored database draws a new, higher epoch.
"""

import hashlib
from datetime import datetime
from typing import Final, Literal

import msgspec
from msgspec import Struct

FORMAT: Final = 1
"""Version of the shapes below; control writes it, the edge reads this one and the one before."""

OVERRIDE_BUCKETS: Final = 256

FlagValue = str | int | bool | None
RuleType = Literal["ALL", "ANY", "NONE"]


class ServerKey(Struct, frozen=True, kw_only=True):
    """A server-side key: only its SHA-256 hex digest leaves the control plane."""

    digest: str
    active: bool = True
    expires_at: datetime | None = None


class SettingsPart(Struct, frozen=True, kw_only=True, tag_field="part", tag="settings"):
    """What the environment, its project and its organisation decide for every flag."""

    environment_id: int
    environment_uuid: str
    environment_name: str
    client_key: str
    server_keys: tuple[ServerKey, ...] = ()
    allow_client_traits: bool = True
    hide_disabled_flags: bool | None = None
    hide_sensitive_data: bool = False
    use_identity_composite_key_for_hashing: bool = True
    use_identity_overrides_in_local_eval: bool = True
    project_id: int
    project_name: str
    project_hide_disabled_flags: bool = False
    enable_realtime_updates: bool = False
    organisation_id: int
    organisation_name: str
    feature_analytics: bool = False
    stop_serving_flags: bool = False
    persist_trait_data: bool = True


class Variant(Struct, frozen=True, kw_only=True):
    """One weighted value of a state; ``position`` orders the split and is the document's mv-value id."""

    id: int
    uuid: str
    position: int
    option_id: int
    option_key: str | None = None
    value: FlagValue
    weight: float


class State(Struct, frozen=True, kw_only=True):
    """A feature state: ``seed`` is the bucketing seed, emitted as ``django_id``."""

    id: int
    uuid: str
    enabled: bool
    value: FlagValue
    seed: int
    variants: tuple[Variant, ...] = ()


class SegmentOverride(Struct, frozen=True, kw_only=True):
    segment_id: int
    feature_segment_id: int
    priority: int
    state: State


class FlagPart(Struct, frozen=True, kw_only=True, tag_field="part", tag="flag"):
    """One feature with its default state and all its segment overrides in this environment."""

    feature_id: int
    name: str
    type: str
    created_date: datetime
    description: str | None = None
    initial_value: str | None = None
    default_enabled: bool = False
    is_server_key_only: bool = False
    is_archived: bool = False
    state: State
    overrides: tuple[SegmentOverride, ...] = ()


class Condition(Struct, frozen=True, kw_only=True):
    operator: str
    property: str | None = None
    value: str | None = None


class Rule(Struct, frozen=True, kw_only=True):
    type: RuleType
    rules: tuple["Rule", ...] = ()
    conditions: tuple[Condition, ...] = ()


class SegmentPart(Struct, frozen=True, kw_only=True, tag_field="part", tag="segment"):
    """A segment's rules; ``split_key`` seeds percentage splits and is the document's segment id."""

    segment_id: int
    split_key: int
    name: str
    description: str | None = None
    feature_id: int | None = None
    rules: tuple[Rule, ...] = ()


class FlagOverride(Struct, frozen=True, kw_only=True):
    feature_id: int
    state: State


class OverriddenIdentity(Struct, frozen=True, kw_only=True):
    """The overrides of one identity; the identifier stands here because documents and lookups need it."""

    identity_id: int
    identifier: str
    created_date: datetime
    flags: tuple[FlagOverride, ...]


class OverridesPart(Struct, frozen=True, kw_only=True, tag_field="part", tag="overrides"):
    """All overridden identities whose ``identity_id % OVERRIDE_BUCKETS`` is ``bucket``."""

    bucket: int
    identities: tuple[OverriddenIdentity, ...]


Part = SettingsPart | FlagPart | SegmentPart | OverridesPart

SETTINGS: Final = "settings"


def flag_part(feature_id: int) -> str:
    return f"flag/{feature_id}"


def segment_part(segment_id: int) -> str:
    return f"segment/{segment_id}"


def overrides_part(identity_id: int) -> str:
    return f"overrides/{identity_id % OVERRIDE_BUCKETS}"


class Delta(Struct, frozen=True, kw_only=True):
    """From revision ``parent`` to ``revision``: named parts, None for a removed one.

    A complete snapshot has ``parent`` None and all its parts. A removed environment is a complete
    snapshot without parts.
    """

    environment_id: int
    epoch: int
    revision: int
    parent: int | None
    published_at: datetime
    parts: dict[str, Part | None]

    @property
    def complete(self) -> bool:
        return self.parent is None


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[Part] = msgspec.json.Decoder(Part)


def encode_part(part: Part) -> bytes:
    """The canonical JSON of a part: equal parts have equal bytes."""
    return _encoder.encode(part)


def decode_part(body: bytes | str) -> Part:
    """The part in `body`; raises msgspec.DecodeError for anything else."""
    return _decoder.decode(body)


def digest(body: bytes) -> str:
    """The name under which a part is stored: SHA-256 hex, 64 characters."""
    return hashlib.sha256(body).hexdigest()
