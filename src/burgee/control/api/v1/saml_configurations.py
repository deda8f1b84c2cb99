"""SAML configurations of an organisation: identity providers, their attributes, our keys."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import can
from burgee.control.access.standing import Principal
from burgee.control.api.base import ApiView, NoScope, OrganisationFromBody, paginated, parsed
from burgee.control.api.base.parsing import integer_from_query
from burgee.control.api.base.routing import path
from burgee.control.organisations.models import Organisation
from burgee.control.saml import keys
from burgee.control.saml.addresses import entity_id, response_url
from burgee.control.saml.configurations import (
    change_configuration,
    configuration_named,
    create_configuration,
    delete_configuration,
    drop_next_key,
    prepare_key,
    use_next_key,
)
from burgee.control.saml.description import certificates
from burgee.control.saml.documents import LARGEST_METADATA
from burgee.control.saml.metadata_source import read_again
from burgee.control.saml.models import SamlConfiguration

NAME = r"^[A-Za-z0-9-]+\Z"


class ConfigurationFromUrl:
    """The configuration with the name in the URL, put in its place; foreign ones look missing."""

    def resolve(self, request: Request, arguments: dict[str, Any], principal: Principal | None) -> Organisation:  # noqa: ARG002 - a protocol
        found = configuration_named(arguments.pop("name"))
        if found is None or not sees(principal, found):
            raise NotFound("No SamlConfiguration matches the given query.")
        arguments["configuration"] = found
        return found.organisation


def sees(principal: Principal | None, configuration: SamlConfiguration) -> bool:
    return principal is None or can(principal, Permission.ORGANISATION_MEMBER, configuration.organisation)


class ConfigurationInput(serializers.Serializer[Any]):
    name = serializers.RegexField(NAME, max_length=100)
    frontend_url = serializers.URLField(max_length=200)
    idp_metadata_xml = serializers.CharField(
        max_length=LARGEST_METADATA, required=False, allow_null=True, allow_blank=True
    )
    idp_metadata_url = serializers.URLField(max_length=500, required=False, allow_null=True, allow_blank=True)
    allow_idp_initiated = serializers.BooleanField(required=False)

    def validate_frontend_url(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"https", "http"} or parts.query or parts.fragment or parts.username is not None:
            raise serializers.ValidationError("Give the address of the dashboard, without query, fragment and user.")
        return url

    def validate_idp_metadata_xml(self, text: str | None) -> str | None:
        return text or None

    def validate_idp_metadata_url(self, url: str | None) -> str | None:
        return url or None


class SamlConfigurations(ApiView):
    """``organisation`` in the query names whose; a key of the organisation does not sign people in."""

    permission: ClassVar[Any] = {"get": Permission.SIGNED_IN, "post": Permission.ORGANISATION_ADMIN}
    scope: ClassVar[Any] = {"get": NoScope(), "post": OrganisationFromBody()}
    tags = ("saml",)
    accepts = ConfigurationInput
    for_people = True

    def get(self, request: Request) -> Response:
        organisation = organisation_from_query(self, request)
        if organisation is None:
            raise serializers.ValidationError({"organisation": ["This field is required."]})
        rows = organisation.saml_configurations.order_by("id")
        return paginated(request, rows, lambda page: [configuration_json(row) for row in page])

    def post(self, request: Request, organisation: Organisation) -> Response:
        made = create_configuration(organisation, actor=self.actor, **parsed(ConfigurationInput, request))
        return Response(configuration_json(made), status=201)


class OneView(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = ConfigurationFromUrl()
    tags = ("saml",)
    for_people = True


class OneSamlConfiguration(OneView):
    """A configuration stays with its organisation."""

    accepts = ConfigurationInput

    def get(self, request: Request, configuration: SamlConfiguration) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(configuration_json(configuration))

    def put(self, request: Request, configuration: SamlConfiguration) -> Response:
        return self._change(request, configuration, partial=False)

    def patch(self, request: Request, configuration: SamlConfiguration) -> Response:
        return self._change(request, configuration, partial=True)

    def delete(self, request: Request, configuration: SamlConfiguration) -> Response:  # noqa: ARG002 - DRF's signature
        delete_configuration(configuration, actor=self.actor)
        return Response(status=204)

    def _change(self, request: Request, configuration: SamlConfiguration, *, partial: bool) -> Response:
        facts = parsed(ConfigurationInput, request, partial=partial)
        return Response(configuration_json(change_configuration(configuration, actor=self.actor, **facts)))


class NextKey(OneView):
    """A key to come: made, and taken back."""

    succeeds = {"post": (201,)}

    def post(self, request: Request, configuration: SamlConfiguration) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(configuration_json(prepare_key(configuration, actor=self.actor)), status=201)

    def delete(self, request: Request, configuration: SamlConfiguration) -> Response:  # noqa: ARG002 - DRF's signature
        drop_next_key(configuration, actor=self.actor)
        return Response(status=204)


class UseNextKey(OneView):
    def post(self, request: Request, configuration: SamlConfiguration) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(configuration_json(use_next_key(configuration, actor=self.actor)))


class ReadMetadata(OneView):
    """Now instead of some hours later; ``metadata_problem`` says what is wrong with it."""

    succeeds = {"post": (200,)}

    def post(self, request: Request, configuration: SamlConfiguration) -> Response:  # noqa: ARG002 - DRF's signature
        read_again(configuration, actor=self.actor)
        return Response(configuration_json(configuration))


def organisation_from_query(view: ApiView, request: Request) -> Organisation | None:
    """The organisation that ``organisation`` names, which the caller must administer; None without one.

    One that is not there is refused as a foreign one is.
    """
    number = integer_from_query(request, "organisation")
    if number is None:
        return None
    found = Organisation.objects.living().filter(pk=number).first()
    if found is None:
        raise PermissionDenied
    view.require(Permission.ORGANISATION_ADMIN, found)
    return found


def configuration_json(row: SamlConfiguration) -> dict[str, Any]:
    """What clients know, and what an administrator needs at the identity provider."""
    return {
        "id": row.pk,
        "organisation": row.organisation_id,
        "name": row.name,
        "frontend_url": row.frontend_url,
        "idp_metadata_xml": row.idp_metadata_xml,
        "allow_idp_initiated": row.allow_idp_initiated,
        "idp_metadata_url": row.idp_metadata_url,
        "metadata_read_at": row.metadata_read_at,
        "metadata_problem": row.metadata_problem,
        "idp_entity_id": row.provider and row.provider["entity_id"],
        "entity_id": entity_id(row),
        "acs_url": response_url(row),
        "certificates": [keys.facts(certificate) for certificate in certificates(row)],
    }


routes = [
    path("auth/saml/configuration/", SamlConfigurations),
    path("auth/saml/configuration/<str:name>/", OneSamlConfiguration),
    path("auth/saml/configuration/<str:name>/next-key/", NextKey),
    path("auth/saml/configuration/<str:name>/next-key/use/", UseNextKey),
    path("auth/saml/configuration/<str:name>/read-metadata/", ReadMetadata),
]
