"""Features and options as JSON, in and out."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from rest_framework import serializers

from burgee.control.accounts.models import User
from burgee.control.api.v1.code_references import count_json
from burgee.control.api.v1.custom_field_json import ValueInput, given_values, metadata_of
from burgee.control.api.v1.fields import (
    FeatureTextField,
    IdField,
    IdListField,
    InitialValueField,
    ItemsByPosition,
    PercentageField,
)
from burgee.control.api.v1.people_json import group_summary
from burgee.control.code_references.queries import in_repositories
from burgee.control.custom_fields.models import Kind
from burgee.control.features.attached import Attached, AttachedOption
from burgee.control.features.models import Feature, FeatureType, MultivariateOption
from burgee.control.features.queries import ListedFeature
from burgee.control.features.rows import NewFeature, NewOption, OptionChanges
from burgee.control.features.services import FeatureChanges
from burgee.control.kit.values import FlagValue, value_type
from burgee.control.targeting.overview import NOTHING_KNOWN, Overview, SeenState

VALUE_TYPES = ("int", "unicode", "bool", "")
COLUMN_OF_TYPE = {"int": "integer_value", "bool": "boolean_value"}
TAGS_HELP = "Ids of tags of the same project."


class OptionInput(serializers.Serializer[Any]):
    """One of the three values counts: the one that ``type`` names."""

    id = IdField(required=False)
    type = serializers.ChoiceField(VALUE_TYPES, required=False, allow_null=True)
    integer_value = serializers.IntegerField(required=False, allow_null=True, min_value=-(2**31), max_value=2**31 - 1)
    string_value = FeatureTextField(required=False)
    boolean_value = serializers.BooleanField(required=False, allow_null=True)
    default_percentage_allocation = PercentageField(required=False)
    key = serializers.RegexField(r"^[-a-zA-Z0-9_]+\Z", required=False, allow_null=True, max_length=255)

    class Meta:
        list_serializer_class = ItemsByPosition


class OptionOfFeatureInput(OptionInput):
    feature = IdField()


class FeatureInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=2000)
    type = serializers.ChoiceField([*FeatureType.values, ""], required=False)
    default_enabled = serializers.BooleanField(required=False)
    initial_value = InitialValueField(required=False)
    description = serializers.CharField(max_length=20000, required=False, allow_null=True, allow_blank=True)
    tags = IdListField(required=False, help_text=TAGS_HELP)
    multivariate_options = OptionInput(many=True, required=False)
    is_archived = serializers.BooleanField(required=False)
    is_server_key_only = serializers.BooleanField(required=False)
    owners = IdListField(required=False)
    group_owners = IdListField(required=False)
    metadata = ValueInput(many=True, required=False)


class FeatureUpdateInput(serializers.Serializer[Any]):
    type = serializers.ChoiceField([*FeatureType.values, ""], required=False)
    description = serializers.CharField(max_length=20000, required=False, allow_null=True, allow_blank=True)
    tags = IdListField(required=False, help_text=TAGS_HELP)
    multivariate_options = OptionInput(many=True, required=False)
    is_archived = serializers.BooleanField(required=False)
    is_server_key_only = serializers.BooleanField(required=False)
    metadata = ValueInput(many=True, required=False)


class OwnersInput(serializers.Serializer[Any]):
    user_ids = IdListField()


class GroupOwnersInput(serializers.Serializer[Any]):
    group_ids = IdListField()


def option_value(facts: dict[str, Any]) -> FlagValue:
    """The value that an option's ``type`` points at."""
    value: FlagValue = facts.get(COLUMN_OF_TYPE.get(facts.get("type") or "", "string_value"))
    return value


def new_option(facts: dict[str, Any]) -> NewOption:
    return NewOption(
        value=option_value(facts),
        key=facts.get("key"),
        default_percentage_allocation=facts.get("default_percentage_allocation", 100.0),
    )


def option_changes(facts: dict[str, Any]) -> OptionChanges:
    """What was given; a value is given with any of its columns."""
    given: dict[str, Any] = {name: facts[name] for name in ("key", "default_percentage_allocation") if name in facts}
    if {"type", "string_value", "integer_value", "boolean_value"} & facts.keys():
        given["value"] = option_value(facts)
    return OptionChanges(**given)


def new_feature(facts: dict[str, Any], *, creator_id: int | None) -> NewFeature:
    plain = ("name", "description", "initial_value", "default_enabled", "is_archived", "is_server_key_only")
    return NewFeature(
        **{name: facts[name] for name in plain if name in facts},
        type=facts.get("type") or FeatureType.STANDARD.value,
        tag_ids=facts.get("tags", ()),
        owner_ids=facts.get("owners"),
        group_owner_ids=facts.get("group_owners", ()),
        creator_id=creator_id,
        options=tuple(map(new_option, facts.get("multivariate_options", ()))),
        custom_values=given_values(facts),
    )


def feature_changes(facts: dict[str, Any]) -> FeatureChanges:
    plain = ("description", "is_archived", "is_server_key_only")
    given: dict[str, Any] = {name: facts[name] for name in plain if name in facts}
    if "tags" in facts:
        given["tag_ids"] = facts["tags"]
    if "metadata" in facts:
        given["custom_values"] = given_values(facts)
    return FeatureChanges(**given)


def columns(value: FlagValue) -> dict[str, Any]:
    """A value in the three typed columns of the older routes."""
    kind = value_type(value)
    told = {"type": kind, "integer_value": None, "string_value": None, "boolean_value": None}
    return told | {COLUMN_OF_TYPE.get(kind, "string_value"): value}


def option_json(option: MultivariateOption | AttachedOption) -> dict[str, Any]:
    return {
        "id": option.pk,
        "uuid": option.uuid,
        **columns(option.value),
        "default_percentage_allocation": option.default_percentage_allocation,
        "key": option.key,
    }


def owner_json(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "last_login": user.last_login,
        "uuid": user.uuid,
    }


def overview_state_json(state: SeenState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {
        "id": state.pk,
        "feature_state_value": state.value,
        "environment": state.environment_id,
        "identity": state.identity_id,
        "feature_segment": state.feature_segment_id,
        "enabled": state.enabled,
    }


def feature_json(feature: Feature) -> dict[str, Any]:
    """A feature as single reads and writes show it."""
    return features_json([feature], {})[0]


def features_json(features: Sequence[Feature | ListedFeature], seen: Mapping[int, Overview]) -> list[dict[str, Any]]:
    """Features of one project as lists show them; what is `seen` from an environment is by feature id."""
    if not features:
        return []
    ids, project_id = [feature.pk for feature in features], features[0].project_id
    counts = _counts_in_code(project_id, [feature.name for feature in features])
    beside = _Beside.of(Attached.to(ids, project_id=project_id), metadata_of(Kind.FEATURE, ids), counts)
    return [_feature_json(feature, beside, seen.get(feature.pk, NOTHING_KNOWN)) for feature in features]


class _Beside(Struct, frozen=True):
    """What is told beside the rows of features: by feature id, and by name."""

    tag_ids: Mapping[int, Sequence[int]]
    options: Mapping[int, Sequence[dict[str, Any]]]
    owners: Mapping[int, Sequence[dict[str, Any]]]
    group_owners: Mapping[int, Sequence[dict[str, Any]]]
    metadata: Mapping[int, Sequence[dict[str, Any]]]
    counts_in_code: Mapping[str, Sequence[dict[str, Any]]]

    @classmethod
    def of(
        cls,
        attached: Attached,
        metadata: Mapping[int, Sequence[dict[str, Any]]],
        counts_in_code: Mapping[str, Sequence[dict[str, Any]]],
    ) -> "_Beside":
        return cls(
            tag_ids=attached.tag_ids,
            options={id_: list(map(option_json, options)) for id_, options in attached.options.items()},
            owners=attached.owners.told(owner_json),
            group_owners=attached.group_owners.told(group_summary),
            metadata=metadata,
            counts_in_code=counts_in_code,
        )


def _counts_in_code(project_id: int, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found = in_repositories(project_id, names)
    return {name: list(map(count_json, repositories)) for name, repositories in found.items()}


def _feature_json(feature: Feature | ListedFeature, beside: _Beside, overview: Overview) -> dict[str, Any]:
    id_ = feature.pk
    return {
        "id": id_,
        "name": feature.name,
        "type": feature.type,
        "default_enabled": feature.default_enabled,
        "initial_value": feature.initial_value,
        "created_date": feature.created_date,
        "description": feature.description,
        "tags": beside.tag_ids.get(id_, ()),
        "multivariate_options": beside.options.get(id_, ()),
        "is_archived": feature.is_archived,
        "owners": beside.owners.get(id_, ()),
        "group_owners": beside.group_owners.get(id_, ()),
        "uuid": feature.uuid,
        "project": feature.project_id,
        "environment_feature_state": overview_state_json(overview.default),
        "segment_feature_state": overview_state_json(overview.for_segment),
        "num_segment_overrides": overview.segment_overrides,
        # Clients have learnt null for none.
        "num_identity_overrides": overview.identity_overrides or None,
        "is_num_identity_overrides_complete": True,
        "is_server_key_only": feature.is_server_key_only,
        "last_modified_in_any_environment": None,
        "last_modified_in_current_environment": None,
        "metadata": beside.metadata[id_],
        "code_references_counts": beside.counts_in_code.get(feature.name, ()),
    }


def owned_feature_json(feature: Feature) -> dict[str, Any]:
    """A feature as the routes about its owners show it."""
    attached = Attached.to([feature.pk], project_id=feature.project_id)
    return {
        "id": feature.pk,
        "name": feature.name,
        "created_date": feature.created_date,
        "description": feature.description,
        "initial_value": feature.initial_value,
        "default_enabled": feature.default_enabled,
        "type": feature.type,
        "owners": list(map(owner_json, attached.owners.on(feature.pk))),
        "group_owners": list(map(group_summary, attached.group_owners.on(feature.pk))),
        "is_server_key_only": feature.is_server_key_only,
    }
