"""Where the code names features: scans sent by builds, and what they found."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, ProjectFromUrl, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.addressed_feature import addressed_feature
from burgee.control.code_references.models import Reference, Repository, VcsProvider
from burgee.control.code_references.queries import InRepository, in_repositories, references_of
from burgee.control.code_references.services import Found, Scan, record_scan
from burgee.control.projects.models import Project

MOST_REFERENCES: Final = 10_000


class WebAddressField(serializers.URLField):
    """An http(s) address; permalinks begin with it."""

    default_error_messages = {"not_http": "Enter a valid http(s) URL."}

    def to_internal_value(self, data: Any) -> str:
        url: str = super().to_internal_value(data)
        if not url.lower().startswith(("http://", "https://")):
            self.fail("not_http")
        return url


class ReferenceInput(serializers.Serializer[Any]):
    feature_name = serializers.CharField(max_length=100)
    file_path = serializers.CharField(max_length=4096)
    line_number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class ScanInput(serializers.Serializer[Any]):
    repository_url = WebAddressField(max_length=2000)
    vcs_provider = serializers.ChoiceField(VcsProvider.values, default=VcsProvider.GITHUB.value)
    revision = serializers.CharField(max_length=100)
    code_references = serializers.ListField(child=ReferenceInput(), max_length=MOST_REFERENCES)


class CodeReferences(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("code-references",)
    accepts = ScanInput
    succeeds = {"post": (201,)}

    def post(self, request: Request, project: Project) -> Response:
        facts = parsed(ScanInput, request)
        lines = facts.pop("code_references")
        scan = Scan(**facts, found=[Found(**line) for line in lines])
        repository = record_scan(project, scan, actor=self.actor)
        told = {"created_at": repository.scanned_at, "project": project.pk, **facts, "code_references": lines}
        return Response(told, status=201)


class FeatureCodeReferences(ApiView):
    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("code-references",)

    def get(self, request: Request, project: Project, feature_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        feature = addressed_feature(project, feature_id)
        lines = references_of(project, feature.name)
        found = in_repositories(project.pk, [feature.name]).get(feature.name, [])
        return Response([_summary(one, lines.get(one.repository.pk, ())) for one in found])


def count_json(found: InRepository) -> dict[str, Any]:
    """A feature in one repository, as lists of features show it."""
    return {
        "repository_url": found.repository.url,
        "count": found.count,
        "last_successful_repository_scanned_at": found.repository.scanned_at,
        "last_feature_found_at": found.found_at,
    }


def _summary(found: InRepository, lines: Sequence[Reference]) -> dict[str, Any]:
    repository = found.repository
    return {
        "repository_url": repository.url,
        "vcs_provider": repository.vcs_provider,
        "revision": repository.revision,
        "last_successful_repository_scanned_at": repository.scanned_at,
        "last_feature_found_at": found.found_at,
        "code_references": [_reference(line, repository) for line in lines],
    }


def _reference(line: Reference, repository: Repository) -> dict[str, Any]:
    return {
        "file_path": line.file_path,
        "line_number": line.line_number,
        "scanned_at": repository.scanned_at,
        "vcs_provider": repository.vcs_provider,
        "repository_url": repository.url,
        "revision": repository.revision,
        "permalink": _permalink(line, repository),
    }


def _permalink(line: Reference, repository: Repository) -> str:
    home = repository.url.rstrip("/").removesuffix(".git")
    return f"{home}/blob/{quote(repository.revision)}/{quote(line.file_path.lstrip('/'))}#L{line.line_number}"


routes = [
    path("projects/<int:project_id>/code-references/", CodeReferences),
    path("projects/<int:project_id>/features/<int:feature_id>/code-references/", FeatureCodeReferences),
]
