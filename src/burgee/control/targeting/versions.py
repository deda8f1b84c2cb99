"""The flag's row, its live version, and how a version takes the place of another."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from burgee.control.environments.models import Environment
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.prepared import Prepared
from burgee.control.targeting.errors import FlagNotFound, StaleEdit
from burgee.control.targeting.models import Flag, FlagVersion, VersionStatus, version_key

_LOCKED = Prepared(
    lambda environment_id, feature_id: Flag.objects.select_for_update().filter(
        environment_id=environment_id, feature_id=feature_id
    )
)
_LIVING = Prepared(
    lambda environment_id, live_key: FlagVersion.objects.filter(
        live_key=live_key,
        feature__deleted_at=None,
        environment__in=Environment.objects.living().filter(pk=environment_id),
    ).select_related("environment__project")
)


def lock_flag(environment_id: int, feature_id: int, *, expected: Collection[int] | None = None) -> Flag:
    """The flag's row, locked until the transaction ends; raises FlagNotFound.

    With `expected`, raises StaleEdit unless the flag's change number is one of these.
    """
    flag = _LOCKED.first(environment_id=environment_id, feature_id=feature_id)
    if flag is None:
        raise FlagNotFound
    if expected is not None and flag.change_number not in expected:
        raise StaleEdit(seen=max(expected, default=None), current=flag.change_number)
    return flag


def live_version(environment_id: int, feature_id: int) -> FlagVersion:
    """The version that is served."""
    return FlagVersion.objects.get(live_key=version_key(environment_id, feature_id))


def living_version(environment_id: int, feature_id: int) -> FlagVersion:
    """The version that is served, with its environment and project; raises FlagNotFound when one of them is deleted."""
    version = _LIVING.first(environment_id=environment_id, live_key=version_key(environment_id, feature_id))
    if version is None:
        raise FlagNotFound
    return version


def supersede(old: FlagVersion, *, actor: Actor) -> FlagVersion:
    """A new, empty live version after `old`, which stays as history."""
    _retire(old)
    now = clock.now()
    return FlagVersion.objects.create(
        environment_id=old.environment_id,
        feature_id=old.feature_id,
        number=_next_number(old),
        status=VersionStatus.LIVE,
        live_key=version_key(old.environment_id, old.feature_id),
        live_from=now,
        created_by_id=user_id(actor),
        published_at=now,
        published_by_id=user_id(actor),
    )


def append_draft(
    live: FlagVersion, *, description: str | None = None, live_from: datetime | None = None, actor: Actor
) -> FlagVersion:
    """A new, empty draft for the flag of `live`."""
    return FlagVersion.objects.create(
        environment_id=live.environment_id,
        feature_id=live.feature_id,
        number=_next_number(live),
        status=VersionStatus.DRAFT,
        description=description,
        live_from=live_from,
        created_by_id=user_id(actor),
    )


def schedule(version: FlagVersion, live_from: datetime, *, actor: Actor) -> None:
    """Let the worker serve `version` from then on."""
    version.status = VersionStatus.SCHEDULED
    version.live_from = live_from
    version.published_at = clock.now()
    version.published_by_id = user_id(actor)
    version.save(update_fields=["status", "live_from", "published_at", "published_by"])


def go_live(version: FlagVersion, old: FlagVersion, *, at: datetime, actor: Actor) -> None:
    """Serve `version` instead of `old`: from now, or from the time that it was scheduled for and that has come."""
    _retire(old)
    is_due = version.status == VersionStatus.SCHEDULED and version.live_from is not None and version.live_from <= at
    if not is_due:
        version.live_from = at
    version.status = VersionStatus.LIVE
    version.live_key = version_key(version.environment_id, version.feature_id)
    version.published_at = version.published_at or at
    version.published_by_id = version.published_by_id or user_id(actor)
    version.save(update_fields=["status", "live_key", "live_from", "published_at", "published_by"])


def user_id(actor: Actor) -> int | None:
    return actor.id if actor.kind == "user" else None


def touch(flag: Flag, actor: Actor) -> None:
    """Count one more edit of a locked flag."""
    flag.change_number += 1
    flag.changed_at = clock.now()
    flag.changed_by_id = user_id(actor)
    flag.save(update_fields=["change_number", "changed_at", "changed_by"])


def _retire(version: FlagVersion) -> None:
    version.status = VersionStatus.SUPERSEDED
    version.live_key = None
    version.save(update_fields=["status", "live_key"])


def _next_number(version: FlagVersion) -> int:
    same_flag = FlagVersion.objects.filter(environment_id=version.environment_id, feature_id=version.feature_id)
    return int(same_flag.aggregate(last=Max("number"))["last"]) + 1
