"""Custom fields of organisations and projects."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.standing import standing_of
from burgee.control.api.base import (
    ApiView,
    NoScope,
    OrganisationFromBody,
    ProjectFromUrl,
    get_or_missing,
    integer_from_query,
    paginated,
    parsed,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1.custom_field_json import FieldInput, NewFieldInput, field_json
from burgee.control.custom_fields.models import CustomField, Kind
from burgee.control.custom_fields.queries import fields_in, fields_of, with_attachments
from burgee.control.custom_fields.services import FieldChanges, NewField, change_field, create_field, delete_field
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project


class FieldView(ApiView):
    """Members see all fields of their organisation; who may change one depends on the field."""

    scope: ClassVar[Any] = NoScope()
    permission: ClassVar[Any] = Permission.SIGNED_IN
    tags = ("metadata",)

    def require_rights_over(self, organisation: Organisation, project: Project | None) -> None:
        """403 unless the caller administers what the field is of."""
        if project is None:
            self.require(Permission.ORGANISATION_ADMIN, organisation)
        else:
            self.require(Permission.PROJECT_ADMIN, project)


class Fields(FieldView):
    scope = {"get": NoScope(), "post": OrganisationFromBody()}
    permission = {"get": Permission.SIGNED_IN, "post": Permission.ORGANISATION_MEMBER}
    accepts = NewFieldInput

    def get(self, request: Request) -> Response:
        organisation_id = integer_from_query(request, "organisation")
        if organisation_id is None:
            raise ValidationError({"organisation": ["This field is required."]})
        mine = Organisation.objects.living().filter(pk__in=standing_of(self.principal).roles)
        organisation = mine.filter(pk=organisation_id).first()
        fields = CustomField.objects.none() if organisation is None else fields_of(organisation)
        return _page(request, fields)

    def post(self, request: Request, organisation: Organisation) -> Response:
        facts = parsed(NewFieldInput, request)
        project = self._project(organisation, facts.get("project"))
        self.require_rights_over(organisation, project)
        new = NewField(**_own_facts(facts))
        return Response(field_json(create_field(organisation, new, project=project, actor=self.actor)), status=201)

    @staticmethod
    def _project(organisation: Organisation, project_id: int | None) -> Project | None:
        if project_id is None:
            return None
        project = Project.objects.living().filter(organisation=organisation, pk=project_id).first()
        if project is None:
            raise PermissionDenied
        return project


class OneField(FieldView):
    accepts = FieldInput

    def get(self, request: Request, field_id: int) -> Response:  # noqa: ARG002
        return Response(field_json(self._field(field_id)))

    def put(self, request: Request, field_id: int) -> Response:
        return self._change(request, field_id, partial=False)

    def patch(self, request: Request, field_id: int) -> Response:
        return self._change(request, field_id, partial=True)

    def delete(self, request: Request, field_id: int) -> Response:  # noqa: ARG002
        field = self._field(field_id)
        self.require_rights_over(field.organisation, field.project)
        delete_field(field, actor=self.actor)
        return Response(status=204)

    def _field(self, field_id: int) -> CustomField:
        mine = CustomField.objects.living().filter(organisation__in=list(standing_of(self.principal).roles))
        return get_or_missing(with_attachments(mine.select_related("organisation", "project")), pk=field_id)

    def _change(self, request: Request, field_id: int, *, partial: bool) -> Response:
        field = self._field(field_id)
        self.require_rights_over(field.organisation, field.project)
        changes = FieldChanges(**_own_facts(parsed(FieldInput, request, partial=partial)))
        return Response(field_json(change_field(field, changes, actor=self.actor)))


class FieldQuery(serializers.Serializer[Any]):
    entity = serializers.ChoiceField(Kind.values, required=False)
    include_organisation = serializers.BooleanField(default=False)


class ProjectFields(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("metadata",)

    def get(self, request: Request, project: Project) -> Response:
        return _page(request, _fields_asked_for(request, project))


class OneProjectField(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.PROJECT_ADMIN
    tags = ("metadata",)

    def get(self, request: Request, project: Project, field_id: int) -> Response:
        fields = with_attachments(_fields_asked_for(request, project))
        return Response(field_json(get_or_missing(fields, pk=field_id)))


def _fields_asked_for(request: Request, project: Project) -> QuerySet[CustomField]:
    reader = FieldQuery(data={name: text for name, text in request.query_params.items() if text})
    reader.is_valid(raise_exception=True)
    query: dict[str, Any] = reader.validated_data
    return fields_in(project, with_shared=query["include_organisation"], kind=query.get("entity"))


def _page(request: Request, fields: QuerySet[CustomField]) -> Response:
    return paginated(request, with_attachments(fields), lambda rows: [field_json(field) for field in rows])


def _own_facts(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("name", "type", "description") if name in facts}


routes = [
    path("metadata/fields/", Fields, name="CustomFields"),
    path("metadata/fields/<int:field_id>/", OneField, name="OneCustomField"),
    path("projects/<int:project_id>/metadata/fields/", ProjectFields),
    path("projects/<int:project_id>/metadata/fields/<int:field_id>/", OneProjectField),
]
