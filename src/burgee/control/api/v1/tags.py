"""Tags of a project."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, ProjectFromUrl, get_or_missing, paginated, parsed
from burgee.control.api.base.routing import path
from burgee.control.features.errors import SystemTagFixed
from burgee.control.features.models import Tag
from burgee.control.features.queries import visible_tags
from burgee.control.features.tags import TagChanges, change_tag, create_tag, delete_tag
from burgee.control.projects.models import Project


class TagInput(serializers.Serializer[Any]):
    label = serializers.CharField(max_length=100)  # type: ignore[assignment]  # a field of this name hides nothing used here
    color = serializers.CharField(max_length=10, required=False)
    description = serializers.CharField(max_length=512, required=False, allow_null=True, allow_blank=True)
    is_permanent = serializers.BooleanField(required=False)


def tag_json(tag: Tag) -> dict[str, Any]:
    return {
        "id": tag.pk,
        "label": tag.label,
        "color": tag.color,
        "description": tag.description,
        "project": tag.project_id,
        "uuid": str(tag.uuid),
        "is_permanent": tag.is_permanent,
        "is_system_tag": tag.is_system_tag,
        "type": tag.type,
    }


class Tags(ApiView):
    scope = ProjectFromUrl()
    permission = {"get": Permission.VIEW_PROJECT, "post": Permission.MANAGE_TAGS}
    tags = ("tags",)
    accepts = TagInput

    def get(self, request: Request, project: Project) -> Response:
        return paginated(request, visible_tags(project), lambda rows: [tag_json(tag) for tag in rows])

    def post(self, request: Request, project: Project) -> Response:
        tag = create_tag(project, TagChanges(**parsed(TagInput, request)), actor=self.actor)
        return Response(tag_json(tag), status=201)


class OneTag(ApiView):
    scope = ProjectFromUrl()
    permission = {
        "get": Permission.VIEW_PROJECT,
        "put": Permission.MANAGE_TAGS,
        "patch": Permission.MANAGE_TAGS,
        "delete": Permission.MANAGE_TAGS,
    }
    tags = ("tags",)
    accepts = TagInput

    def get(self, request: Request, project: Project, tag_id: int) -> Response:  # noqa: ARG002
        return Response(tag_json(get_or_missing(visible_tags(project), pk=tag_id)))

    def put(self, request: Request, project: Project, tag_id: int) -> Response:
        return self._change(request, project, tag_id, partial=False)

    def patch(self, request: Request, project: Project, tag_id: int) -> Response:
        return self._change(request, project, tag_id, partial=True)

    def delete(self, request: Request, project: Project, tag_id: int) -> Response:  # noqa: ARG002
        tag = get_or_missing(visible_tags(project).select_related("project"), pk=tag_id)
        try:
            delete_tag(tag, actor=self.actor)
        except SystemTagFixed as error:
            return Response({"message": str(error)}, status=400)
        return Response(status=204)

    def _change(self, request: Request, project: Project, tag_id: int, *, partial: bool) -> Response:
        tag = get_or_missing(visible_tags(project), pk=tag_id)
        changes = TagChanges(**parsed(TagInput, request, partial=partial))
        return Response(tag_json(change_tag(tag, changes, actor=self.actor)))


class TagByUuid(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("tags",)

    def get(self, request: Request, project: Project, uuid: UUID) -> Response:  # noqa: ARG002
        return Response(tag_json(get_or_missing(visible_tags(project), uuid=uuid)))


routes = [
    path("projects/<int:project_id>/tags/", Tags),
    path("projects/<int:project_id>/tags/get-by-uuid/<uuid:uuid>/", TagByUuid),
    path("projects/<int:project_id>/tags/<int:tag_id>/", OneTag),
]
