"""How far work is."""

from collections.abc import Collection

from burgee.control.jobs.models import Job


def progress_of(kind: str, subject_ids: Collection[int]) -> dict[int, int]:
    """Per cent by the id of what the work is about; what nobody asked for, or is long done, is not there."""
    rows = Job.objects.filter(kind=kind, subject_id__in=subject_ids).order_by("id")
    return {key: progress for key, progress in rows.values_list("subject_id", "progress") if key is not None}
