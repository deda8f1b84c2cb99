"""What has a custom field, and where it is required."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import (
    ApiView,
    OrganisationFromUrl,
    get_or_missing,
    integer_from_query,
    paginated,
    parsed,
)
from burgee.control.api.base.routing import path
from burgee.control.api.v1.custom_field_json import (
    CONTENT_TYPES,
    KIND_OF,
    ORGANISATION,
    PROJECT,
    AttachmentChangesInput,
    AttachmentInput,
    attachment_json,
    requirement,
)
from burgee.control.custom_fields.attachments import attach_field, detach_field, require_field
from burgee.control.custom_fields.errors import UnknownField
from burgee.control.custom_fields.models import Attachment, CustomField, Kind
from burgee.control.custom_fields.queries import attachments_in
from burgee.control.organisations.models import Organisation


class AttachmentView(ApiView):
    """Members see where fields are; who may change it depends on the field."""

    scope = OrganisationFromUrl()
    permission = Permission.ORGANISATION_MEMBER
    tags = ("metadata",)

    def require_rights_over(self, field: CustomField) -> None:
        """403 unless the caller administers what the field is of."""
        if field.project is None:
            self.require(Permission.ORGANISATION_ADMIN, field.organisation)
        else:
            self.require(Permission.PROJECT_ADMIN, field.project)


class Attachments(AttachmentView):
    accepts = AttachmentInput

    def get(self, request: Request, organisation: Organisation) -> Response:
        found = attachments_in(organisation)
        content_type = integer_from_query(request, "content_type")
        if content_type is not None:
            found = found.filter(kind__in=[KIND_OF[content_type]] if content_type in KIND_OF else [])
        return paginated(request, found, lambda rows: [attachment_json(row) for row in rows])

    def post(self, request: Request, organisation: Organisation) -> Response:
        facts = parsed(AttachmentInput, request)
        fields = (
            CustomField.objects.living().filter(organisation=organisation).select_related("organisation", "project")
        )
        field = fields.filter(pk=facts["field"]).first()
        if field is None:
            raise UnknownField(id=facts["field"])
        self.require_rights_over(field)
        wanted = requirement(facts.get("is_required_for", ()), organisation.pk)
        row = attach_field(field, facts["content_type"], wanted, actor=self.actor)
        return Response(attachment_json(row), status=201)


class OneAttachment(AttachmentView):
    accepts = AttachmentChangesInput

    def get(self, request: Request, organisation: Organisation, attachment_id: int) -> Response:  # noqa: ARG002
        return Response(attachment_json(_attachment(organisation, attachment_id)))

    def put(self, request: Request, organisation: Organisation, attachment_id: int) -> Response:
        return self._change(request, organisation, attachment_id, {"is_required_for": []})

    def patch(self, request: Request, organisation: Organisation, attachment_id: int) -> Response:
        return self._change(request, organisation, attachment_id, {})

    def delete(self, request: Request, organisation: Organisation, attachment_id: int) -> Response:  # noqa: ARG002
        row = _attachment(organisation, attachment_id)
        self.require_rights_over(row.field)
        detach_field(row, actor=self.actor)
        return Response(status=204)

    def _change(
        self, request: Request, organisation: Organisation, attachment_id: int, without: dict[str, Any]
    ) -> Response:
        row = _attachment(organisation, attachment_id)
        self.require_rights_over(row.field)
        facts = without | parsed(AttachmentChangesInput, request)
        if "is_required_for" in facts:
            wanted = requirement(facts["is_required_for"], organisation.pk)
            row = require_field(row, wanted, actor=self.actor)
        return Response(attachment_json(row))


class ContentTypes(ApiView):
    """What can have fields, and where they can be required."""

    scope = OrganisationFromUrl()
    permission = Permission.ORGANISATION_MEMBER
    tags = ("metadata",)

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002
        return Response([_content_type_json(model) for model in CONTENT_TYPES])


class RequiredForTypes(ApiView):
    """Where a field can be required for what has it."""

    scope = OrganisationFromUrl()
    permission = Permission.ORGANISATION_MEMBER
    tags = ("metadata",)

    def get(self, request: Request, organisation: Organisation) -> Response:  # noqa: ARG002
        model = request.query_params.get("model_name")
        if not model:
            raise ValidationError({"model_name": ["This field is required."]})
        if model not in Kind.values:
            return Response({"message": "This model has no custom fields."}, status=404)
        return Response([_content_type_json(place) for place in (ORGANISATION, PROJECT)])


def _attachment(organisation: Organisation, attachment_id: int) -> Attachment:
    found = attachments_in(organisation).select_related("field__organisation", "field__project")
    return get_or_missing(found, pk=attachment_id)


def _content_type_json(model: str) -> dict[str, Any]:
    return {"id": CONTENT_TYPES[model], "app_label": f"{model}s", "model": model}


PREFIX = "organisations/<int:organisation_id>/metadata-model-fields/"

routes = [
    path(PREFIX, Attachments, name="FieldAttachments"),
    path(f"{PREFIX}supported-content-types/", ContentTypes, name="FieldContentTypes"),
    path(f"{PREFIX}supported-required-for-models/", RequiredForTypes, name="FieldRequiredForTypes"),
    path(f"{PREFIX}<int:attachment_id>/", OneAttachment, name="OneFieldAttachment"),
]
