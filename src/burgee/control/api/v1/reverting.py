"""Taking back what a line of the audit log tells."""

from typing import Any

from msgspec import structs
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.standing import standing_of
from burgee.control.api.base import ApiView, NoScope, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.change_numbers import StaleWrite
from burgee.control.api.v1.flag_updates import ChangeRequestsInUse
from burgee.control.api.v1.insight_json import from_and_to
from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import told_by
from burgee.control.events.catalog import ObjectType
from burgee.control.projects.models import Project
from burgee.control.promotion.recorded import ChangedSince, NotRevertible, Recorded
from burgee.control.promotion.reverting import Place, place_of, revert

RevertedFieldJson = from_and_to(
    "RevertedField",
    source_side=serializers.JSONField(allow_null=True),
    target_side=serializers.JSONField(allow_null=True),
    field=serializers.CharField(),
)


class RevertInput(serializers.Serializer[Any]):
    force = serializers.BooleanField(default=False)


class RevertJson(serializers.Serializer[Any]):
    changed = serializers.BooleanField()
    object = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        # A serializer keeps the name for itself.
        return {**super().get_fields(), "fields": RevertedFieldJson(many=True)}


class RevertChange(ApiView):
    """Makes the opposite edit; needs to see the line, and what making that edit by hand needs."""

    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("audit",)
    accepts = RevertInput
    answers = RevertJson

    def post(self, request: Request, line_id: int) -> Response:
        line = self._line(line_id)
        force = parsed(RevertInput, request)["force"]
        told = told_by([line]).get(line.pk)
        if told is None:
            raise _refused("What happened is told, but its record is gone.")
        recorded = Recorded(event=told[0], changes=told[1])
        try:
            self._permit(recorded, place_of(recorded))
            done = revert(recorded, actor=self.actor, force=force)
        except NotRevertible as error:
            raise _refused(str(error)) from error
        except ChangedSince as error:
            raise _changed_since(error) from error
        fields = [{"field": one.field, "from": one.was, "to": one.becomes} for one in done.fields]
        return Response({"changed": done.changed, "object": recorded.kind.value.upper(), "fields": fields})

    def _line(self, line_id: int) -> AuditLog:
        line = get_or_missing(AuditLog.objects.all(), id=line_id)
        if line.organisation_id in standing_of(self.principal).administered:
            return line
        project = Project.objects.living().select_related("organisation").filter(pk=line.project_id or 0).first()
        if project is None or not self.allows(Permission.VIEW_AUDIT_LOG, project):
            raise NotFound("No AuditLog matches the given query.")
        return line

    def _permit(self, recorded: Recorded, place: Place) -> None:
        change = recorded.changes[0]
        if place.segment is not None:
            self.require(Permission.MANAGE_SEGMENTS, place.segment.project)
            return
        if place.feature is None:
            raise PermissionDenied
        if place.environment is None:
            self.require_about(Permission.EDIT_FEATURE, place.feature.project, place.feature)
            return
        of_segment = change.segment_id is not None or change.object == ObjectType.FEATURE_SEGMENT
        needed = Permission.MANAGE_SEGMENT_OVERRIDES if of_segment else Permission.UPDATE_FEATURE_STATE
        self.require_about(needed, place.environment, place.feature)
        if change.identity_id is not None:
            self.require(Permission.MANAGE_IDENTITIES, place.environment)
        if place.environment.minimum_change_request_approvals is not None:
            raise ChangeRequestsInUse


def _refused(reason: str) -> StaleWrite:
    error = StaleWrite({"detail": reason, "code": NotRevertible.code})
    error.status_code = 400
    return error


def _changed_since(error: ChangedSince) -> StaleWrite:
    later = [structs.asdict(edit) for edit in error.later]
    return StaleWrite({"detail": str(error), "code": error.code, "fields": list(error.fields), "changes": later})


routes = [path("audit/<int:line_id>/revert/", RevertChange)]
