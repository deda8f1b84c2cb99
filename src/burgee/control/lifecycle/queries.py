"""The stage of features, worked out by the database beside the features themselves."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from burgee.control.code_references.models import Sighting
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, Tag, TagType
from burgee.control.kit import clock
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
    tags = Tag.objects.filter(features=OuterRef("pk"))
    is_permanent = Exists(tags.filter(is_permanent=True))
    is_stale = Exists(tags.filter(type=TagType.STALE))
    sightings = Sighting.objects.filter(project=project, feature_name=OuterRef("name"), count__gt=0)
    is_in_code = Exists(sightings)
    is_used = evaluated_since(project, environment, clock.now() - RECENT)
    # Most features are not stale, and for those the database looks no further.
    of_stale = Case(
        When(is_in_code, then=Value(Stage.STALE.value)),
        When(is_used, then=Value(Stage.NEEDS_MONITORING.value)),
        default=Value(Stage.TO_REMOVE.value),
    )
    stage = Case(
        When(is_permanent, then=Value(Stage.PERMANENT.value)),
        When(is_stale, then=of_stale),
        When(is_in_code, then=Value(Stage.LIVE.value)),
        default=Value(Stage.NEW.value),
        output_field=CharField(max_length=20),
    )
    annotated = features.annotate(stage=stage)
    return annotated if only is None else annotated.filter(stage=only.value)


def stage_counts(environment: Environment) -> dict[Stage, int]:
    """How many of the project's features are in each stage, as seen from `environment`."""
    living = Feature.objects.filter(project=environment.project, deleted_at=None, is_archived=False)
    counted = Counter(with_stage(living, environment.project, environment).values_list("stage", flat=True))
    return {stage: counted[stage.value] for stage in Stage}


def evaluated_since(project: Project, environment: Environment | None, since: datetime) -> Q:
    """A condition that features meet which SDKs evaluated since then, in `environment` or, without one, in any."""
    places = Environment.objects.filter(project=project, deleted_at=None)
    places = places if environment is None else places.filter(pk=environment.pk)
    rolled_up = LastUse.objects.filter(environment_id__in=places.values("pk"), day__gte=since.date())
    until = RollUp.objects.values_list("until", flat=True).first()
    fresh = Evaluation.objects.filter(environment_id__in=places.values("pk"), bucket__gte=max(since, until or since))
    return Q(pk__in=rolled_up.values("feature_id")) | Q(name__in=fresh.values("feature"))
