"""Features of a project, and who owns them."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_projects
from burgee.control.api.base import ApiView, NoScope, ProjectFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.addressed_feature import addressed_feature, features_of
from burgee.control.api.v1.feature_filters import feature_list
from burgee.control.api.v1.feature_json import (
    FeatureInput,
    FeatureUpdateInput,
    GroupOwnersInput,
    OwnersInput,
    feature_changes,
    feature_json,
    features_json,
    new_feature,
    new_option,
    owned_feature_json,
)
from burgee.control.features import owners
from burgee.control.features.errors import GroupsNotFound, OwnerRequired, OwnersNotFound
from burgee.control.features.models import Feature
from burgee.control.lifecycle.queries import listed
from burgee.control.projects.models import Project
from burgee.control.targeting.openings import create_feature, delete_feature
from burgee.control.targeting.revision import revise_feature


class Features(ApiView):
    scope = ProjectFromUrl()
    permission = {"get": Permission.VIEW_PROJECT, "post": Permission.CREATE_FEATURE}
    tags = ("features",)
    accepts = FeatureInput

    def get(self, request: Request, project: Project) -> Response:
        wanted = feature_list(request, project, self.principal)

        def present(ids: list[int]) -> list[dict[str, Any]]:
            features = listed(ids, project, wanted.environment)
            told = features_json(features, wanted.overviews(ids))
            for facts, feature in zip(told, features, strict=True):
                facts["lifecycle_stage"] = feature.stage
            return told

        ids: Any = wanted.features.values_list("pk", flat=True)
        return paginated(request, ids, present)

    def post(self, request: Request, project: Project) -> Response:
        facts = parsed(FeatureInput, request)
        if facts.get("multivariate_options"):
            self.require(Permission.PROJECT_ADMIN, project)
        feature = create_feature(project, new_feature(facts, creator_id=self.person_id), actor=self.actor)
        return Response(feature_json(features_of(project).get(pk=feature.pk)), status=201)


class OneFeature(ApiView):
    scope = ProjectFromUrl()
    permission = {
        "get": Permission.VIEW_PROJECT,
        "put": Permission.EDIT_FEATURE,
        "patch": Permission.EDIT_FEATURE,
        "delete": Permission.DELETE_FEATURE,
    }
    asks_about_features = True
    tags = ("features",)
    accepts = FeatureUpdateInput

    def get(self, request: Request, project: Project, feature_id: int) -> Response:  # noqa: ARG002
        return Response(feature_json(addressed_feature(project, feature_id)))

    def put(self, request: Request, project: Project, feature_id: int) -> Response:
        return self._change(request, project, feature_id)

    def patch(self, request: Request, project: Project, feature_id: int) -> Response:
        return self._change(request, project, feature_id)

    def delete(self, request: Request, project: Project, feature_id: int) -> Response:  # noqa: ARG002
        feature = addressed_feature(project, feature_id)
        self.require_about(Permission.DELETE_FEATURE, project, feature)
        delete_feature(feature, actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, project: Project, feature_id: int) -> Response:
        feature = addressed_feature(project, feature_id)
        facts = parsed(FeatureUpdateInput, request)
        options = facts.get("multivariate_options")
        if options is not None:
            self.require(Permission.PROJECT_ADMIN, project)
            options = [(facts_of_one.get("id"), new_option(facts_of_one)) for facts_of_one in options]
        revise_feature(feature, feature_changes(facts), options, actor=self.actor)
        return Response(feature_json(features_of(project).get(pk=feature.pk)))


class FeatureByUuid(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("features",)

    def get(self, request: Request, uuid: UUID) -> Response:  # noqa: ARG002
        mine = Feature.objects.living().filter(project__in=visible_projects(self.principal))
        return Response(feature_json(get_or_missing(mine, uuid=uuid)))


class Owners(ApiView):
    """The body names who is added or removed under the only key that it has."""

    scope = ProjectFromUrl()
    permission = Permission.EDIT_FEATURE
    tags = ("features",)
    accepts: ClassVar[type[Serializer[Any]]]
    change: ClassVar[Callable[..., Feature]]

    def post(self, request: Request, project: Project, feature_id: int) -> Response:
        feature = addressed_feature(project, feature_id)
        (ids,) = parsed(self.accepts, request).values()
        try:
            self.change(feature, ids, actor=self.actor)
        except (OwnersNotFound, GroupsNotFound, OwnerRequired) as error:
            raise ValidationError({"non_field_errors": [str(error)]}) from error
        return Response(owned_feature_json(features_of(project).get(pk=feature.pk)))


class AddOwners(Owners):
    accepts = OwnersInput
    change = staticmethod(owners.add_owners)


class RemoveOwners(Owners):
    accepts = OwnersInput
    change = staticmethod(owners.remove_owners)


class AddGroupOwners(Owners):
    accepts = GroupOwnersInput
    change = staticmethod(owners.add_group_owners)


class RemoveGroupOwners(Owners):
    accepts = GroupOwnersInput
    change = staticmethod(owners.remove_group_owners)


routes = [
    path("features/get-by-uuid/<uuid:uuid>/", FeatureByUuid),
    path("projects/<int:project_id>/features/", Features),
    path("projects/<int:project_id>/features/<int:feature_id>/", OneFeature),
    path("projects/<int:project_id>/features/<int:feature_id>/add-owners/", AddOwners),
    path("projects/<int:project_id>/features/<int:feature_id>/remove-owners/", RemoveOwners),
    path("projects/<int:project_id>/features/<int:feature_id>/add-group-owners/", AddGroupOwners),
    path("projects/<int:project_id>/features/<int:feature_id>/remove-group-owners/", RemoveGroupOwners),
]
