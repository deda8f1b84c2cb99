"""Recurring work on features: rolling up their use, and marking what nobody changes any more."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, Tag, TagType
from burgee.control.features.system_tags import mark, unmark
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.lifecycle.models import LastUse, RollUp
from burgee.control.lifecycle.rules import unchanged_since
from burgee.control.projects.models import Project
from burgee.control.targeting.models import Flag
from burgee.control.usage.models import Evaluation

OVERLAP: Final = timedelta(minutes=30)
"""Counts of a quarter of an hour may still be written a while after it."""

BATCH: Final = 50
"""Features marked in one transaction, so that none lasts long."""

ROLL_UP: Final = "evaluations"


def tag_stale_features() -> int:
    """Tag what nobody has changed for as long as its project says, and untag the rest; returns how many features."""
    return sum(_tag_stale(project) for project in Project.objects.living().order_by("pk").iterator())


@transaction.atomic
def roll_up_use() -> int:
    """Note on which days features were last evaluated; returns how many notes were new."""
    now = clock.now()
    until = RollUp.objects.filter(name=ROLL_UP).values_list("until", flat=True).first()
    rows = Evaluation.objects.all() if until is None else Evaluation.objects.filter(bucket__gte=until)
    last = rows.values_list("environment_id", "feature").annotate(last=Max("bucket")).order_by()
    used = {(environment_id, name): bucket.date() for environment_id, name, bucket in last}
    if not used:
        return 0
    noted = _note(used)
    RollUp.objects.update_or_create(name=ROLL_UP, defaults={"until": now - OVERLAP})
    return noted


def _tag_stale(project: Project) -> int:
    found, gone = _stale_and_not(project, clock.now())
    done = 0
    for start in range(0, len(found), BATCH):
        done += mark(project, found[start : start + BATCH], TagType.STALE, actor=SYSTEM)
    for start in range(0, len(gone), BATCH):
        done += unmark(project, gone[start : start + BATCH], TagType.STALE, actor=SYSTEM)
    return done


def _stale_and_not(project: Project, now: datetime) -> tuple[list[int], list[int]]:
    """The features that lack the tag, and those that have it without reason."""
    living = Feature.objects.filter(project=project, deleted_at=None).order_by("pk")
    tagged = Tag.objects.filter(features=OuterRef("pk"), type=TagType.STALE, is_system_tag=True)
    marked = living.filter(Exists(tagged))
    since = unchanged_since(now, limit_days=project.stale_flags_limit_days)
    if since is None:
        return [], list(marked.values_list("pk", flat=True))
    stale = _unchanged(living, since)
    unmarked = stale.exclude(Exists(tagged))
    gone = marked.exclude(pk__in=stale.order_by().values("pk"))
    return list(unmarked.values_list("pk", flat=True)), list(gone.values_list("pk", flat=True))


def _unchanged(features: QuerySet[Feature], since: datetime) -> QuerySet[Feature]:
    changed = Flag.objects.filter(
        feature=OuterRef("pk"), environment__in=Environment.objects.living(), changed_at__gte=since
    )
    permanent = Tag.objects.filter(features=OuterRef("pk"), is_permanent=True)
    return features.filter(~Exists(changed), ~Exists(permanent), Q(created_date__lt=since), is_archived=False)


def _note(used: dict[tuple[int, str], date]) -> int:
    environments = {environment_id for environment_id, _ in used}
    projects = dict(Environment.objects.filter(pk__in=environments).values_list("pk", "project_id"))
    living = Feature.objects.filter(deleted_at=None, project_id__in=set(projects.values()))
    features = {(project_id, name): pk for pk, project_id, name in living.values_list("pk", "project_id", "name")}
    wanted = {
        (feature_id, environment_id): day
        for (environment_id, name), day in used.items()
        if (feature_id := features.get((projects.get(environment_id, 0), name)))
    }
    rows = LastUse.objects.filter(environment_id__in=environments)
    known = {(row.feature_id, row.environment_id): row for row in rows}
    later = [known[key] for key, day in wanted.items() if key in known and known[key].day < day]
    for row in later:
        row.day = wanted[row.feature_id, row.environment_id]
    LastUse.objects.bulk_update(later, ["day"], batch_size=500)
    new = [
        LastUse(feature_id=key[0], environment_id=key[1], day=day) for key, day in wanted.items() if key not in known
    ]
    LastUse.objects.bulk_create(new, batch_size=500)
    return len(later) + len(new)
