"""Links of a feature to tickets, pull requests and documents."""

import json
import re
from typing import Any, Final
from urllib.parse import urlsplit

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, ProjectFromUrl, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.addressed_feature import addressed_feature, refuse_another
from burgee.control.api.v1.fields import IdField
from burgee.control.features.links import LinkFacts, add_link, change_link, links_of, remove_link
from burgee.control.features.models import FeatureLink, LinkType
from burgee.control.projects.models import Project

LONGEST_METADATA: Final = 2000
DEEPEST_METADATA: Final = 20
# Browsers read what stands after a backslash, or around space, otherwise than we do.
WRITTEN: Final = re.compile(r"https?://[^\s\\\x00-\x1f\x7f]+", re.IGNORECASE)


@extend_schema_field({"type": "string", "format": "uri", "maxLength": 200})
class LinkUrlField(serializers.CharField):
    """People will click on it. Hosts of an intranet may have a name without a dot."""

    default_error_messages = {"not_http": "Enter a valid http(s) URL."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def to_internal_value(self, data: Any) -> str:
        url: str = super().to_internal_value(data)
        if not WRITTEN.fullmatch(url) or not _has_host(url):
            self.fail("not_http")
        return url


@extend_schema_field({"type": "object", "additionalProperties": {}, "nullable": True})
class MetadataField(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """What whoever links keeps with it: small, as it stands in the audit log too."""

    default_error_messages = {
        "not_an_object": "Expected an object or null.",
        "too_deep": "Ensure this is nested no more than {most} levels deep.",
        "too_long": "Ensure this has no more than {most} characters as JSON.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("not_an_object")
        if _is_deeper(data, DEEPEST_METADATA):
            self.fail("too_deep", most=DEEPEST_METADATA)
        if len(json.dumps(data, ensure_ascii=False, separators=(",", ":"))) > LONGEST_METADATA:
            self.fail("too_long", most=LONGEST_METADATA)
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class FeatureLinkInput(serializers.Serializer[Any]):
    """A type that is left out is told from the URL."""

    url = LinkUrlField()
    type = serializers.ChoiceField(LinkType.values, required=False)
    metadata = MetadataField(required=False, allow_null=True, help_text="`title` is shown as the text of the link.")
    feature = IdField(required=False)


class FeatureLinkJson(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    url = serializers.CharField()
    type = serializers.ChoiceField(LinkType.values)
    metadata = MetadataField(allow_null=True)
    feature = serializers.IntegerField()


class FeatureLinksJson(serializers.Serializer[Any]):
    results = FeatureLinkJson(many=True)


class FeatureLinks(ApiView):
    scope = ProjectFromUrl()
    permission = {"get": Permission.VIEW_PROJECT, "post": Permission.CREATE_FEATURE}
    tags = ("external-resources",)
    accepts = FeatureLinkInput
    answers = {"get": FeatureLinksJson, "post": FeatureLinkJson}

    def get(self, request: Request, project: Project, feature_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"results": [link_json(link) for link in links_of(addressed_feature(project, feature_id))]})

    def post(self, request: Request, project: Project, feature_id: int) -> Response:
        feature = addressed_feature(project, feature_id)
        facts = _facts(request, feature_id)
        return Response(link_json(add_link(feature, facts["url"], LinkFacts(**facts), actor=self.actor)), status=201)


class OneFeatureLink(ApiView):
    scope = ProjectFromUrl()
    permission = {
        "get": Permission.VIEW_PROJECT,
        "put": Permission.CREATE_FEATURE,
        "patch": Permission.CREATE_FEATURE,
        "delete": Permission.CREATE_FEATURE,
    }
    tags = ("external-resources",)
    accepts = FeatureLinkInput
    answers = FeatureLinkJson

    def get(self, request: Request, project: Project, feature_id: int, link_id: int) -> Response:  # noqa: ARG002
        return Response(link_json(_link(project, feature_id, link_id)))

    def put(self, request: Request, project: Project, feature_id: int, link_id: int) -> Response:
        link = _link(project, feature_id, link_id)
        return self._change(link, _facts(request, feature_id))

    def patch(self, request: Request, project: Project, feature_id: int, link_id: int) -> Response:
        link = _link(project, feature_id, link_id)
        return self._change(link, _facts(request, feature_id, partial=True))

    def delete(self, request: Request, project: Project, feature_id: int, link_id: int) -> Response:  # noqa: ARG002
        remove_link(_link(project, feature_id, link_id), actor=self.actor)
        return Response(status=204)

    def _change(self, link: FeatureLink, facts: dict[str, Any]) -> Response:
        return Response(link_json(change_link(link, LinkFacts(**facts), actor=self.actor)))


def link_json(link: FeatureLink) -> dict[str, Any]:
    return {
        "id": link.pk,
        "url": link.url,
        "type": link.type,
        "metadata": link.metadata,
        "feature": link.feature_id,
    }


def _link(project: Project, feature_id: int, link_id: int) -> FeatureLink:
    return get_or_missing(links_of(addressed_feature(project, feature_id)), pk=link_id)


def _facts(request: Request, feature_id: int, *, partial: bool = False) -> dict[str, Any]:
    facts = parsed(FeatureLinkInput, request, partial=partial)
    refuse_another(facts, feature_id)
    facts.pop("feature", None)
    return facts


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether more than so many objects and lists stand in each other: what is very deep cannot be written again."""
    inside = [value]
    for _ in range(levels + 1):
        nested = [item for item in inside if isinstance(item, dict | list)]
        inside = [part for item in nested for part in (item.values() if isinstance(item, dict) else item)]
    return bool(nested)


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port or an IPv6 address that is none
        return False


routes = [
    path("projects/<int:project_id>/features/<int:feature_id>/feature-external-resources/", FeatureLinks),
    path(
        "projects/<int:project_id>/features/<int:feature_id>/feature-external-resources/<int:link_id>/", OneFeatureLink
    ),
]
