"""Publishing: after an event, every environment it touches gets a new revision of its snapshot."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.events.publish import Settle, changes_of, check_patience
from burgee.control.kit import clock
from burgee.control.publishing import announce, heads, sinks
from burgee.control.publishing.affected import Affected, affected_by
from burgee.control.publishing.models import Head
from burgee.control.publishing.parts import parts_of, served
from burgee.control.targeting.models import FeatureState
from burgee.wire.snapshot import Delta, Part, digest, encode_part, overrides_part

Names = frozenset[str] | None

ALL: Final[Names] = None
"""In place of names: the whole snapshot."""


def publish_event(event: Event, settle: Settle | None = None) -> None:
    """Bring every environment that `event` touches up to date. Repeating it, or doing it late, does no harm.

    Each environment is a transaction of its own, in the order of their ids; the last one ends with `settle`.
    """
    places = sorted(_places(event, affected_by(changes_of(event))).items())
    for left, (environment_id, names) in zip(range(len(places), 0, -1), places, strict=True):
        check_patience()
        publish_environment(environment_id, names, event=event, settle=settle if left == 1 else None)


def publish_environment(
    environment_id: int, names: Names, *, event: Event | None = None, settle: Settle | None = None
) -> Delta | None:
    """Publish what differs among the named parts; returns None when nothing does.

    The rows are read once the head is locked: whoever publishes later has seen at least as much.
    """
    delta: Delta | None = None
    try:
        with transaction.atomic():
            delta = _next_revision(environment_id, names, event)
            if settle is not None:
                settle()
            if delta is None:
                return None
            sinks.expect(delta)
            announce.notify(delta.environment_id, delta.epoch, delta.revision)
            transaction.on_commit(lambda: _announce(delta))
    except BaseException:
        if delta is not None:
            sinks.forget(delta)
        raise
    return delta


def repair(environment_id: int) -> Delta | None:
    """Build the whole snapshot anew and publish what was wrong; None when nothing was."""
    return publish_environment(environment_id, ALL)


def _announce(delta: Delta | None) -> None:
    if delta is not None:
        sinks.deliver(delta)
        announce.broadcast(delta.environment_id, delta.epoch, delta.revision)


def _next_revision(environment_id: int, names: Names, event: Event | None) -> Delta | None:
    epoch = heads.epoch_number()
    head = heads.locked_head(environment_id, epoch)
    environment = served(environment_id)
    if environment is None:
        return _end(head, epoch)
    fresh = head.revision == 0 or head.epoch != epoch
    if fresh:
        names = ALL
    now = parts_of(environment, names)
    bodies = {name: encode_part(part) for name, part in now.items() if part is not None}
    after = {name: digest(body) for name, body in bodies.items()}
    before = heads.digests(environment_id, names)
    changed = {name: after.get(name) for name in before.keys() | now.keys() if before.get(name) != after.get(name)}
    if not changed and not fresh:
        return None
    heads.store_parts({key: bodies[name] for name, key in changed.items() if key is not None})
    heads.replace_parts(environment_id, changed, before)
    heads.advance(head, epoch=epoch, at=clock.now())
    heads.append_manifest(
        head,
        changed,
        event_uuid=event.uuid if event else None,
        actor=event.actor_label if event else None,
    )
    return _delta(head, {name: now.get(name) for name in (after if fresh else changed)}, complete=fresh)


def _delta(head: Head, parts: dict[str, Part | None], *, complete: bool) -> Delta:
    return Delta(
        environment_id=head.environment_id,
        epoch=head.epoch,
        revision=head.revision,
        parent=None if complete else head.revision - 1,
        published_at=head.published_at,
        parts=parts,
    )


def _end(head: Head, epoch: int) -> Delta | None:
    known = head.revision > 0
    heads.advance(head, epoch=epoch, at=clock.now())
    heads.remove_head(head.environment_id)
    return _delta(head, {}, complete=True) if known else None


def _places(event: Event, affected: Affected) -> dict[int, Names]:
    names: dict[int, Names] = {key: frozenset(value) for key, value in affected.environments.items()}
    for environment_id in _in_scope(event, affected):
        shared = affected.project | affected.organisation | _buckets(environment_id, affected.overridden)
        own = names.get(environment_id, frozenset()) or frozenset()
        names[environment_id] = ALL if affected.everything else own | shared
    names |= dict.fromkeys(affected.rebuilt, ALL)
    return names


def _in_scope(event: Event, affected: Affected) -> Iterable[int]:
    environments = Environment.objects.all() if affected.everything else Environment.objects.filter(deleted_at=None)
    if affected.organisation:
        environments = environments.filter(project__organisation_id=event.organisation_id or 0)
    elif affected.project:
        environments = environments.filter(project_id=event.project_id or 0)
    else:
        return ()
    return environments.values_list("pk", flat=True)


def _buckets(environment_id: int, feature_ids: Iterable[int]) -> set[str]:
    features = list(feature_ids)
    if not features:
        return set()
    rows = FeatureState.objects.of_identities().filter(environment_id=environment_id, feature_id__in=features)
    buckets = rows.values_list("identity_bucket", flat=True).distinct()
    return {overrides_part(bucket) for bucket in buckets if bucket is not None}
