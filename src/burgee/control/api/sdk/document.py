"""The shape of the environment document, which `wire.document` writes piece by piece."""

from datetime import datetime

from msgspec import Struct

FlagValue = str | int | bool | None


class DocumentFeature(Struct):
    id: int
    name: str
    type: str


class DocumentOption(Struct):
    id: int
    value: FlagValue
    key: str | None


class DocumentOptionValue(Struct):
    id: int
    mv_fs_value_uuid: str
    percentage_allocation: float
    multivariate_feature_option: DocumentOption


class DocumentPriority(Struct):
    priority: int


class DocumentState(Struct):
    """`django_id` is what variants are drawn by; `feature_segment` is null but for overrides of segments."""

    feature: DocumentFeature
    enabled: bool
    django_id: int
    feature_segment: DocumentPriority | None
    featurestate_uuid: str
    feature_state_value: FlagValue
    multivariate_feature_state_values: list[DocumentOptionValue]


class DocumentCondition(Struct):
    operator: str
    value: str | None
    property_: str | None


class DocumentRule(Struct):
    type: str
    rules: list["DocumentRule"]
    conditions: list[DocumentCondition]


class DocumentSegment(Struct):
    id: int
    name: str
    rules: list[DocumentRule]
    feature_states: list[DocumentState]


class DocumentOrganisation(Struct):
    id: int
    name: str
    feature_analytics: bool
    stop_serving_flags: bool
    persist_trait_data: bool


class DocumentProject(Struct):
    id: int
    name: str
    organisation: DocumentOrganisation
    hide_disabled_flags: bool
    enable_realtime_updates: bool
    server_key_only_feature_ids: list[int]
    segments: list[DocumentSegment]


class DocumentTrait(Struct):
    trait_key: str
    trait_value: str | int | float | bool


class DocumentIdentity(Struct):
    """An identity with overrides. Its traits never leave the server."""

    identifier: str
    environment_api_key: str
    created_date: datetime
    identity_features: list[DocumentState]
    identity_traits: list[DocumentTrait]
    identity_uuid: str
    django_id: int | None
    dashboard_alias: str | None
    composite_key: str


class EnvironmentDocument(Struct):
    id: int
    api_key: str
    name: str
    allow_client_traits: bool
    updated_at: datetime
    hide_sensitive_data: bool
    hide_disabled_flags: bool | None
    use_identity_composite_key_for_hashing: bool
    use_identity_overrides_in_local_eval: bool
    project: DocumentProject
    feature_states: list[DocumentState]
    identity_overrides: list[DocumentIdentity]
