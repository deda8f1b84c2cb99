"""Turning versions (v2) on and off in an environment. No state is written: the live versions stay what is served."""

from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.environments.services import change_environment
from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Change
from burgee.control.kit.actor import Actor
from burgee.control.targeting.errors import VersionsInUse, VersionsNotInUse
from burgee.control.targeting.models import FlagVersion, VersionStatus
from burgee.control.targeting.records import version_change, version_told
from burgee.control.targeting.services import names_of, tell


@transaction.atomic
def enable_versions(environment: Environment, *, actor: Actor) -> Environment:
    """From now on every edit of a default or a segment override makes a version; raises VersionsInUse."""
    row = _locked(environment)
    if row.use_v2_feature_versioning:
        raise VersionsInUse
    return change_environment(row, actor=actor, use_v2_feature_versioning=True)


@transaction.atomic
def disable_versions(environment: Environment, *, actor: Actor) -> Environment:
    """From now on edits change the live states in place; raises VersionsNotInUse.

    History and drafts stay for the day versions are turned on again. Scheduled versions become drafts: nobody could
    see them coming any more.
    """
    row = _locked(environment)
    if not row.use_v2_feature_versioning:
        raise VersionsNotInUse
    scheduled = FlagVersion.objects.select_for_update().filter(environment=row, status=VersionStatus.SCHEDULED)
    changes = [_unscheduled(version, row) for version in scheduled.order_by("id")]
    if changes:
        tell(EventType.FLAG_VERSION_CHANGED, row, changes, actor)
    return change_environment(row, actor=actor, use_v2_feature_versioning=False)


def _locked(environment: Environment) -> Environment:
    return Environment.objects.select_for_update().get(pk=environment.pk)


def _unscheduled(version: FlagVersion, environment: Environment) -> Change:
    names = names_of(environment, version.feature, ())
    before = version_told(version, names)
    version.status = VersionStatus.DRAFT
    version.published_at = None
    version.published_by = None
    version.save(update_fields=["status", "published_at", "published_by"])
    return version_change(version, "updated", before=before, after=version_told(version, names))
