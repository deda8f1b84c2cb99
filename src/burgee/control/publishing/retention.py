"""Letting go of old snapshots: manifests behind the last checkpoint before a day, then parts that nothing names."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max

from burgee.control.kit import clock
from burgee.control.publishing.models import Head, HeadPart, Manifest, Part

GRACE: Final = timedelta(hours=1)
"""How long a part stays an orphan before it goes: longer than any transaction that may be about to name it."""

BATCH: Final = 500


def expire(*, before: datetime) -> int:
    """Delete manifests older than `before`, but keep what every later revision is read from; returns how many."""
    deleted = 0
    for head in Head.objects.all().iterator():
        own = Manifest.objects.filter(environment_id=head.environment_id)
        deleted += own.exclude(epoch=head.epoch).filter(published_at__lt=before).delete()[0]
        own = own.filter(epoch=head.epoch)
        last = own.filter(complete=True, published_at__lt=before).aggregate(last=Max("revision"))["last"]
        if last is not None:
            deleted += own.filter(revision__lt=last).delete()[0]
    return deleted


def sweep() -> int:
    """Mark parts that nothing names, and delete those that were marked long ago; returns how many.

    A publisher that needs a marked part takes the mark away in its own transaction, so no named part is deleted.
    """
    now = clock.now()
    named = _named()
    deleted = 0
    marked = Part.objects.filter(orphaned_at__lt=now - GRACE)
    for digests in _batches(list(marked.values_list("digest", flat=True))):
        Part.objects.filter(digest__in=[digest for digest in digests if digest in named]).update(orphaned_at=None)
        doomed = [digest for digest in digests if digest not in named]
        deleted += Part.objects.filter(digest__in=doomed, orphaned_at__lt=now - GRACE).delete()[0]
    unmarked = Part.objects.filter(orphaned_at=None).values_list("digest", flat=True)
    for digests in _batches([digest for digest in unmarked.iterator() if digest not in named]):
        Part.objects.filter(digest__in=digests).update(orphaned_at=now)
    return deleted


def _named() -> set[str]:
    named = set(HeadPart.objects.values_list("digest", flat=True).iterator())
    for changes in Manifest.objects.values_list("changes", flat=True).iterator():
        named.update(digest for digest in changes.values() if digest is not None)
    return named


def _batches(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
