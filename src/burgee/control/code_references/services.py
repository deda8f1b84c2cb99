"""Taking in what a scan of a repository found."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from burgee.control.code_references.models import Reference, Repository, Sighting, repository_key
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.projects.models import Project

BATCH = 500


class Found(Struct, frozen=True, kw_only=True):
    """One line that names a feature."""

    feature_name: str
    file_path: str
    line_number: int


class Scan(Struct, frozen=True, kw_only=True):
    """Everything that a scan found: what it does not name is not in the repository any more."""

    repository_url: str
    vcs_provider: str
    revision: str
    found: Sequence[Found]


@transaction.atomic
def record_scan(project: Project, scan: Scan, *, actor: Actor) -> Repository:
    """Keep `scan` in the place of the last one; an event is told when other features are named than before."""
    # Scans of one project wait for each other.
    Project.objects.select_for_update().get(pk=project.pk)
    now = clock.now()
    repository = _repository(project, scan, now)
    before = set(repository.sightings.filter(count__gt=0).values_list("feature_name", flat=True))
    found = list(dict.fromkeys(scan.found))
    counts = Counter(line.feature_name for line in found)
    _replace_references(repository, found)
    _note_sightings(repository, counts, now)
    if before != set(counts):
        _tell(project, repository, sorted(before), sorted(counts), actor)
    return repository


def _repository(project: Project, scan: Scan, now: datetime) -> Repository:
    facts = {"vcs_provider": scan.vcs_provider, "revision": scan.revision, "scanned_at": now}
    key = repository_key(project.pk, scan.repository_url)
    made = facts | {"project": project, "url": scan.repository_url}
    return Repository.objects.update_or_create(lookup=key, defaults=facts, create_defaults=made)[0]


def _replace_references(repository: Repository, found: Sequence[Found]) -> None:
    repository.references.all().delete()
    rows = [
        Reference(
            repository=repository,
            feature_name=line.feature_name,
            file_path=line.file_path,
            line_number=line.line_number,
        )
        for line in found
    ]
    Reference.objects.bulk_create(rows, batch_size=BATCH)


def _note_sightings(repository: Repository, counts: Counter[str], now: datetime) -> None:
    known = {sighting.feature_name: sighting for sighting in repository.sightings.all()}
    for name, sighting in known.items():
        sighting.count = counts[name]
        sighting.found_at = now if counts[name] else sighting.found_at
    Sighting.objects.bulk_update(known.values(), ["count", "found_at"], batch_size=BATCH)
    new = [
        Sighting(repository=repository, project_id=repository.project_id, feature_name=name, count=count, found_at=now)
        for name, count in counts.items()
        if name not in known
    ]
    Sighting.objects.bulk_create(new, batch_size=BATCH)


def _tell(project: Project, repository: Repository, before: list[str], after: list[str], actor: Actor) -> None:
    change = Change(
        object=ObjectType.REPOSITORY,
        action="updated",
        id=repository.pk,
        before={"url": repository.url, "features": before},
        after={"url": repository.url, "features": after},
    )
    scope = Scope(organisation_id=project.organisation_id, project_id=project.pk)
    publish(EventType.REPOSITORY_SCANNED, scope=scope, changes=[change], actor=actor)
