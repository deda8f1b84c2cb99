"""The health of features: providers, the reports they send, and what is known from them."""

from typing import Any, Final

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, NoScope, ProjectFromUrl, Public, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.feature_health import grafana
from burgee.control.feature_health.models import HealthEvent, HealthProvider, HealthStatus, ProviderName
from burgee.control.feature_health.providers import create_provider, delete_provider, provider_with, token_of
from burgee.control.feature_health.queries import events_of, providers_of
from burgee.control.feature_health.services import Report, dismiss, take_reports
from burgee.control.projects.models import Project

MOST_ALERTS: Final = 500
MOST_BLOCKS: Final = 50
LONGEST_TEXT: Final = 5000
LONGEST_NAME: Final = 2000


class ProviderInput(serializers.Serializer[Any]):
    name = serializers.ChoiceField(ProviderName.values)


class TextBlockInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    title = serializers.CharField(max_length=LONGEST_TEXT, required=False)


class UrlBlockInput(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=LONGEST_TEXT)
    title = serializers.CharField(max_length=LONGEST_TEXT, required=False)

    def validate_url(self, value: str) -> str:
        """People will click on it."""
        if not grafana.is_web_address(value):
            raise serializers.ValidationError("Enter a valid http(s) URL.")
        return value


class ReasonInput(serializers.Serializer[Any]):
    text_blocks = serializers.ListField(child=TextBlockInput(), max_length=MOST_BLOCKS, default=list)
    url_blocks = serializers.ListField(child=UrlBlockInput(), max_length=MOST_BLOCKS, default=list)


class ReportInput(serializers.Serializer[Any]):
    feature = serializers.CharField(max_length=LONGEST_NAME)
    environment = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_null=True, allow_blank=True)
    status = serializers.ChoiceField(["healthy", "unhealthy"])
    reason = ReasonInput(required=False, allow_null=True)


class LabelsField(serializers.DictField):
    """Short texts by name."""

    child = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True)


class LinkField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, required=False, allow_blank=True, allow_null=True, **options)


class AlertInput(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["firing", "resolved"])
    labels = LabelsField()
    annotations = LabelsField(required=False, allow_null=True)
    fingerprint = serializers.CharField(max_length=255, required=False, allow_blank=True, allow_null=True)
    generatorURL = LinkField()  # noqa: N815 - Grafana's name
    dashboardURL = LinkField()  # noqa: N815 - Grafana's name
    panelURL = LinkField()  # noqa: N815 - Grafana's name
    silenceURL = LinkField()  # noqa: N815 - Grafana's name


class AlertsInput(serializers.Serializer[Any]):
    alerts = serializers.ListField(child=AlertInput(), max_length=MOST_ALERTS)


class HealthProviders(ApiView):
    scope = ProjectFromUrl()
    permission = {"get": Permission.VIEW_PROJECT, "post": Permission.PROJECT_ADMIN}
    tags = ("feature-health",)
    accepts = ProviderInput

    def get(self, request: Request, project: Project) -> Response:  # noqa: ARG002 - DRF's signature
        told = [provider_json(provider) for provider in providers_of(project)]
        if not self.allows(Permission.PROJECT_ADMIN, project):
            # Whoever has the address may report.
            told = [facts | {"webhook_url": None} for facts in told]
        return Response(told)

    def post(self, request: Request, project: Project) -> Response:
        provider = create_provider(project, parsed(ProviderInput, request)["name"], actor=self.actor)
        return Response(provider_json(provider), status=201)


class OneHealthProvider(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.PROJECT_ADMIN
    tags = ("feature-health",)

    def delete(self, request: Request, project: Project, name: str) -> Response:  # noqa: ARG002 - DRF's signature
        delete_provider(project, name, actor=self.actor)
        return Response(status=204)


class HealthEvents(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("feature-health",)

    def get(self, request: Request, project: Project) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([event_json(event) for event in events_of(project).newest()])


class DismissHealthEvent(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.EDIT_FEATURE
    tags = ("feature-health",)
    succeeds = {"post": (204,)}

    def post(self, request: Request, project: Project, event_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        dismiss(get_or_missing(events_of(project), pk=event_id), actor=self.actor)
        return Response(status=204)


class HealthReports(ApiView):
    """Where a provider reports to; the end of the path is its secret."""

    scope = NoScope()
    permission = Public("monitors have no account: the path is the credential")
    tags = ("feature-health",)
    accepts = ReportInput

    def post(self, request: Request, token: str) -> Response:
        provider = provider_with(token)
        if provider.name == ProviderName.GRAFANA:
            reports = list(grafana.reports_of(parsed(AlertsInput, request)["alerts"]))
            # Alerts are resent until they are taken: one that was renamed must not hold up the others.
            take_reports(provider, reports, skip_unknown=True)
        else:
            take_reports(provider, [_report(parsed(ReportInput, request))], skip_unknown=False)
        return Response()


def provider_json(provider: HealthProvider) -> dict[str, Any]:
    return {
        "created_by": provider.created_by.email if provider.created_by else None,
        "name": provider.name,
        "project": provider.project_id,
        "webhook_url": f"{settings.PUBLIC_URL}/api/v1/feature-health/{token_of(provider)}",
    }


def event_json(event: HealthEvent) -> dict[str, Any]:
    return {
        "id": event.pk,
        "created_at": event.created_at,
        "environment": event.environment_id,
        "feature": event.feature_id,
        "provider_name": event.provider.name,
        "reason": event.reason,
        "type": event.type,
    }


def _report(facts: dict[str, Any]) -> Report:
    return Report(
        feature=facts["feature"],
        environment=facts.get("environment"),
        status=HealthStatus(facts["status"].upper()),
        reason=facts.get("reason"),
    )


routes = [
    path("feature-health/<str:token>", HealthReports),
    path("projects/<int:project_id>/feature-health/providers/", HealthProviders),
    path("projects/<int:project_id>/feature-health/providers/<str:name>/", OneHealthProvider),
    path("projects/<int:project_id>/feature-health/events/", HealthEvents),
    path("projects/<int:project_id>/feature-health/events/<int:event_id>/dismiss/", DismissHealthEvent),
]
