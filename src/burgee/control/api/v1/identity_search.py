"""Identities found by identifier and by traits."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, paginated
from burgee.control.api.base.pagination import SearchPages
from burgee.control.api.base.routing import path
from burgee.control.api.v1.insight_json import PersonJson, PlainValueField
from burgee.control.environments.models import Environment
from burgee.control.identities.models import Identity
from burgee.control.identities.queries import identities_in, with_override_counts, with_trait

MOST_TRAITS: Final = 10


class FoundIdentityJson(PersonJson):
    created_date = serializers.DateTimeField()
    last_seen = serializers.DateField(allow_null=True)
    overrides = serializers.IntegerField()
    traits = serializers.DictField(child=PlainValueField(allow_null=True))


class FoundIdentitiesJson(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FoundIdentityJson(many=True)


class IdentitySearch(ApiView):
    """By part of the identifier and by traits, with what a list shows beside them."""

    scope = EnvironmentFromUrl()
    permission = Permission.VIEW_IDENTITIES
    tags = ("identities",)
    answers = FoundIdentitiesJson

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Part of the identifier, or all of it in double quotes."),
            OpenApiParameter("trait", str, many=True, description="`key`, or `key:value`; all must fit."),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ]
    )
    def get(self, request: Request, environment: Environment) -> Response:
        found = identities_in(environment, search=request.query_params.get("q", "")).defer(None)
        wanted = [text for text in request.query_params.getlist("trait") if text]
        if len(wanted) > MOST_TRAITS:
            raise ValidationError({"trait": [f"There can be at most {MOST_TRAITS} traits."]})
        for text in wanted:
            key, colon, value = text.partition(":")
            found = with_trait(found, key, value if colon else None)
        counted = with_override_counts(found, environment)
        return paginated(request, counted, lambda rows: list(map(_found_json, rows)), style=SearchPages)


def _found_json(identity: Identity) -> dict[str, Any]:
    return {
        "id": identity.pk,
        "identifier": identity.identifier,
        "created_date": identity.created_date,
        "last_seen": identity.last_seen,
        "overrides": identity.override_count,  # type: ignore[attr-defined]  # annotated
        "traits": identity.traits,
    }


routes = [path("environments/<str:environment_key>/identities/search/", IdentitySearch)]
