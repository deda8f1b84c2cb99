"""The query string of the list of features."""

from typing import Any

from django.db.models import QuerySet
from msgspec import UNSET, Struct
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import can
from burgee.control.access.standing import Principal
from burgee.control.api.base import found_or_missing, get_or_missing
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.environments.models import Environment
from burgee.control.environments.queries import environment_of
from burgee.control.features.models import Feature, FeatureType
from burgee.control.features.queries import FeatureFilter, features_in
from burgee.control.identities.models import Identity
from burgee.control.lifecycle.queries import with_stage
from burgee.control.lifecycle.rules import Stage
from burgee.control.projects.models import Project
from burgee.control.targeting import overview


class CommaSeparatedIds(serializers.Field[tuple[int, ...], Any, str, Any]):
    default_error_messages = {"invalid": "Must be a list of integers, separated by commas."}

    def to_internal_value(self, data: Any) -> tuple[int, ...]:
        texts = [text.strip() for text in str(data).split(",") if text.strip()]
        if not all(text.isascii() and text.isdigit() for text in texts):
            self.fail("invalid")
        return tuple(min(int(text[:20]), LARGEST_ID) for text in texts)

    def to_representation(self, value: tuple[int, ...]) -> str:
        return ",".join(map(str, value))


class FeatureQuery(serializers.Serializer[Any]):
    search = serializers.CharField(required=False)
    sort_field = serializers.ChoiceField(["created_date", "name"], default="created_date")
    sort_direction = serializers.ChoiceField(["ASC", "DESC"], default="ASC")
    tags = CommaSeparatedIds(required=False)
    tag_strategy = serializers.ChoiceField(["UNION", "INTERSECTION"], default="INTERSECTION")
    is_archived = serializers.BooleanField(required=False)
    type = serializers.ChoiceField(FeatureType.values, required=False)
    owners = CommaSeparatedIds(required=False)
    group_owners = CommaSeparatedIds(required=False)
    environment = serializers.IntegerField(required=False, max_value=LARGEST_ID)
    segment = serializers.IntegerField(required=False, max_value=LARGEST_ID)
    identity = serializers.IntegerField(required=False, max_value=LARGEST_ID)
    is_enabled = serializers.BooleanField(required=False)
    value_search = serializers.CharField(required=False, trim_whitespace=False)
    lifecycle_stage = serializers.ChoiceField([stage.value for stage in Stage], required=False)


class FeatureList(Struct, frozen=True, kw_only=True):
    """What was asked for: the features, and from where they are seen."""

    features: QuerySet[Feature]
    environment: Environment | None
    segment_id: int | None

    def overviews(self, ids: list[int]) -> dict[int, overview.Overview]:
        if self.environment is None:
            return {}
        return overview.overviews(ids, self.environment, segment_id=self.segment_id)


def feature_list(request: Request, project: Project, principal: Principal) -> FeatureList:
    """The list that the query string asks for; otherwise 400 with the parameters at fault.

    Environments and identities that `principal` may not view look missing.
    """
    query = _query(request)
    features = features_in(project, _filter(query))
    environment = _environment(query, project, principal)
    if stage := query.get("lifecycle_stage"):
        features = with_stage(features, project, environment, only=Stage(stage))
    if environment is not None:
        features = _seen_from(features, environment, query, principal)
    return FeatureList(features=features, environment=environment, segment_id=query.get("segment"))


def _query(request: Request) -> dict[str, Any]:
    # A parameter without a value asks for nothing, but for `tags`, where it asks for features without a tag.
    given = {key: text for key, text in request.query_params.items() if text or key == "tags"}
    reader = FeatureQuery(data=given)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def _filter(query: dict[str, Any]) -> FeatureFilter:
    return FeatureFilter(
        search=query.get("search", ""),
        sort_field=query["sort_field"],
        descending=query["sort_direction"] == "DESC",
        tag_ids=query.get("tags", UNSET),
        any_tag=query["tag_strategy"] == "UNION",
        is_archived=query.get("is_archived"),
        type=query.get("type"),
        owner_ids=query.get("owners", ()),
        group_owner_ids=query.get("group_owners", ()),
    )


def _environment(query: dict[str, Any], project: Project, principal: Principal) -> Environment | None:
    if "environment" not in query:
        for name in ("is_enabled", "value_search"):
            if name in query:
                raise ValidationError({"environment": [f"An environment is required to filter by {name}."]})
        return None
    found = environment_of(project, query["environment"])
    is_seen = found is not None and can(principal, Permission.VIEW_ENVIRONMENT, found)
    return found_or_missing(found if is_seen else None, Environment)


def _seen_from(
    features: QuerySet[Feature], environment: Environment, query: dict[str, Any], principal: Principal
) -> QuerySet[Feature]:
    if "is_enabled" in query:
        features = overview.with_default_enabled(features, environment, enabled=query["is_enabled"])
    if "value_search" in query:
        features = overview.with_value_like(features, environment, query["value_search"])
    if "segment" in query:
        features = overview.overridden_for_segment_first(features, environment, query["segment"])
    if "identity" in query:
        people = Identity.objects.in_environment(environment.pk)
        shown = people if can(principal, Permission.VIEW_IDENTITIES, environment) else people.none()
        identity = get_or_missing(shown, pk=query["identity"])
        features = overview.overridden_for_identity_first(features, environment, identity.pk)
    return features
