"""Filling a cloned environment in the background: a few flags in each transaction, so that a dead worker loses little.

What is left to do is seen by the rows: features without a flag in the clone. Until the last is there, the
environment is marked as being made, and not published.
"""

from typing import Final

from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.environments.rows import environment_change, scope_of
from burgee.control.events.catalog import EventType
from burgee.control.events.publish import publish
from burgee.control.jobs.models import Job
from burgee.control.jobs.services import report
from burgee.control.kit.actor import SYSTEM
from burgee.control.projects.models import Project
from burgee.control.targeting.clones import copy_flags
from burgee.control.targeting.models import Flag

CLONE: Final = "clone-environment"
BATCH: Final = 50


def run_clone(job: Job) -> None:
    """Copy what is not copied yet, then let the environment be served; nothing happens when it is gone or ready."""
    source_id, environment_id = int(job.payload["source_id"]), job.subject_id or 0
    while _copy_some(source_id, environment_id):
        done = Flag.objects.filter(environment_id=environment_id).count()
        total = Flag.objects.filter(environment_id=source_id, feature__deleted_at=None).count()
        report(job, 100 * done // max(total, 1))


@transaction.atomic
def _copy_some(source_id: int, environment_id: int) -> bool:
    """Copy the next few flags; False when there is nothing more to do."""
    source = Environment.objects.get(pk=source_id)
    # As in `openings`: a feature that begins now meets the clone either here or there.
    Project.objects.select_for_update().get(pk=source.project_id)
    unfinished = Environment.objects.living().select_related("project").filter(pk=environment_id, is_creating=True)
    environment = unfinished.first()
    if environment is None:
        return False
    copied = Flag.objects.filter(environment_id=environment_id)
    waiting = Flag.objects.filter(environment_id=source_id, feature__deleted_at=None).order_by("feature_id")
    left = waiting.exclude(feature_id__in=copied.values("feature_id"))
    feature_ids = list(left.values_list("feature_id", flat=True)[:BATCH])
    if feature_ids:
        copy_flags(source, environment, feature_ids)
        return True
    _finish(environment)
    return False


def _finish(environment: Environment) -> None:
    environment.is_creating = False
    environment.save(update_fields=["is_creating"])
    values = {"before": {"is_creating": True}, "after": {"is_creating": False}}
    change = environment_change(environment, "updated", **values)
    publish(EventType.ENVIRONMENT_CHANGED, scope=scope_of(environment), changes=[change], actor=SYSTEM)
