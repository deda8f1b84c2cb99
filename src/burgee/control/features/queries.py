"""Features as lists ask for them; what reads states is in ``targeting.overview``."""

from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from msgspec import UNSET, Struct, UnsetType

from burgee.control.features.models import Feature, Tag
from burgee.control.projects.models import Project


class ListedFeature(NamedTuple):
    """What lists show of the row of a feature, and its ``stage``: a thousand of these cost half of what rows do."""

    pk: int
    uuid: UUID
    project_id: int
    name: str
    type: str
    description: str | None
    initial_value: Any
    default_enabled: bool
    is_archived: bool
    is_server_key_only: bool
    created_date: datetime
    stage: str


class FeatureFilter(Struct, frozen=True, kw_only=True):
    """``tag_ids`` empty finds what has no tag; with ``any_tag`` one of the tags is enough, else all are needed.

    One owner is enough, a person or a group.
    """

    search: str = ""
    sort_field: Literal["created_date", "name"] = "created_date"
    descending: bool = False
    tag_ids: tuple[int, ...] | UnsetType = UNSET
    any_tag: bool = False
    is_archived: bool | None = None
    type: str | None = None
    owner_ids: tuple[int, ...] = ()
    group_owner_ids: tuple[int, ...] = ()


def features_in(project: Project, wanted: FeatureFilter) -> QuerySet[Feature]:
    """The living features of a project that match, in the order asked for."""
    found = Feature.objects.filter(project=project, deleted_at=None)
    if wanted.search:
        found = found.filter(name__icontains=wanted.search)
    if wanted.is_archived is not None:
        found = found.filter(is_archived=wanted.is_archived)
    if wanted.type:
        found = found.filter(type=wanted.type)
    if wanted.owner_ids or wanted.group_owner_ids:
        owned = Feature.owners.through.objects.filter(user_id__in=wanted.owner_ids)
        by_groups = Feature.group_owners.through.objects.filter(usergroup_id__in=wanted.group_owner_ids)
        found = found.filter(Q(pk__in=owned.values("feature_id")) | Q(pk__in=by_groups.values("feature_id")))
    sign = "-" if wanted.descending else ""
    return _tagged(found, wanted).order_by(f"{sign}{wanted.sort_field}", f"{sign}pk")


def visible_tags(project: Project) -> QuerySet[Tag]:
    return Tag.objects.filter(project=project).order_by("pk")


def _tagged(found: QuerySet[Feature], wanted: FeatureFilter) -> QuerySet[Feature]:
    if isinstance(wanted.tag_ids, UnsetType):
        return found
    links = Feature.tags.through.objects.all()
    if not wanted.tag_ids:
        return found.exclude(pk__in=links.values("feature_id"))
    if wanted.any_tag:
        return found.filter(pk__in=links.filter(tag_id__in=wanted.tag_ids).values("feature_id"))
    needed = Q()
    for tag_id in wanted.tag_ids:
        needed &= Q(pk__in=links.filter(tag_id=tag_id).values("feature_id"))
    return found.filter(needed)
