"""Reading the log: who may have written what, where and when; and whether it is still what was written."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from msgspec import Struct

from burgee.control.accounts.models import User
from burgee.control.audit.chain import POSITIONS, START, End, Finding, findings
from burgee.control.audit.models import AuditChain, AuditLog
from burgee.control.audit.positions import runs_in
from burgee.control.audit.wording import grouped
from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of
from burgee.control.projects.models import Project

BATCH: Final = 500

SEALED_JSON: Final = ("details", "salts", "digests")


class Filters(Struct, frozen=True, kw_only=True):
    """What a reader of the log looks for; what is None does not matter."""

    project_id: int | None = None
    environment_ids: tuple[int, ...] = ()
    author_id: int | None = None
    author_kind: str | None = None
    object_type: str | None = None
    feature_id: int | None = None
    after_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None
    is_system_event: bool | None = None

    def of(self, rows: QuerySet[AuditLog]) -> QuerySet[AuditLog]:
        """The lines of `rows` that match."""
        wanted = {
            "project_id": self.project_id,
            "environment_id__in": self.environment_ids or None,
            "author_id": self.author_id,
            "author_kind": "user" if self.author_id is not None else self.author_kind,
            "object_type": self.object_type,
            "feature_id": self.feature_id,
            "id__gt": self.after_id,
            "occurred_at__gte": self.since,
            "occurred_at__lte": self.until,
            "log__icontains": self.search or None,
            "is_system_event": self.is_system_event,
        }
        return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


class Surroundings(Struct, frozen=True):
    """The people and places that lines name, read at once."""

    people: Mapping[int, User]
    environments: Mapping[int, Environment]
    projects: Mapping[int, Project]

    @classmethod
    def of(cls, lines: Sequence[AuditLog]) -> "Surroundings":
        return cls(
            User.objects.in_bulk({line.author_id for line in lines if line.author_kind == "user" and line.author_id}),
            Environment.objects.in_bulk({line.environment_id for line in lines if line.environment_id}),
            Project.objects.in_bulk({line.project_id for line in lines if line.project_id}),
        )

    def author(self, line: AuditLog) -> dict[str, Any] | None:
        """The person who wrote it, as they are now or, when they are gone, as they were called; null for the rest."""
        if line.author_kind != "user" or line.author_id is None:
            return None
        user = self.people.get(line.author_id)
        return {
            "id": line.author_id,
            "email": user.email if user else line.author_label or "",
            "first_name": user.first_name if user else "",
            "last_name": user.last_name if user else "",
            "last_login": user.last_login if user else None,
        }


def told_by(lines: Sequence[AuditLog]) -> dict[int, tuple[Event, list[Change]]]:
    """By line id, its event and those changes of it that the line tells; without lines whose event is gone."""
    events = {event.uuid: event for event in Event.objects.filter(uuid__in={line.event_uuid for line in lines})}
    groups = {key: grouped(event.type, changes_of(event)) for key, event in events.items()}
    return {
        line.pk: (events[line.event_uuid], groups[line.event_uuid][line.index])
        for line in lines
        if line.index < len(groups.get(line.event_uuid, ()))
    }


def in_batches(rows: QuerySet[AuditLog]) -> Iterator[list[AuditLog]]:
    """All of `rows`, newest first, without holding a cursor open while somebody reads slowly."""
    last: int | None = None
    while True:
        batch = list((rows if last is None else rows.filter(pk__lt=last)).order_by("-id")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def verify(organisation_ids: Iterable[int] | None = None, known: Sequence[End] = ()) -> Iterator[Finding]:
    """What is wrong with the chains; `known` are ends that were written down elsewhere."""
    written = {end.organisation_id for end in known}
    present = set(AuditChain.objects.values_list("pk", flat=True))
    present |= set(AuditLog.objects.values_list("organisation_id", flat=True).distinct())
    wanted = present | written if organisation_ids is None else set(organisation_ids)
    for organisation_id in sorted(wanted):
        chain = AuditChain.objects.filter(pk=organisation_id).first()
        end = End(organisation_id, chain.position if chain else 0, chain.hash if chain else START)
        hashes = {end.position: end.hash for end in known if end.organisation_id == organisation_id and end.position}
        yield from findings(_by_position(organisation_id), end, hashes, _untold_erasures(organisation_id, chain))


def ends() -> list[End]:
    """Where each chain stands: written down elsewhere, it proves later that nothing before it changed."""
    rows = AuditChain.objects.order_by("organisation_id").values_list("organisation_id", "position", "hash")
    return [End(*row) for row in rows]


def _untold_erasures(organisation_id: int, chain: AuditChain | None) -> list[range]:
    """The places that erasures emptied which the worker has not told of yet."""
    waiting = Q(seq=None) | Q(seq__gt=chain.last_seq if chain else 0)
    events = Event.objects.filter(waiting, organisation_id=organisation_id or None, type=EventType.PERSON_ERASED)
    changes = [change for event in events for change in changes_of(event)]
    return [run for change in changes for run in runs_in((change.after or {}).get(POSITIONS))]


def _by_position(organisation_id: int) -> Iterator[AuditLog]:
    after = -(2**63)
    while True:
        rows = AuditLog.objects.filter(organisation_id=organisation_id, position__gt=after)
        batch = _read(rows.order_by("position"))
        if not batch:
            return
        yield from batch
        after = batch[-1].position


def _read(rows: QuerySet[AuditLog]) -> list[AuditLog]:
    """The first of `rows`; where no JSON stands any more they have nothing, which is not what was sealed."""
    try:
        return list(rows[:BATCH])
    except ValueError:
        return [_readable(line) for line in rows.defer(*SEALED_JSON)[:BATCH]]


def _readable(line: AuditLog) -> AuditLog:
    for field in SEALED_JSON:
        try:
            getattr(line, field)
        except ValueError:
            setattr(line, field, {})
    return line


def export_record(line: AuditLog, around: Surroundings) -> dict[str, Any]:
    """A line as files carry it, flat, with what proves its place in the chain."""
    environment = around.environments.get(line.environment_id or 0)
    project = around.projects.get(line.project_id or 0)
    return {
        "id": line.pk,
        "created_date": line.occurred_at.isoformat(),
        "log": line.log or "",
        "author": (around.author(line) or {}).get("email") or line.author_label or "",
        "author_kind": line.author_kind or "",
        "author_id": line.author_id,
        "organisation": line.organisation_id,
        "project": line.project_id,
        "project_name": project.name if project else "",
        "environment": line.environment_id,
        "environment_name": environment.name if environment else "",
        "related_object_type": line.object_type,
        "related_object_id": line.object_id,
        "related_object_uuid": line.object_uuid,
        "change_type": line.change_type,
        "change_details": line.details or [],
        "is_system_event": line.is_system_event,
        "seq": line.seq,
        "position": line.position,
        "hash": line.hash,
    }


COLUMNS: Final = (
    "id",
    "created_date",
    "log",
    "author",
    "author_kind",
    "author_id",
    "organisation",
    "project",
    "project_name",
    "environment",
    "environment_name",
    "related_object_type",
    "related_object_id",
    "related_object_uuid",
    "change_type",
    "change_details",
    "is_system_event",
    "seq",
    "position",
    "hash",
)


def json_lines(rows: QuerySet[AuditLog]) -> Iterator[str]:
    """`rows` as one JSON object a line."""
    for batch in in_batches(rows):
        around = Surroundings.of(batch)
        yield "".join(json.dumps(export_record(line, around)) + "\n" for line in batch)
