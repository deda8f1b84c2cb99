"""Which attribute of an identity provider tells what about a person."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import can
from burgee.control.access.standing import Principal, standing_of
from burgee.control.api.base import ApiView, NoScope, paginated, parsed
from burgee.control.api.base.parsing import LARGEST_ID, integer_from_query
from burgee.control.api.base.routing import path
from burgee.control.api.v1.saml_configurations import organisation_from_query, sees
from burgee.control.organisations.models import Organisation
from burgee.control.saml.mappings import add_mapping, change_mapping, remove_mapping
from burgee.control.saml.models import PersonField, SamlAttributeMapping, SamlConfiguration


class MappingFromUrl:
    """The mapping with the number in the URL; foreign ones look missing."""

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Organisation:  # noqa: ARG002 - a protocol
        rows = SamlAttributeMapping.objects.select_related("configuration__organisation")
        found = rows.filter(pk=arguments.pop("mapping_id"), configuration__organisation__deleted_at=None).first()
        if found is None or not sees(principal, found.configuration):
            raise NotFound("No SamlAttributeMapping matches the given query.")
        arguments["mapping"] = found
        return found.configuration.organisation


class MappingInput(serializers.Serializer[Any]):
    saml_configuration = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    django_attribute_name = serializers.ChoiceField(choices=PersonField.choices)
    idp_attribute_name = serializers.CharField(max_length=200)


class SamlMappings(ApiView):
    """Of the configurations that the caller administers; ``organisation`` and ``saml_configuration`` narrow them."""

    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("saml",)
    accepts = MappingInput
    for_people = True

    def get(self, request: Request) -> Response:
        organisation = organisation_from_query(self, request)
        administered = Organisation.objects.living().filter(pk__in=standing_of(self.user).administered)
        rows = SamlAttributeMapping.objects.order_by("id")
        if organisation is not None:
            rows = rows.filter(configuration__organisation=organisation)
        else:
            rows = rows.filter(configuration__organisation__in=administered)
        number = integer_from_query(request, "saml_configuration")
        if number is not None:
            rows = rows.filter(configuration_id=number)
        return paginated(request, rows, lambda page: [mapping_json(row) for row in page])

    def post(self, request: Request) -> Response:
        facts = parsed(MappingInput, request)
        configuration = _administered(self.user, facts["saml_configuration"])
        made = add_mapping(
            configuration,
            field=facts["django_attribute_name"],
            idp_attribute_name=facts["idp_attribute_name"],
            actor=self.actor,
        )
        return Response(mapping_json(made), status=201)


class OneSamlMapping(ApiView):
    """A mapping stays with its configuration."""

    permission = Permission.ORGANISATION_ADMIN
    scope = MappingFromUrl()
    tags = ("saml",)
    accepts = MappingInput
    for_people = True

    def get(self, request: Request, mapping: SamlAttributeMapping) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(mapping_json(mapping))

    def put(self, request: Request, mapping: SamlAttributeMapping) -> Response:
        return self._change(request, mapping, partial=False)

    def patch(self, request: Request, mapping: SamlAttributeMapping) -> Response:
        return self._change(request, mapping, partial=True)

    def delete(self, request: Request, mapping: SamlAttributeMapping) -> Response:  # noqa: ARG002 - DRF's signature
        remove_mapping(mapping, actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, mapping: SamlAttributeMapping, *, partial: bool) -> Response:
        facts = parsed(MappingInput, request, partial=partial)
        if facts.pop("saml_configuration", mapping.configuration_id) != mapping.configuration_id:
            raise serializers.ValidationError({"saml_configuration": ["A mapping stays with its configuration."]})
        named = {"django_attribute_name": "field", "idp_attribute_name": "idp_attribute_name"}
        changes = {named[name]: new for name, new in facts.items()}
        return Response(mapping_json(change_mapping(mapping, actor=self.actor, **changes)))


def mapping_json(mapping: SamlAttributeMapping) -> dict[str, Any]:
    return {
        "id": mapping.pk,
        "saml_configuration": mapping.configuration_id,
        "django_attribute_name": mapping.field,
        "idp_attribute_name": mapping.idp_attribute_name,
    }


def _administered(principal: Principal, number: int) -> SamlConfiguration:
    found = SamlConfiguration.objects.living().select_related("organisation").filter(pk=number).first()
    if found is None or not can(principal, Permission.ORGANISATION_ADMIN, found.organisation):
        refusal = f'Invalid pk "{number}" - object does not exist.'
        raise serializers.ValidationError({"saml_configuration": [refusal]})
    return found


routes = [
    path("auth/saml/attribute-mapping/", SamlMappings),
    path("auth/saml/attribute-mapping/<int:mapping_id>/", OneSamlMapping),
]
