"""How many features are in which stage of their life."""

from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentByIdFromUrl
from burgee.control.api.base.routing import path
from burgee.control.environments.models import Environment
from burgee.control.lifecycle.queries import stage_counts


class FeatureLifecycleCounts(ApiView):
    scope = EnvironmentByIdFromUrl()
    permission = Permission.VIEW_ENVIRONMENT
    tags = ("lifecycle",)

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({stage.value: count for stage, count in stage_counts(environment).items()})


routes = [path("environments/<int:environment_id>/feature-lifecycle-counts/", FeatureLifecycleCounts)]
