"""The stage of features, worked out by the database beside the features themselves."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from burgee.control.code_references.models import Sighting
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, Tag, TagType
from burgee.control.features.queries import ListedFeature
from burgee.control.kit import clock
from burgee.control.kit.prepared import About, Prepared
from burgee.control.lifecycle.models import LastUse, RollUp
from burgee.control.lifecycle.rules import Stage
from burgee.control.projects.models import Project
from burgee.control.usage.models import Evaluation

RECENT: Final = timedelta(days=30)
"""How long ago an evaluation may be to count as use."""
NOWHERE: Final = 0
"""The id of no environment."""


def with_stage(
    features: QuerySet[Feature], project: Project, environment: Environment | None, *, only: Stage | None = None
) -> QuerySet[Any]:
    """`features` of `project`, each with its ``stage``; use counts in `environment`, without one in any."""
    stage = _stage(project.pk, _places(project, environment), *_recent(clock.now() - RECENT))
    annotated = features.annotate(stage=stage)
    return annotated if only is None else annotated.filter(stage=only.value)


def listed(feature_ids: Sequence[int], project: Project, environment: Environment | None) -> list[ListedFeature]:
    """These features of `project`, in the order of their ids; use counts as in `with_stage`."""
    day, moment = _recent(clock.now() - RECENT)
    places = _places(project, environment)
    found = _LISTED.all(feature_ids, project_id=project.pk, environment_ids=places, day=day, moment=moment)
    by_id = {row[0]: row for row in found}
    return [ListedFeature(*by_id[id_]) for id_ in feature_ids if id_ in by_id]


def stage_counts(environment: Environment) -> dict[Stage, int]:
    """How many of the project's features are in each stage, as seen from `environment`."""
    living = Feature.objects.filter(project=environment.project, deleted_at=None, is_archived=False)
    counted = Counter(with_stage(living, environment.project, environment).values_list("stage", flat=True))
    return {stage: counted[stage.value] for stage in Stage}


def evaluated_since(project: Project, environment: Environment | None, since: datetime) -> Q:
    """A condition that features meet which SDKs evaluated since then, in `environment` or, without one, in any."""
    return _evaluated(_places(project, environment), *_recent(since))


def _recent(since: datetime) -> tuple[date, datetime]:
    """The first day of roll-ups to look at, and the first moment of what is not rolled up yet."""
    until = _ROLLED_UP_UNTIL.first()
    return since.date(), max(since, until or since)


def _places(project: Project, environment: Environment | None) -> list[int]:
    """The ids of the environments whose use counts; at least one, so that it may stand in a prepared query."""
    if environment is not None:
        return [environment.pk]
    living = Environment.objects.filter(project=project, deleted_at=None)
    return list(living.values_list("pk", flat=True)) or [NOWHERE]


def _evaluated(environment_ids: Sequence[int], day: date, moment: datetime) -> Q:
    rolled_up = LastUse.objects.filter(environment_id__in=environment_ids, day__gte=day)
    fresh = Evaluation.objects.filter(environment_id__in=environment_ids, bucket__gte=moment)
    return Q(pk__in=rolled_up.values("feature_id")) | Q(name__in=fresh.values("feature"))


def _stage(project_id: int, environment_ids: Sequence[int], day: date, moment: datetime) -> Case:
    tags = Tag.objects.filter(features=OuterRef("pk"))
    is_permanent = Exists(tags.filter(is_permanent=True))
    is_stale = Exists(tags.filter(type=TagType.STALE))
    is_in_code = Exists(Sighting.objects.filter(project_id=project_id, feature_name=OuterRef("name"), count__gt=0))
    # Most features are not stale, and for those the database looks no further.
    of_stale = Case(
        When(is_in_code, then=Value(Stage.STALE.value)),
        When(_evaluated(environment_ids, day, moment), then=Value(Stage.NEEDS_MONITORING.value)),
        default=Value(Stage.TO_REMOVE.value),
    )
    return Case(
        When(is_permanent, then=Value(Stage.PERMANENT.value)),
        When(is_stale, then=of_stale),
        When(is_in_code, then=Value(Stage.LIVE.value)),
        default=Value(Stage.NEW.value),
        output_field=CharField(max_length=20),
    )


_ROLLED_UP_UNTIL = Prepared(lambda: RollUp.objects.order_by("pk").values_list("until", flat=True))
_LISTED = About(
    "pk",
    lambda about, project_id, environment_ids, day, moment: (
        Feature.objects.filter(about, project_id=project_id)
        .annotate(stage=_stage(project_id, environment_ids, day, moment))
        .values_list(*ListedFeature._fields)
    ),
    within_project=True,
)
