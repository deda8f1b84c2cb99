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


def with_stage(
    features: QuerySet[Feature], project: Project, environment: Environment | None, *, only: Stage | None = None
) -> QuerySet[Any]:
    """`features` of `project`, each with its ``stage``; use counts in `environment`, without one in any."""
    places = _places(project.pk, environment.pk if environment else None)
    annotated = features.annotate(stage=_stage(project.pk, places, *_recent(clock.now() - RECENT)))
    return annotated if only is None else annotated.filter(stage=only.value)


def listed(feature_ids: Sequence[int], project: Project, environment: Environment | None) -> list[ListedFeature]:
    """These features of `project`, in the order of their ids; use counts as in `with_stage`."""
    day, moment = _recent(clock.now() - RECENT)
    if environment is None:
        found = _LISTED.all(feature_ids, project_id=project.pk, day=day, moment=moment)
    else:
        found = _LISTED_IN.all(
            feature_ids, project_id=project.pk, environment_id=environment.pk, day=day, moment=moment
        )
    by_id = {row[0]: row for row in found}
    return [ListedFeature(*by_id[id_]) for id_ in feature_ids if id_ in by_id]


def stage_counts(environment: Environment) -> dict[Stage, int]:
    """How many of the project's features are in each stage, as seen from `environment`."""
    living = Feature.objects.filter(project=environment.project, deleted_at=None, is_archived=False)
    counted = Counter(with_stage(living, environment.project, environment).values_list("stage", flat=True))
    return {stage: counted[stage.value] for stage in Stage}


def evaluated_since(project: Project, environment: Environment | None, since: datetime) -> Q:
    """A condition that features meet which SDKs evaluated since then, in `environment` or, without one, in any."""
    return _evaluated(_places(project.pk, environment.pk if environment else None), *_recent(since))


def _recent(since: datetime) -> tuple[date, datetime]:
    """The first day of roll-ups to look at, and the first moment of what is not rolled up yet."""
    until = _ROLLED_UP_UNTIL.first()
    return since.date(), max(since, until or since)


def _places(project_id: int, environment_id: int | None) -> QuerySet[Environment]:
    places = Environment.objects.filter(project_id=project_id, deleted_at=None)
    return places if environment_id is None else places.filter(pk=environment_id)


def _evaluated(places: QuerySet[Environment], day: date, moment: datetime) -> Q:
    rolled_up = LastUse.objects.filter(environment_id__in=places.values("pk"), day__gte=day)
    fresh = Evaluation.objects.filter(environment_id__in=places.values("pk"), bucket__gte=moment)
    return Q(pk__in=rolled_up.values("feature_id")) | Q(name__in=fresh.values("feature"))


def _stage(project_id: int, places: QuerySet[Environment], day: date, moment: datetime) -> Case:
    tags = Tag.objects.filter(features=OuterRef("pk"))
    is_permanent = Exists(tags.filter(is_permanent=True))
    is_stale = Exists(tags.filter(type=TagType.STALE))
    is_in_code = Exists(Sighting.objects.filter(project_id=project_id, feature_name=OuterRef("name"), count__gt=0))
    # Most features are not stale, and for those the database looks no further.
    of_stale = Case(
        When(is_in_code, then=Value(Stage.STALE.value)),
        When(_evaluated(places, day, moment), then=Value(Stage.NEEDS_MONITORING.value)),
        default=Value(Stage.TO_REMOVE.value),
    )
    return Case(
        When(is_permanent, then=Value(Stage.PERMANENT.value)),
        When(is_stale, then=of_stale),
        When(is_in_code, then=Value(Stage.LIVE.value)),
        default=Value(Stage.NEW.value),
        output_field=CharField(max_length=20),
    )


def _rows(about: Q, project_id: int, stage: Case) -> QuerySet[Any, Any]:
    features = Feature.objects.filter(about, project_id=project_id).annotate(stage=stage)
    return features.values_list(*ListedFeature._fields)


_ROLLED_UP_UNTIL = Prepared(lambda: RollUp.objects.order_by("pk").values_list("until", flat=True))
_LISTED = About(
    "pk",
    lambda about, project_id, day, moment: _rows(
        about, project_id, _stage(project_id, _places(project_id, None), day, moment)
    ),
    within_project=True,
)
_LISTED_IN = About(
    "pk",
    lambda about, project_id, environment_id, day, moment: _rows(
        about, project_id, _stage(project_id, _places(project_id, environment_id), day, moment)
    ),
    within_project=True,
)
