"""The options of multivariate features."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_projects
from burgee.control.api.base import ApiView, NoScope, ProjectFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.addressed_feature import addressed_feature, refuse_another
from burgee.control.api.v1.feature_json import OptionOfFeatureInput, new_option, option_changes, option_json
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.projects.models import Project
from burgee.control.targeting.options import add_option, change_option, remove_option


def option_of_feature_json(option: MultivariateOption) -> dict[str, Any]:
    return option_json(option) | {"feature": option.feature_id}


def _option(project: Project, feature_id: int, option_id: int) -> MultivariateOption:
    feature = addressed_feature(project, feature_id)
    return get_or_missing(MultivariateOption.objects.filter(feature=feature).select_related("feature"), pk=option_id)


def _facts(request: Request, feature_id: int, *, partial: bool = False) -> dict[str, Any]:
    facts = parsed(OptionOfFeatureInput, request, partial=partial)
    refuse_another(facts, feature_id)
    return facts


class Options(ApiView):
    scope = ProjectFromUrl()
    permission = {"get": Permission.VIEW_PROJECT, "post": Permission.CREATE_FEATURE}
    tags = ("multivariate",)
    accepts = OptionOfFeatureInput

    def get(self, request: Request, project: Project, feature_id: int) -> Response:
        options = MultivariateOption.objects.filter(feature=addressed_feature(project, feature_id)).order_by("pk")
        return paginated(request, options, lambda rows: [option_of_feature_json(option) for option in rows])

    def post(self, request: Request, project: Project, feature_id: int) -> Response:
        feature = addressed_feature(project, feature_id)
        option = add_option(feature, new_option(_facts(request, feature_id)), actor=self.actor)
        return Response(option_of_feature_json(option), status=201)


class OneOption(ApiView):
    scope = ProjectFromUrl()
    permission = {
        "get": Permission.VIEW_PROJECT,
        "put": Permission.EDIT_FEATURE,
        "patch": Permission.EDIT_FEATURE,
        "delete": Permission.EDIT_FEATURE,
    }
    tags = ("multivariate",)
    accepts = OptionOfFeatureInput

    def get(self, request: Request, project: Project, feature_id: int, option_id: int) -> Response:  # noqa: ARG002
        return Response(option_of_feature_json(_option(project, feature_id, option_id)))

    def put(self, request: Request, project: Project, feature_id: int, option_id: int) -> Response:
        option = _option(project, feature_id, option_id)
        return self._change(option, _facts(request, feature_id))

    def patch(self, request: Request, project: Project, feature_id: int, option_id: int) -> Response:
        option = _option(project, feature_id, option_id)
        return self._change(option, _facts(request, feature_id, partial=True))

    def delete(self, request: Request, project: Project, feature_id: int, option_id: int) -> Response:  # noqa: ARG002
        remove_option(_option(project, feature_id, option_id), actor=self.actor)
        return Response(status=204)

    def _change(self, option: MultivariateOption, facts: dict[str, Any]) -> Response:
        return Response(option_of_feature_json(change_option(option, option_changes(facts), actor=self.actor)))


class OptionByUuid(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("multivariate",)

    def get(self, request: Request, uuid: UUID) -> Response:  # noqa: ARG002
        features = Feature.objects.living().filter(project__in=visible_projects(self.principal))
        options = MultivariateOption.objects.filter(feature__in=features)
        return Response(option_of_feature_json(get_or_missing(options, uuid=uuid)))


routes = [
    path("multivariate/options/get-by-uuid/<uuid:uuid>/", OptionByUuid),
    path("projects/<int:project_id>/features/<int:feature_id>/mv-options/", Options),
    path("projects/<int:project_id>/features/<int:feature_id>/mv-options/<int:option_id>/", OneOption),
]
