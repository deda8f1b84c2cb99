"""Versions that are not served yet: made from the live one, edited, scheduled, released or let go of."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Change
from burgee.control.features.models import Feature
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.targeting.edits import Edit
from burgee.control.targeting.errors import VersionLive, VersionNotPublishable, VersionPublished
from burgee.control.targeting.inplace import write_versioned
from burgee.control.targeting.limits import check_room_for_overrides
from burgee.control.targeting.models import FlagVersion, VersionStatus
from burgee.control.targeting.records import changes_between, version_change, version_told
from burgee.control.targeting.rows import insert_sheet, load_sheet
from burgee.control.targeting.services import edited, names_of, publish, tell
from burgee.control.targeting.versions import append_draft, live_version, lock_flag, schedule


class NewVersion(Struct, frozen=True, kw_only=True):
    """How a version begins: the live states after `edits`. With `publish` it is released at once."""

    edits: Sequence[Edit] = ()
    description: str | None = None
    live_from: datetime | None = None
    publish: bool = False


@transaction.atomic
def create_version(
    environment: Environment,
    feature: Feature,
    new: NewVersion,
    *,
    actor: Actor,
    expected: Collection[int] | None = None,
) -> FlagVersion:
    """Make a draft of the next version: new rows with the seeds and positions of the live ones.

    `expected` are the change numbers for which it is meant: raises StaleEdit when the flag has another.
    """
    lock_flag(environment.pk, feature.pk, expected=expected)
    live = live_version(environment.pk, feature.pk)
    sheet = edited(load_sheet(live), feature, new.edits)
    draft = append_draft(live, description=new.description, live_from=new.live_from, actor=actor)
    insert_sheet(draft, sheet)
    if new.publish:
        return release(draft, new.live_from, actor=actor)
    told = version_told(draft, names_of(environment, feature, ()))
    tell(EventType.FLAG_VERSION_DRAFTED, environment, [version_change(draft, "created", after=told)], actor)
    return draft


@transaction.atomic
def edit_draft(version: FlagVersion, edits: Sequence[Edit], *, actor: Actor) -> FlagVersion:
    """Edit the states of a draft in place; raises VersionPublished for any other version."""
    row = _locked(version)
    if row.status != VersionStatus.DRAFT:
        raise VersionPublished
    before = load_sheet(row)
    after = edited(before, row.feature, edits)
    if after == before:
        return row
    write_versioned(row, before, after)
    names = names_of(row.environment, row.feature, {*before.places, *after.places})
    changes = list(changes_between(before, load_sheet(row), names))
    told = version_told(row, names)
    # Not as changes of states: those are of what is served.
    change = version_change(
        row,
        "updated",
        before=told | {"states": [change.before for change in changes if change.before]},
        after=told | {"states": [change.after for change in changes if change.after]},
    )
    tell(EventType.FLAG_VERSION_CHANGED, row.environment, [change], actor)
    return row


@transaction.atomic
def release(
    version: FlagVersion, live_from: datetime | None, *, actor: Actor, expected: Collection[int] | None = None
) -> FlagVersion:
    """Serve a version from `live_from` on, or from the time that it has; one that has come, or none, means now.

    The live version is left as it is. `expected` is as in `create_version`.
    """
    row = _locked(version, expected)
    if row.status == VersionStatus.LIVE:
        return row
    if row.status == VersionStatus.SUPERSEDED:
        raise VersionNotPublishable
    served = live_version(row.environment_id, row.feature_id)
    check_room_for_overrides(row.environment, load_sheet(served), load_sheet(row))
    moment = live_from or row.live_from
    if moment is None or moment <= clock.now():
        return publish(row, actor=actor)
    if row.status == VersionStatus.SCHEDULED and row.live_from == moment:
        return row
    before = _told(row)
    schedule(row, moment, actor=actor)
    change = version_change(row, "updated", before=before, after=_told(row))
    tell(EventType.FLAG_VERSION_SCHEDULED, row.environment, [change], actor)
    return row


@transaction.atomic
def discard(version: FlagVersion, *, actor: Actor) -> None:
    """Delete a version that was never served; raises VersionLive for one that was."""
    row = _locked(version)
    if row.status not in {VersionStatus.DRAFT, VersionStatus.SCHEDULED}:
        raise VersionLive
    change: Change = version_change(row, "deleted", before=_told(row))
    row.delete()
    tell(EventType.FLAG_VERSION_DELETED, row.environment, [change], actor)


def _locked(version: FlagVersion, expected: Collection[int] | None = None) -> FlagVersion:
    lock_flag(version.environment_id, version.feature_id, expected=expected)
    return FlagVersion.objects.select_related("environment__project", "feature__project").get(pk=version.pk)


def _told(version: FlagVersion) -> dict[str, Any]:
    return version_told(version, names_of(version.environment, version.feature, ()))
