"""How much was asked for, by day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from msgspec import structs
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.api.base import ApiView, OrganisationFromUrl, ProjectFromUrl, get_or_missing, integer_from_query
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import UsageThrottle
from burgee.control.api.v1.addressed_feature import addressed_feature
from burgee.control.environments.models import Environment
from burgee.control.kit import clock
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project
from burgee.control.usage.queries import (
    ANYBODY,
    Client,
    DayOfRequests,
    evaluations_by_day,
    request_count,
    requests_by_day,
)

DAYS_OF_PERIOD = {"": 30, "90_day_period": 90}
LONGEST_LABEL = 100
COLUMN_OF_LABEL = {
    "user_agent": "sdk",
    "client_application_name": "application",
    "client_application_version": "application_version",
}
BILLING_PERIODS = ("current_billing_period", "previous_billing_period")


class EvaluationQuery(serializers.Serializer[Any]):
    environment_id = serializers.IntegerField(max_value=LARGEST_ID)
    period = serializers.IntegerField(default=30, min_value=1, max_value=366)
    user_agent = serializers.CharField(max_length=LONGEST_LABEL, required=False)
    client_application_name = serializers.CharField(max_length=LONGEST_LABEL, required=False)
    client_application_version = serializers.CharField(max_length=LONGEST_LABEL, required=False)


class EvaluationData(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("analytics",)

    def get(self, request: Request, project: Project, feature_id: int) -> Response:
        feature = addressed_feature(project, feature_id)
        reader = EvaluationQuery(data={key: text for key, text in request.query_params.items() if text})
        reader.is_valid(raise_exception=True)
        wanted = reader.validated_data
        visible = visible_environments(self.principal).filter(project=project)
        environment = get_or_missing(visible, pk=wanted["environment_id"])
        since = clock.now() - timedelta(days=wanted["period"])
        days = evaluations_by_day(environment, feature.name, since=since, of=_asked_for(wanted))
        return Response(
            [{"day": day.isoformat(), "count": count, "labels": _labels(client)} for day, client, count in days]
        )


class UsageData(ApiView):
    scope = OrganisationFromUrl()
    permission = Permission.ORGANISATION_ADMIN
    throttle_classes = (UsageThrottle,)
    tags = ("analytics",)

    def get(self, request: Request, organisation: Organisation) -> Response:
        period = request.query_params.get("period", "")
        if period in BILLING_PERIODS:
            raise NotFound("There are no billing periods here.")
        if period not in DAYS_OF_PERIOD:
            raise serializers.ValidationError({"period": [f'"{period}" is not a valid choice.']})
        since = clock.now() - timedelta(days=DAYS_OF_PERIOD[period])
        asked_for = _asked_for(request.query_params)
        days = requests_by_day(_environments(request, organisation), since=since, of=asked_for)
        return Response([_day_json(day) for day in days])


class UsageCount(ApiView):
    scope = OrganisationFromUrl()
    permission = Permission.ORGANISATION_ADMIN
    throttle_classes = (UsageThrottle,)
    tags = ("analytics",)

    def get(self, request: Request, organisation: Organisation) -> Response:
        since = clock.now() - timedelta(days=DAYS_OF_PERIOD[""])
        return Response({"count": request_count(_environments(request, organisation), since=since)})


def _day_json(day: DayOfRequests) -> dict[str, Any]:
    told = structs.asdict(day)
    del told["client"]
    return told | {"day": day.day.isoformat(), "labels": _labels(day.client)}


def _labels(client: Client) -> dict[str, str | None] | None:
    if client == ANYBODY:
        return None
    return {name: getattr(client, column) for name, column in COLUMN_OF_LABEL.items()}


def _asked_for(query: Mapping[str, str]) -> Client:
    return Client(**{column: query.get(name) or None for name, column in COLUMN_OF_LABEL.items()})


def _environments(request: Request, organisation: Organisation) -> QuerySet[Environment]:
    found = Environment.objects.filter(project__organisation=organisation)
    for name, column in (("project_id", "project_id"), ("environment_id", "pk")):
        wanted = integer_from_query(request, name)
        if wanted is not None:
            found = found.filter(**{column: wanted})
    return found


routes = [
    path("projects/<int:project_id>/features/<int:feature_id>/evaluation-data/", EvaluationData),
    path("organisations/<int:organisation_id>/usage-data/", UsageData),
    path("organisations/<int:organisation_id>/usage-data/total-count/", UsageCount),
]
