"""The flag's row, its live version, and how a version takes the place of another."""

from datetime import datetime

from django.db.models import Max

from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.targeting.errors import FlagNotFound
from burgee.control.targeting.models import Flag, FlagVersion, VersionStatus, version_key


def lock_flag(environment_id: int, feature_id: int) -> Flag:
    """The flag's row, locked until the transaction ends; raises FlagNotFound."""
    flag = Flag.objects.select_for_update().filter(environment_id=environment_id, feature_id=feature_id).first()
    if flag is None:
        raise FlagNotFound
    return flag


def live_version(environment_id: int, feature_id: int) -> FlagVersion:
    """The version that is served."""
    return FlagVersion.objects.get(live_key=version_key(environment_id, feature_id))


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


def go_live(version: FlagVersion, old: FlagVersion, *, at: datetime, actor: Actor) -> None:
    """Serve `version` instead of `old`."""
    _retire(old)
    version.status = VersionStatus.LIVE
    version.live_key = version_key(version.environment_id, version.feature_id)
    version.live_from = version.live_from or at
    version.published_at = version.published_at or at
    version.published_by_id = version.published_by_id or user_id(actor)
    version.save(update_fields=["status", "live_key", "live_from", "published_at", "published_by"])


def user_id(actor: Actor) -> int | None:
    return actor.id if actor.kind == "user" else None


def touch(flag: Flag) -> None:
    """Count one more edit of a locked flag."""
    flag.change_number += 1
    flag.changed_at = clock.now()
    flag.save(update_fields=["change_number", "changed_at"])


def _retire(version: FlagVersion) -> None:
    version.status = VersionStatus.SUPERSEDED
    version.live_key = None
    version.save(update_fields=["status", "live_key"])


def _next_number(version: FlagVersion) -> int:
    same_flag = FlagVersion.objects.filter(environment_id=version.environment_id, feature_id=version.feature_id)
    return int(same_flag.aggregate(last=Max("number"))["last"]) + 1
