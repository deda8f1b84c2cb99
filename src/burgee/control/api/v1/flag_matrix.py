"""Features by environments, a page at a time."""

from collections.abc import Sequence
from typing import Any, Final

from drf_spectacular.utils import extend_schema
from msgspec import UNSET
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.accounts.models import User
from burgee.control.api.base import ApiView, ProjectFromUrl, get_or_missing, paginated
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import InsightThrottle
from burgee.control.api.v1.draft_json import ReachJson, ShareJson
from burgee.control.api.v1.feature_filters import CommaSeparatedIds
from burgee.control.api.v1.insight_json import (
    AuthorJson,
    NamedJson,
    PlaceJson,
    PlainValueField,
    author_json,
    place_json,
)
from burgee.control.environments.models import Environment
from burgee.control.features.models import FeatureType
from burgee.control.features.queries import FeatureFilter
from burgee.control.insight.matrix import DAYS, CellFacts, LastEdit, Matrix, MatrixFilter, matrix_features, matrix_of
from burgee.control.lifecycle.rules import Stage
from burgee.control.projects.models import Project

LONGEST_SILENCE: Final = 3650
MOST_IDS: Final = 100
SORTS: Final = ("name", "created_date", "changed")
VALUE_TYPES: Final = {"str": "string", "int": "integer", "bool": "boolean", "NoneType": "null"}


class MatrixQuery(serializers.Serializer[Any]):
    page = serializers.IntegerField(required=False, min_value=1)
    page_size = serializers.IntegerField(required=False, min_value=1)
    ids = CommaSeparatedIds(required=False, help_text=f"Only these features, at most {MOST_IDS}.")
    search = serializers.CharField(required=False)
    tags = CommaSeparatedIds(required=False)
    type = serializers.ChoiceField(FeatureType.values, required=False)
    owner = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    is_archived = serializers.BooleanField(required=False)
    environment = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    state = serializers.ChoiceField(["enabled", "disabled"], required=False)
    changed_since = serializers.DateTimeField(required=False)
    not_evaluated_days = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_SILENCE)
    sort = serializers.ChoiceField([*SORTS, *(f"-{name}" for name in SORTS)], default="name")

    def validate_ids(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        if len(ids) > MOST_IDS:
            raise serializers.ValidationError(f"At most {MOST_IDS} ids.")
        return ids


class RolloutJson(ReachJson):
    enabled = serializers.BooleanField()


class CellJson(serializers.Serializer[Any]):
    enabled = serializers.BooleanField()
    value = PlainValueField(allow_null=True)
    value_type = serializers.ChoiceField(list(VALUE_TYPES.values()))
    variants = ShareJson(many=True)
    rollout = RolloutJson(allow_null=True)
    segment_overrides = serializers.IntegerField()
    identity_overrides = serializers.IntegerField()
    change_number = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)
    updated_by = AuthorJson(allow_null=True)


class RowTagJson(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is for forms
    color = serializers.CharField()
    is_permanent = serializers.BooleanField()


class RowVariantJson(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField(allow_null=True)
    value = PlainValueField(allow_null=True)


class LastChangeJson(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = AuthorJson(allow_null=True)
    environment = serializers.IntegerField()


class MatrixRowJson(NamedJson):
    type = serializers.ChoiceField(FeatureType.values)
    description = serializers.CharField(allow_null=True)
    is_archived = serializers.BooleanField()
    is_server_key_only = serializers.BooleanField()
    created_date = serializers.DateTimeField()
    tags = RowTagJson(many=True)
    owners = AuthorJson(many=True)
    group_owners = NamedJson(many=True)
    variants = RowVariantJson(many=True)
    lifecycle_stage = serializers.ChoiceField([stage.value for stage in Stage])
    is_stale = serializers.BooleanField()
    same_everywhere = serializers.BooleanField()
    last_change = LastChangeJson(allow_null=True)
    last_evaluated = serializers.DateField(allow_null=True)
    evaluations = serializers.ListField(child=serializers.IntegerField(), min_length=DAYS, max_length=DAYS)
    states = serializers.DictField(child=CellJson(), help_text="By the id of the environment.")


class MatrixJson(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    environments = PlaceJson(many=True)
    results = MatrixRowJson(many=True)


class FlagMatrix(ApiView):
    """A page of features with their states in every environment that the caller may view."""

    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    throttle_classes = (InsightThrottle,)
    tags = ("insight",)
    answers = MatrixJson

    @extend_schema(parameters=[MatrixQuery])
    def get(self, request: Request, project: Project) -> Response:
        environments = list(visible_environments(self.principal).filter(project=project).order_by("pk"))
        wanted = _wanted(request, project, environments)

        def present(rows: list[Any]) -> list[dict[str, Any]]:
            matrix = matrix_of(project, rows, environments)
            return [_row_json(row, matrix, environments) for row in rows]

        answer = paginated(request, matrix_features(project, wanted), present)
        answer.data = {"environments": [place_json(place) for place in environments]} | answer.data
        return answer


def _wanted(request: Request, project: Project, environments: Sequence[Environment]) -> MatrixFilter:
    given = {key: text for key, text in request.query_params.items() if text or key == "tags"}
    reader = MatrixQuery(data=given)
    reader.is_valid(raise_exception=True)
    query = dict(reader.validated_data)
    environment = None
    if "environment" in query:
        visible = Environment.objects.filter(pk__in=[place.pk for place in environments], project=project)
        environment = get_or_missing(visible, pk=query["environment"])
    state = query.get("state")
    return MatrixFilter(
        features=FeatureFilter(
            search=query.get("search", ""),
            tag_ids=query.get("tags", UNSET),
            is_archived=query.get("is_archived"),
            type=query.get("type"),
            owner_ids=(query["owner"],) if "owner" in query else (),
        ),
        ids=query.get("ids"),
        environments=environments,
        environment=environment,
        enabled=None if state is None else state == "enabled",
        changed_since=query.get("changed_since"),
        not_evaluated_days=query.get("not_evaluated_days"),
        sort=query["sort"].removeprefix("-"),
        descending=query["sort"].startswith("-"),
    )


def _row_json(feature: Any, matrix: Matrix, environments: Sequence[Environment]) -> dict[str, Any]:
    cells = {
        place.pk: matrix.cells[feature.pk, place.pk] for place in environments if (feature.pk, place.pk) in matrix.cells
    }
    tags = [matrix.tags[id_] for id_ in matrix.attached.tag_ids.get(feature.pk, ()) if id_ in matrix.tags]
    options = matrix.attached.options.get(feature.pk, ())
    return {
        "id": feature.pk,
        "name": feature.name,
        "type": feature.type,
        "description": feature.description,
        "is_archived": feature.is_archived,
        "is_server_key_only": feature.is_server_key_only,
        "created_date": feature.created_date,
        "tags": [
            {"id": tag.pk, "label": tag.label, "color": tag.color, "is_permanent": tag.is_permanent} for tag in tags
        ],
        "owners": [author_json(user) for user in matrix.attached.owners.on(feature.pk)],
        "group_owners": [{"id": group.pk, "name": group.name} for group in matrix.attached.group_owners.on(feature.pk)],
        "variants": [{"id": option.pk, "key": option.key, "value": option.value} for option in options],
        "lifecycle_stage": feature.stage,
        "is_stale": feature.pk in matrix.stale,
        "same_everywhere": len({_served(cell) for cell in cells.values()}) <= 1,
        "last_change": _last_change_json(matrix.last_change(feature, environments), matrix),
        "last_evaluated": matrix.last_evaluated(feature),
        "evaluations": matrix.evaluations.get(feature.pk) or [0] * DAYS,
        "states": {str(key): _cell_json(cell, matrix) for key, cell in cells.items()},
    }


def _served(cell: CellFacts) -> object:
    """What an environment serves, as far as the matrix knows; 1 and true are not the same."""
    overrides = (cell.segment_overrides, cell.identity_overrides, cell.rollout)
    return cell.enabled, type(cell.value), cell.value, tuple(sorted(cell.weights)), overrides


def _cell_json(cell: CellFacts, matrix: Matrix) -> dict[str, Any]:
    edit = cell.edit
    return {
        "enabled": cell.enabled,
        "value": cell.value,
        "value_type": VALUE_TYPES[type(cell.value).__name__],
        "variants": [{"id": option_id, "weight": weight} for option_id, weight in cell.weights],
        "rollout": None if cell.rollout is None else {"percentage": cell.rollout[0], "enabled": cell.rollout[1]},
        "segment_overrides": cell.segment_overrides,
        "identity_overrides": cell.identity_overrides,
        "change_number": edit.change_number if edit else 0,
        "updated_at": edit.changed_at if edit else None,
        "updated_by": _author(edit, matrix),
    }


def _last_change_json(edit: LastEdit | None, matrix: Matrix) -> dict[str, Any] | None:
    if edit is None:
        return None
    return {"at": edit.changed_at, "by": _author(edit, matrix), "environment": edit.environment_id}


def _author(edit: LastEdit | None, matrix: Matrix) -> dict[str, Any] | None:
    author: User | None = matrix.people.get(edit.changed_by_id or 0) if edit else None
    return author_json(author)


routes = [path("projects/<int:project_id>/flag-matrix/", FlagMatrix)]
