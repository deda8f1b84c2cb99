"""Tags that Burgee itself gives and takes away."""

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from msgspec import Struct

from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Scope, publish
from burgee.control.features.models import Feature, Tag, TagType
from burgee.control.features.services import changed_feature
from burgee.control.kit.actor import Actor
from burgee.control.projects.models import Project


class _Look(Struct, frozen=True):
    label: str
    color: str
    description: str


LOOKS: Final = {
    TagType.STALE: _Look("Stale", "#9DA4AE", "Nobody has changed this flag for a long time."),
    TagType.UNHEALTHY: _Look("Unhealthy", "#FFC0CB", "A monitor reports a problem with this flag."),
}


@transaction.atomic
def mark(project: Project, feature_ids: Collection[int], kind: TagType, *, actor: Actor) -> int:
    """Give the features of `project` the tag of this kind; returns how many did not have it."""
    tag = _tag(project, kind)
    rows = _locked(project, feature_ids).exclude(pk__in=tag.features.values("pk"))
    return _tell(project, list(rows), tag, actor, given=True)


@transaction.atomic
def unmark(project: Project, feature_ids: Collection[int], kind: TagType, *, actor: Actor) -> int:
    """Take the tag of this kind away; returns from how many features."""
    tag = Tag.objects.filter(project=project, type=kind, is_system_tag=True).order_by("pk").first()
    if tag is None:
        return 0
    rows = _locked(project, feature_ids).filter(pk__in=tag.features.values("pk"))
    return _tell(project, list(rows), tag, actor, given=False)


def _tag(project: Project, kind: TagType) -> Tag:
    """The tag of the project; the lock keeps two from being made at once."""
    Project.objects.select_for_update().get(pk=project.pk)
    known = Tag.objects.filter(project=project, type=kind, is_system_tag=True).order_by("pk").first()
    look = LOOKS[kind]
    return known or Tag.objects.create(
        project=project,
        type=kind,
        label=look.label,
        color=look.color,
        description=look.description,
        is_system_tag=True,
    )


def _locked(project: Project, feature_ids: Collection[int]) -> QuerySet[Feature]:
    rows = Feature.objects.select_for_update().filter(project=project, deleted_at=None, pk__in=feature_ids)
    return rows.order_by("pk")


def _tell(project: Project, features: list[Feature], tag: Tag, actor: Actor, *, given: bool) -> int:
    if not features:
        return 0
    changes = []
    for feature in features:
        had = list(feature.tags.values_list("label", flat=True))
        if given:
            feature.tags.add(tag)
        else:
            feature.tags.remove(tag)
        has = list(feature.tags.values_list("label", flat=True))
        changes.append(changed_feature(feature, {"tags": sorted(had)}, {"tags": sorted(has)}))
    scope = Scope(organisation_id=project.organisation_id, project_id=project.pk)
    publish(EventType.FEATURE_CHANGED, scope=scope, changes=changes, actor=actor)
    return len(features)
