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
from burgee.control.features.models import Feature
from burgee.control.kit import clock
from burgee.control.projects.models import Project
from burgee.control.usage.models import Evaluation, Request
from burgee.control.usage.series import EVALUATIONS_BY, REQUESTS_BY, Usage, Window, usage_of

MOST_DAYS: Final = 366
MOST_HOURS: Final = 72
SPLITS: Final = {"requests": REQUESTS_BY, "evaluations": EVALUATIONS_BY}


class UsageQuery(serializers.Serializer[Any]):
    what = serializers.ChoiceField(list(SPLITS), default="requests")
    by = serializers.ChoiceField(sorted({*REQUESTS_BY, *EVALUATIONS_BY}), default="environment")
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=30)
    hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS, required=False)
    environment = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    feature = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["by"] not in SPLITS[attrs["what"]]:
            raise ValidationError({"by": [f'"{attrs["by"]}" does not split {attrs["what"]}.']})
        if "feature" in attrs and attrs["what"] != "evaluations":
            raise ValidationError({"feature": ["Requests ask for all features at once."]})
        return attrs


class SeriesJson(serializers.Serializer[Any]):
    key = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
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
    """Requests or evaluations in the environments that the caller may view; the largest 50 series and all others."""

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
        found = usage_of(_rows(wanted, project, list(names)), SPLITS[wanted["what"]][wanted["by"]], window)
        return Response(_usage_json(wanted, found, names) | {"moments": window.moments})


def _rows(wanted: dict[str, Any], project: Project, environments: list[int]) -> QuerySet[Any]:
    if wanted["what"] == "requests":
        return Request.objects.filter(environment_id__in=environments)
    rows = Evaluation.objects.filter(environment_id__in=environments)
    if "feature" not in wanted:
        return rows
    feature = get_or_missing(Feature.objects.filter(project=project, deleted_at=None), pk=wanted["feature"])
    return rows.filter(feature=feature.name)


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
        "series": [
            {
                "key": None if series.key is None else str(series.key),
                "name": names.get(series.key) if wanted["by"] == "environment" else None,
                "total": series.total,
                "counts": series.counts,
            }
            for series in found.series
        ],
        "others": found.others,
    }


routes = [path("projects/<int:project_id>/usage-series/", UsageSeries)]
