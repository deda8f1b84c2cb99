"""Features and options as JSON, in and out."""

from typing import Any

from rest_framework import serializers

from burgee.control.accounts.models import User
from burgee.control.api.v1.fields import (
    FeatureTextField,
    IdField,
    IdListField,
    InitialValueField,
    ItemsByPosition,
    PercentageField,
)
from burgee.control.features.models import Feature, FeatureType, MultivariateOption
from burgee.control.features.rows import NewFeature, NewOption, OptionChanges
from burgee.control.features.services import FeatureChanges
from burgee.control.kit.values import FlagValue, value_type
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.overview import NOTHING_KNOWN, Overview

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
    description = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    tags = IdListField(required=False, help_text=TAGS_HELP)
    multivariate_options = OptionInput(many=True, required=False)
    is_archived = serializers.BooleanField(required=False)
    is_server_key_only = serializers.BooleanField(required=False)
    owners = IdListField(required=False)
    group_owners = IdListField(required=False)


class FeatureUpdateInput(serializers.Serializer[Any]):
    type = serializers.ChoiceField([*FeatureType.values, ""], required=False)
    description = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    tags = IdListField(required=False, help_text=TAGS_HELP)
    multivariate_options = OptionInput(many=True, required=False)
    is_archived = serializers.BooleanField(required=False)
    is_server_key_only = serializers.BooleanField(required=False)


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
        creator_id=creator_id,
        options=tuple(map(new_option, facts.get("multivariate_options", ()))),
    )


def feature_changes(facts: dict[str, Any]) -> FeatureChanges:
    plain = ("description", "is_archived", "is_server_key_only")
    given: dict[str, Any] = {name: facts[name] for name in plain if name in facts}
    if "tags" in facts:
        given["tag_ids"] = facts["tags"]
    return FeatureChanges(**given)


def columns(value: FlagValue) -> dict[str, Any]:
    """A value in the three typed columns of the older routes."""
    kind = value_type(value)
    filled = COLUMN_OF_TYPE.get(kind, "string_value")
    return {
        "type": kind,
        **{name: value if name == filled else None for name in ("integer_value", "string_value", "boolean_value")},
    }


def option_json(option: MultivariateOption) -> dict[str, Any]:
    return {
        "id": option.pk,
        "uuid": str(option.uuid),
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
        "uuid": str(user.uuid),
    }


def overview_state_json(state: FeatureState | None) -> dict[str, Any] | None:
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


def feature_json(feature: Feature, overview: Overview = NOTHING_KNOWN) -> dict[str, Any]:
    """A feature with its tags, owners and options loaded, as lists and single reads show it."""
    return {
        "id": feature.pk,
        "name": feature.name,
        "type": feature.type,
        "default_enabled": feature.default_enabled,
        "initial_value": feature.initial_value,
        "created_date": feature.created_date,
        "description": feature.description,
        "tags": sorted(tag.pk for tag in feature.tags.all()),
        "multivariate_options": [
            option_json(option) for option in sorted(feature.options.all(), key=lambda option: option.pk)
        ],
        "is_archived": feature.is_archived,
        "owners": _owners_json(feature),
        "group_owners": [],
        "uuid": str(feature.uuid),
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
        "metadata": [],
        "code_references_counts": [],
    }


def owned_feature_json(feature: Feature) -> dict[str, Any]:
    """A feature as the routes about its owners show it."""
    return {
        "id": feature.pk,
        "name": feature.name,
        "created_date": feature.created_date,
        "description": feature.description,
        "initial_value": feature.initial_value,
        "default_enabled": feature.default_enabled,
        "type": feature.type,
        "owners": _owners_json(feature),
        "group_owners": [],
        "is_server_key_only": feature.is_server_key_only,
    }


def _owners_json(feature: Feature) -> list[dict[str, Any]]:
    return [owner_json(user) for user in sorted(feature.owners.all(), key=lambda user: user.pk)]
