"""Rows of snapshots: the head that publishers lock, the parts it names, the manifests behind it."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from burgee.control.kit import clock
from burgee.control.kit.prepared import Prepared
from burgee.control.publishing.models import Epoch, Head, HeadPart, Manifest, Part
from burgee.wire.snapshot import FORMAT

CHECKPOINT_EVERY: Final = 64
"""Every so many revisions the manifest holds all parts, so that history is read from near by."""

BATCH: Final = 500

_EPOCH = Prepared(lambda: Epoch.objects.order_by("-number").values_list("number", flat=True))
_HEAD = Prepared(lambda environment_id: Head.objects.select_for_update().filter(pk=environment_id))
_DIGESTS = Prepared(
    lambda environment_id, names: HeadPart.objects.filter(environment_id=environment_id, name__in=names).values_list(
        "name", "digest"
    )
)
_KEPT = Prepared(lambda digests: Part.objects.filter(digest__in=digests).values_list("digest", "orphaned_at"))


def epoch_number() -> int:
    """The epoch of this database, drawn when it is first asked for."""
    known = _EPOCH.first()
    if known is not None:
        return known
    Epoch.objects.get_or_create(pk=1, defaults={"number": _drawn()})
    return int(Epoch.objects.values_list("number", flat=True).get(pk=1))


def renew_epoch() -> int:
    """Draw a new epoch, as a restored or copied database must: what it publishes then wins over all before."""
    number = max(_drawn(), epoch_number() + 1)
    Epoch.objects.update(number=number)
    return number


def _drawn() -> int:
    return time.time_ns() // 1000


def locked_head(environment_id: int, epoch: int) -> Head:
    """The environment's head, locked until the transaction ends; made, at revision 0, when there is none."""
    head = _lock(environment_id)
    while head is None:
        try:
            with transaction.atomic():
                Head.objects.create(environment_id=environment_id, epoch=epoch, revision=0, published_at=clock.now())
        except IntegrityError:
            pass  # Another publisher made it: wait for that one's lock.
        head = _lock(environment_id)
    return head


def _lock(environment_id: int) -> Head | None:
    return _HEAD.first(environment_id=environment_id)


def digests(environment_id: int, names: Iterable[str] | None = None) -> dict[str, str]:
    """The digests of the current parts: of all, or of the named ones."""
    if names is not None:
        return dict(_DIGESTS.all(environment_id=environment_id, names=list(names)))
    return dict(HeadPart.objects.filter(environment_id=environment_id).values_list("name", "digest"))


def store_parts(bodies: Mapping[str, bytes]) -> None:
    """Keep bodies under their digests; those that are kept already are left as they are."""
    for wanted in _batches(sorted(bodies)):
        kept = dict(_KEPT.all(digests=wanted))
        if any(orphaned_at is not None for orphaned_at in kept.values()):
            # Needed again, so claimed first: whoever sweeps it waits for this transaction, or came first.
            Part.objects.filter(digest__in=wanted, orphaned_at__isnull=False).update(orphaned_at=None)
            kept = dict(_KEPT.all(digests=wanted))
        _insert([Part(digest=digest, body=bodies[digest].decode()) for digest in wanted if digest not in kept])


def _insert(rows: list[Part]) -> None:
    # Environments share parts, so another publisher may be storing the same one now.
    if connection.features.supports_ignore_conflicts:
        Part.objects.bulk_create(rows, ignore_conflicts=True)
        return
    for row in rows:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue


def replace_parts(environment_id: int, changes: Mapping[str, str | None], before: Collection[str]) -> None:
    """Make the head name these digests; None takes a part away. `before` are the names that it has."""
    for names in _batches(sorted(name for name in changes if name in before)):
        HeadPart.objects.filter(environment_id=environment_id, name__in=names).delete()
    rows = [
        HeadPart(environment_id=environment_id, name=name, digest=digest)
        for name, digest in sorted(changes.items())
        if digest is not None
    ]
    HeadPart.objects.bulk_create(rows, batch_size=BATCH)


def append_manifest(head: Head, changes: Mapping[str, str | None], **origin: Any) -> Manifest:
    """Write down how `head` came to be; the first revision and every checkpoint name all parts."""
    complete = head.revision == 1 or head.revision % CHECKPOINT_EVERY == 0
    return Manifest.objects.create(
        environment_id=head.environment_id,
        epoch=head.epoch,
        revision=head.revision,
        format=FORMAT,
        parent=None if complete else head.revision - 1,
        published_at=head.published_at,
        changes=digests(head.environment_id) if complete else dict(changes),
        complete=complete,
        **origin,
    )


def advance(head: Head, *, epoch: int, at: datetime) -> None:
    """Give a locked head its next revision; in a new epoch they are counted from 1 again."""
    head.revision = head.revision + 1 if head.epoch == epoch else 1
    head.epoch = epoch
    head.published_at = at
    head.save(update_fields=["epoch", "revision", "published_at"])


def remove_head(environment_id: int) -> None:
    """Forget an environment; its parts are swept when nothing else names them."""
    HeadPart.objects.filter(environment_id=environment_id).delete()
    Manifest.objects.filter(environment_id=environment_id).delete()
    Head.objects.filter(pk=environment_id).delete()


def _batches(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
