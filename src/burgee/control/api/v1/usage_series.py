"""How much was asked for over time, split by environment, feature, SDK and more: the dashboard's charts."""

from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.api.base import ApiView, ProjectFromUrl, get_or_missing
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.api.base.routing import path
from burgee.control.api.v1.addressed_feature import addressed_feature
from burgee.control.kit import clock
from burgee.control.projects.models import Project
from burgee.control.usage.models import Evaluation, Outcome, Request
from burgee.control.usage.outcomes import Kind, outcomes_of
from burgee.control.usage.series import EVALUATIONS_BY, REQUESTS_BY, Series, Usage, Window, usage_of

MOST_DAYS: Final = 366
MOST_HOURS: Final = 72
OUTCOMES: Final = "outcomes"
SPLITS: Final = {"requests": REQUESTS_BY, "evaluations": EVALUATIONS_BY, OUTCOMES: {"outcome": "outcome"}}
FORMS: Final = ("text", "number", "boolean", "nothing", "untold", "other")
REASONS: Final = ("default", "segment", "identity")


class UsageQuery(serializers.Serializer[Any]):
    what = serializers.ChoiceField(list(SPLITS), default="requests")
    by = serializers.ChoiceField(
        sorted({*REQUESTS_BY, *EVALUATIONS_BY, "outcome"}),
        required=False,
        help_text="`environment` when it is left out, of outcomes `outcome`.",
    )
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=30)
    hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS, required=False)
    environment = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    feature = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        what = attrs["what"]
        by = attrs.get("by") or ("outcome" if what == OUTCOMES else "environment")
        if by not in SPLITS[what]:
            raise ValidationError({"by": [f'"{by}" does not split {what}.']})
        if "feature" in attrs and what == "requests":
            raise ValidationError({"feature": ["Requests ask for all features at once."]})
        if "feature" not in attrs and what == OUTCOMES:
            raise ValidationError({"feature": ["Outcomes are those of one feature."]})
        return attrs | {"by": by}


class UsageOutcomeJson(serializers.Serializer[Any]):
    """State and value as the server told them; `form` says what the value is, or why there is none."""

    enabled = serializers.BooleanField(allow_null=True)
    form = serializers.ChoiceField(FORMS)
    value = serializers.CharField(allow_null=True)
    is_cut = serializers.BooleanField()
    variant = serializers.CharField(allow_null=True)
    reason = serializers.ChoiceField(REASONS, allow_null=True)


class SeriesJson(serializers.Serializer[Any]):
    key = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    outcome = UsageOutcomeJson(allow_null=True)
    total = serializers.IntegerField()
    counts = serializers.ListField(child=serializers.IntegerField())


class UsageJson(serializers.Serializer[Any]):
    what = serializers.ChoiceField(list(SPLITS))
    by = serializers.CharField()
    step = serializers.ChoiceField(["day", "hour"])
    moments = serializers.ListField(child=serializers.DateTimeField())
    total = serializers.IntegerField()
    series = SeriesJson(many=True)
    others = serializers.ListField(child=serializers.IntegerField())


class UsageSeries(ApiView):
    """Requests, evaluations or outcomes in environments that the caller may view; the largest 50 series and others."""

    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("analytics",)
    answers = UsageJson

    @extend_schema(parameters=[UsageQuery])
    def get(self, request: HttpRequest, project: Project) -> Response:
        reader = UsageQuery(data={key: text for key, text in request.query_params.items() if text})
        reader.is_valid(raise_exception=True)
        wanted = reader.validated_data
        environments = visible_environments(self.principal).filter(project=project)
        if "environment" in wanted:
            environments = environments.filter(pk=get_or_missing(environments, pk=wanted["environment"]).pk)
        names = {row.pk: row.name for row in environments}
        window = _window(wanted)
        rows = _rows(wanted, project, list(names))
        if wanted["what"] == OUTCOMES:
            found = outcomes_of(rows, window)
        else:
            found = usage_of(rows, SPLITS[wanted["what"]][wanted["by"]], window)
        return Response(_usage_json(wanted, found, names) | {"moments": window.moments})


def _rows(wanted: dict[str, Any], project: Project, environments: list[int]) -> QuerySet[Any]:
    if wanted["what"] == "requests":
        return Request.objects.filter(environment_id__in=environments)
    evaluations = Evaluation.objects.filter(environment_id__in=environments)
    if "feature" not in wanted:
        return evaluations
    feature = addressed_feature(project, wanted["feature"])
    if wanted["what"] == OUTCOMES:
        return Outcome.objects.filter(environment_id__in=environments, feature_id=feature.pk)
    return evaluations.filter(feature=feature.name)


def _window(wanted: dict[str, Any]) -> Window:
    if "hours" in wanted:
        return Window.of_hours(wanted["hours"], clock.now())
    return Window.of_days(wanted["days"], clock.now())


def _usage_json(wanted: dict[str, Any], found: Usage, names: dict[int, str]) -> dict[str, Any]:
    return {
        "what": wanted["what"],
        "by": wanted["by"],
        "step": "hour" if "hours" in wanted else "day",
        "total": sum(series.total for series in found.series) + sum(found.others),
        "series": [_series_json(wanted["by"], series, names) for series in found.series],
        "others": found.others,
    }


def _series_json(by: str, series: Series, names: dict[int, str]) -> dict[str, Any]:
    kind = series.key if isinstance(series.key, Kind) else None
    key = None if series.key is None else str(series.key)
    return {
        "key": key if kind is None else kind.name,
        "name": names.get(series.key) if by == "environment" else None,
        "outcome": None if kind is None else UsageOutcomeJson(kind).data,
        "total": series.total,
        "counts": series.counts,
    }


routes = [path("projects/<int:project_id>/usage-series/", UsageSeries)]
