"""Identities and usage over Django's connection, for the engines that the data plane has no statements for."""

import functools
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, close_old_connections, connections, transaction
from django.db.models import F, Manager, Q

from burgee.control.environments.models import ServerKey
from burgee.control.identities.models import Identity
from burgee.control.identities.trait_store import apply_patches, read_identity
from burgee.control.usage.models import Evaluation, Request
from burgee.control.usage.models import Outcome as StoredOutcome
from burgee.edge.call_thread import CallThread
from burgee.edge.identities.admission import Admission, AdmissionLimits
from burgee.edge.identities.group_commit import GroupCommit, Outcome, WriterLimits
from burgee.edge.identities.protocol import (
    IdentityRefused,
    IdentityRow,
    StoreUnavailable,
    Tell,
    TraitNotInteger,
    TraitPatch,
    TraitRefused,
)
from burgee.edge.usage.rows import Counts, evaluation_rows, key_rows, outcome_rows, request_rows


class DjangoTraits:
    """A TraitsStore that writes in groups, on a thread of its own."""

    def __init__(self, limits: WriterLimits | None = None, *, newcomers: AdmissionLimits | None = None) -> None:
        self._admission = Admission(newcomers or AdmissionLimits(), _count_identities)
        self._commits = GroupCommit(self, limits or WriterLimits())
        self._writing = _Thread("burgee-traits")
        self._reading = _Thread("burgee-trait-reads")

    async def start(self) -> None:
        self._writing.start()
        self._reading.start()

    async def close(self) -> None:
        await self._commits.close()
        await self._writing.close()
        await self._reading.close()

    async def apply(self, patch: TraitPatch) -> IdentityRow:
        return await self._commits.apply(patch)

    def submit(self, patch: TraitPatch, tell: Tell[IdentityRow]) -> None:
        self._commits.submit(patch, tell)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        return await self._commits.apply_many(patches)

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        found = await self._reading.call(read_identity, environment_id, identifier)
        return None if found is None else IdentityRow(**found)

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        """One transaction for all that wait; called by the group commit."""
        given = [
            {
                "environment_id": patch.environment_id,
                "identifier": patch.identifier,
                "set": patch.set,
                "delete": patch.delete,
                "increment": patch.increment,
            }
            for patch in patches
        ]

        def obstacle(place: int) -> str | None:
            try:
                self._admission.admit(patches[place])
            except IdentityRefused as refusal:
                return refusal.reason
            return None

        answers = await self._writing.call(functools.partial(apply_patches, given, may_create=obstacle))
        outcomes = [_outcome(answer) for answer in answers]
        for patch, outcome in zip(patches, outcomes, strict=True):
            if isinstance(outcome, IdentityRow) and outcome.created:
                self._admission.created(patch.environment_id, outcome.id)
        return outcomes


class DjangoUsage:
    """Adds counts row by row: few rows, every few seconds."""

    def __init__(self) -> None:
        self._thread = _Thread("burgee-usage")

    async def start(self) -> None:
        self._thread.start()

    async def close(self) -> None:
        await self._thread.close()

    async def add(self, counts: Counts) -> None:
        await self._thread.call(_add, counts)


class _Thread:
    """A thread with a database connection of its own; an error of the database means that the store is away."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: CallThread | None = None

    def start(self) -> None:
        self._thread = CallThread(self._name)

    async def close(self) -> None:
        if self._thread is not None:
            await self._thread.call(connections.close_all)
            await self._thread.close()
            self._thread = None

    async def call(self, function: Any, *arguments: Any) -> Any:
        if self._thread is None:
            raise StoreUnavailable("the store is not running")
        try:
            return await self._thread.call(function, *arguments)
        except DatabaseError as error:
            raise StoreUnavailable(f"the database does not answer: {type(error).__name__}") from error


def _outcome(answer: dict[str, Any]) -> Outcome:
    match answer.get("error"):
        case None:
            return IdentityRow(**answer)
        case "not_integer":
            return TraitNotInteger(answer["key"])
        case "new":
            return IdentityRefused(answer["reason"])
        case _:
            return TraitRefused(answer["reason"])


def _count_identities(environment_id: int) -> int:
    try:
        return Identity.objects.in_environment(environment_id).count()
    finally:
        connections.close_all()


def _add(counts: Counts) -> None:
    close_old_connections()
    write_usage(counts)


@transaction.atomic
def write_usage(counts: Counts) -> None:
    for row in request_rows(counts.requests):
        _count(Request.objects, row)
    for row in evaluation_rows(counts.evaluations):
        _count(Evaluation.objects, row)
    for row in outcome_rows(counts.outcomes):
        _count(StoredOutcome.objects, row)
    for row in key_rows(counts.server_keys):
        _note_use(row["digest"], date.fromisoformat(row["day"]))


def _note_use(digest: str, day: date) -> None:
    rows = ServerKey.objects.filter(digest=digest)
    rows.filter(Q(last_used_on=None) | Q(last_used_on__lt=day)).update(last_used_on=day)


def _count(rows: Manager[Any], row: dict[str, Any]) -> None:
    row = row | {"bucket": datetime.fromisoformat(row["bucket"]).replace(tzinfo=UTC)}
    if _more(rows, row):
        return
    try:
        with transaction.atomic():
            rows.create(**row)
    except IntegrityError:
        # Another process made the row meanwhile.
        _more(rows, row)


def _more(rows: Manager[Any], row: dict[str, Any]) -> int:
    return rows.filter(lookup=row["lookup"]).update(count=F("count") + row["count"])
