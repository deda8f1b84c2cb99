"""Segments of a project."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_projects
from burgee.control.api.base import (
    ApiView,
    Missing,
    NoScope,
    ProjectFromUrl,
    get_or_missing,
    integer_from_query,
    paginated,
    parsed,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1.segment_json import (
    SegmentChangesInput,
    SegmentCloneInput,
    SegmentInput,
    new_segment,
    segment_changes,
    segment_json,
    segments_json,
)
from burgee.control.environments.models import Environment
from burgee.control.identities.evaluation import segments_with
from burgee.control.identities.models import Identity
from burgee.control.projects.models import Project
from burgee.control.segments.models import Segment
from burgee.control.segments.queries import segments_in
from burgee.control.segments.services import change_segment, clone_segment, create_segment
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.openings import delete_segment

FALSE = frozenset({"0", "false", "no", "off"})


class Segments(ApiView):
    scope = ProjectFromUrl(missing=Missing.REFUSED)
    permission = {"get": Permission.VIEW_PROJECT, "post": Permission.MANAGE_SEGMENTS}
    tags = ("segments",)
    accepts = SegmentInput

    def get(self, request: Request, project: Project) -> Response:
        found = segments_in(
            project,
            name_contains=request.query_params.get("q", ""),
            feature_specific=request.query_params.get("include_feature_specific", "1").lower() not in FALSE,
        )
        if request.query_params.get("identity"):
            found = found.filter(pk__in=self._with_identity(request.query_params["identity"], project, found))
        return paginated(request, found, segments_json)

    def post(self, request: Request, project: Project) -> Response:
        segment = create_segment(project, new_segment(parsed(SegmentInput, request)), actor=self.actor)
        return Response(segment_json(segment), status=201)

    def _with_identity(self, text: str, project: Project, segments: QuerySet[Segment]) -> set[int]:
        """The ids of the segments that the identity is in; it looks missing to who may not view identities there."""
        if not (text.isascii() and text.isdigit() and len(text) < 20):
            raise ValidationError({"identity": ["A valid integer is required."]})
        living = Environment.objects.filter(project=project, deleted_at=None).select_related("project")
        shown = {place.pk: place for place in living if self.allows(Permission.VIEW_IDENTITIES, place)}
        identity = get_or_missing(Identity.objects.filter(environment_id__in=list(shown)), pk=int(text))
        return segments_with(shown[identity.environment_id], identity, segments)


class OneSegment(ApiView):
    scope = ProjectFromUrl(missing=Missing.REFUSED)
    permission = {
        "get": Permission.VIEW_PROJECT,
        "put": Permission.MANAGE_SEGMENTS,
        "patch": Permission.MANAGE_SEGMENTS,
        "delete": Permission.MANAGE_SEGMENTS,
    }
    tags = ("segments",)
    accepts = SegmentInput

    def get(self, request: Request, project: Project, segment_id: int) -> Response:  # noqa: ARG002
        return Response(segment_json(_segment(project, segment_id)))

    def put(self, request: Request, project: Project, segment_id: int) -> Response:
        return self._change(project, segment_id, parsed(SegmentInput, request))

    def patch(self, request: Request, project: Project, segment_id: int) -> Response:
        return self._change(project, segment_id, parsed(SegmentChangesInput, request))

    def delete(self, request: Request, project: Project, segment_id: int) -> Response:  # noqa: ARG002
        delete_segment(_segment(project, segment_id), actor=self.actor)
        return Response(status=204)

    def _change(self, project: Project, segment_id: int, facts: dict[str, Any]) -> Response:
        segment = _segment(project, segment_id)
        return Response(segment_json(change_segment(segment, segment_changes(facts), actor=self.actor)))


class CloneSegment(ApiView):
    scope = ProjectFromUrl(missing=Missing.REFUSED)
    permission = Permission.MANAGE_SEGMENTS
    tags = ("segments",)
    succeeds = {"post": (201,)}
    accepts = SegmentCloneInput

    def post(self, request: Request, project: Project, segment_id: int) -> Response:
        source = _segment(project, segment_id)
        made = clone_segment(source, name=parsed(SegmentCloneInput, request)["name"], actor=self.actor)
        return Response(segment_json(made), status=201)


class AssociatedFeatures(ApiView):
    """The served states that override a feature for the segment."""

    scope = ProjectFromUrl(missing=Missing.REFUSED)
    permission = Permission.VIEW_PROJECT
    tags = ("segments",)

    def get(self, request: Request, project: Project, segment_id: int) -> Response:
        segment = _segment(project, segment_id)
        states = FeatureState.objects.live().filter(
            feature_segment__segment=segment, feature__deleted_at=None, environment__deleted_at=None
        )
        environment_id = integer_from_query(request, "environment")
        if environment_id is not None:
            states = states.filter(environment_id=environment_id)
        return paginated(request, states.order_by("pk"), lambda rows: list(map(_associated_json, rows)))


class SegmentByUuid(ApiView):
    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("segments",)

    def get(self, request: Request, uuid: UUID) -> Response:  # noqa: ARG002
        mine = Segment.objects.living().filter(project__in=visible_projects(self.principal))
        return Response(segment_json(get_or_missing(mine, uuid=uuid)))


def _segment(project: Project, segment_id: int) -> Segment:
    living = Segment.objects.filter(project=project, deleted_at=None)
    return get_or_missing(living.select_related("project"), pk=segment_id)


def _associated_json(state: FeatureState) -> dict[str, Any]:
    return {"id": state.pk, "feature": state.feature_id, "environment": state.environment_id}


routes = [
    path("segments/get-by-uuid/<uuid:uuid>/", SegmentByUuid),
    path("projects/<int:project_id>/segments/", Segments),
    path("projects/<int:project_id>/segments/<int:segment_id>/", OneSegment),
    path("projects/<int:project_id>/segments/<int:segment_id>/clone/", CloneSegment),
    path("projects/<int:project_id>/segments/<int:segment_id>/associated-features/", AssociatedFeatures),
]
