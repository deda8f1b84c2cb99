"""What is known of features in code, many features at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from burgee.control.code_references.models import Reference, Repository, Sighting
from burgee.control.kit.prepared import Prepared
from burgee.control.projects.models import Project


class InRepository(Struct, frozen=True, kw_only=True):
    """A feature in one repository; ``found_at`` None: it was never named there."""

    repository: Repository
    count: int
    found_at: datetime | None


_REPOSITORIES = Prepared(lambda project_id: Repository.objects.filter(project_id=project_id).order_by("url", "pk"))


def in_repositories(project_id: int, names: Collection[str]) -> dict[str, list[InRepository]]:
    """By feature name: every repository of the project that was scanned, in two queries in all."""
    repositories = _REPOSITORIES.all(project_id=project_id)
    if not repositories or not names:
        return {}
    seen = Sighting.objects.filter(project_id=project_id, feature_name__in=names)
    sightings = {(sighting.repository_id, sighting.feature_name): sighting for sighting in seen}
    return {
        name: [_in(repository, sightings.get((repository.pk, name))) for repository in repositories] for name in names
    }


def references_of(project: Project, name: str) -> dict[int, Sequence[Reference]]:
    """The lines of the last scans that name a feature, by repository."""
    found: dict[int, list[Reference]] = {}
    rows = Reference.objects.filter(repository__project=project, feature_name=name).order_by("pk")
    for row in rows:
        # Some databases compare without case.
        if row.feature_name == name:
            found.setdefault(row.repository_id, []).append(row)
    return dict(found)


def _in(repository: Repository, sighting: Sighting | None) -> InRepository:
    if sighting is None:
        return InRepository(repository=repository, count=0, found_at=None)
    return InRepository(repository=repository, count=sighting.count, found_at=sighting.found_at)
