"""Importing features into an environment: asked for at once, checked and written in the background, all or nothing."""

from datetime import timedelta
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.jobs.models import Job
from burgee.control.jobs.services import ask_for, report
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key
from burgee.control.portability import files
from burgee.control.portability.errors import FileNotText, FileTooLarge, ImportUnderWay
from burgee.control.portability.files import FileRefused, Item, Problem
from burgee.control.portability.models import FeatureImport, TransferStatus
from burgee.control.portability.writing import Outcome, write
from burgee.control.projects.models import Project
from burgee.control.targeting.errors import EnvironmentUnfinished

IMPORT: Final = "import-features"
KEPT: Final = timedelta(days=14)
CHECKED: Final = 20
"""Per cent that checking the file is of the work."""

GIVEN_UP: Final = Problem(why="It failed several times; the log of the server says why. Nothing was changed.")
ENVIRONMENT_GONE: Final = Problem(why="The environment was deleted.")


@transaction.atomic
def ask_for_import(environment: Environment, data: bytes, strategy: str, *, actor: Actor) -> FeatureImport:
    """An import to be done; raises ImportUnderWay while the environment has another."""
    if environment.is_creating:
        raise EnvironmentUnfinished
    if len(data) > files.LARGEST:
        raise FileTooLarge(limit=files.LARGEST)
    with on_violation(ImportUnderWay()):
        row = FeatureImport.objects.create(
            environment=environment,
            strategy=strategy,
            data=_text(data),
            actor=msgspec.to_builtins(actor),
            live_key=live_key("feature-import", environment.pk),
            created_at=clock.now(),
        )
    ask_for(IMPORT, subject_id=row.pk)
    return row


def run_import(job: Job) -> None:
    """Check the file, then write all of it; nothing happens when that is done."""
    row = FeatureImport.objects.filter(pk=job.subject_id or 0, status=TransferStatus.PROCESSING).first()
    if row is None:
        return
    try:
        items = files.read(row.data or "", value_limit=settings.CONTROL.feature_value_limit)
        report(job, CHECKED)
        _write(row, items)
    except FileRefused as refused:
        _fail(row.pk, list(refused.problems))


def give_up(job: Job) -> None:
    """Say that nothing was changed and will not be."""
    _fail(job.subject_id or 0, [GIVEN_UP])


def expire() -> int:
    """Delete what is too old to be looked at; returns how many."""
    return FeatureImport.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileNotText from error
    if "\x00" in text:
        raise FileNotText
    return text


@transaction.atomic
def _write(row: FeatureImport, items: list[Item]) -> None:
    place = Environment.objects.select_related("project").get(pk=row.environment_id)
    # As in `openings`: no feature and no environment begins meanwhile.
    project = Project.objects.select_for_update().get(pk=place.project_id)
    # Another worker may have done it while this one waited.
    if not FeatureImport.objects.filter(pk=row.pk, status=TransferStatus.PROCESSING).exists():
        return
    environment = Environment.objects.living().select_related("project").filter(pk=place.pk).first()
    if environment is None:
        raise FileRefused([ENVIRONMENT_GONE])
    actor = msgspec.convert(row.actor, Actor)
    outcome = write(environment, project, items, strategy=row.strategy, actor=actor)
    if outcome.changes:
        _tell(row, environment, outcome, actor)
    done: dict[str, Any] = {"created": outcome.created, "overwritten": outcome.overwritten, "skipped": outcome.skipped}
    _end(row.pk, status=TransferStatus.SUCCESS, outcome=done)


def _tell(row: FeatureImport, environment: Environment, outcome: Outcome, actor: Actor) -> None:
    project = environment.project
    told = Change(
        object=ObjectType.FEATURE_IMPORT,
        action="created",
        id=row.pk,
        environment_id=environment.pk,
        after={
            "environment": {"id": environment.pk, "name": environment.name},
            "strategy": row.strategy,
            "created": outcome.created,
            "overwritten": outcome.overwritten,
            "skipped": outcome.skipped,
        },
    )
    # Of the project: features begin in all its environments.
    scope = Scope(organisation_id=project.organisation_id, project_id=project.pk)
    publish(EventType.FEATURES_IMPORTED, scope=scope, changes=[told, *outcome.changes], actor=actor)


def _fail(import_id: int, problems: list[Problem]) -> None:
    _end(import_id, status=TransferStatus.FAILED, problems=[msgspec.to_builtins(problem) for problem in problems])


def _end(import_id: int, **facts: Any) -> None:
    waiting = FeatureImport.objects.filter(pk=import_id, status=TransferStatus.PROCESSING)
    waiting.update(live_key=None, data=None, **facts)
