"""Segments as lists ask for them."""

from django.db.models import QuerySet

from burgee.control.projects.models import Project
from burgee.control.segments.models import Segment


def segments_in(project: Project, *, name_contains: str = "", feature_specific: bool = True) -> QuerySet[Segment]:
    """The living segments of a project, oldest first; `feature_specific` False leaves out those of one feature."""
    found = Segment.objects.filter(project=project, deleted_at=None).order_by("pk")
    if name_contains:
        found = found.filter(name__icontains=name_contains)
    if not feature_specific:
        found = found.filter(feature=None)
    return found
