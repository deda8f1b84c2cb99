"""Features as rows, environments as columns: a page of them in a constant number of queries."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from msgspec import Struct

from burgee.control.accounts.models import User
from burgee.control.environments.models import Environment
from burgee.control.features.attached import Attached, about_features
from burgee.control.features.models import Feature, Tag, TagType
from burgee.control.features.queries import FeatureFilter, features_in
from burgee.control.kit import clock
from burgee.control.kit.ids import NAMED_AT_MOST
from burgee.control.lifecycle.models import LastUse
from burgee.control.lifecycle.queries import evaluated_since, with_stage
from burgee.control.projects.models import Project
from burgee.control.segments.rollouts import KIND, percentage_of
from burgee.control.targeting.models import FeatureSegment, FeatureState, Flag, VariantWeight, VersionStatus
from burgee.control.targeting.overview import with_default_enabled
from burgee.control.usage.models import Evaluation

DAYS: Final = 14
"""How many days of evaluations a row shows, the last of them today."""

Cell = tuple[int, int]
"""Ids of a feature and an environment."""


class MatrixFilter(Struct, frozen=True, kw_only=True):
    """``environment`` is where ``enabled`` and ``not_evaluated_days`` look; without one, in any of ``environments``."""

    features: FeatureFilter
    environments: Sequence[Environment]
    ids: Sequence[int] | None = None
    environment: Environment | None = None
    enabled: bool | None = None
    changed_since: datetime | None = None
    not_evaluated_days: int | None = None
    sort: Literal["name", "created_date", "changed"] = "name"
    descending: bool = False


class LastEdit(NamedTuple):
    """How often a flag was edited, and by whom and when for the last time."""

    feature_id: int
    environment_id: int
    change_number: int
    changed_at: datetime | None
    changed_by_id: int | None


class CellFacts(Struct, frozen=True, kw_only=True):
    """A flag in one environment, as the matrix shows it."""

    enabled: bool
    value: Any
    weights: Sequence[tuple[int, float]]
    rollout: tuple[float, bool] | None
    segment_overrides: int
    identity_overrides: int
    edit: LastEdit | None


class Matrix(Struct, frozen=True, kw_only=True):
    """What stands beside and in the cells of the features of a page."""

    cells: Mapping[Cell, CellFacts]
    attached: Attached
    tags: Mapping[int, Tag]
    stale: frozenset[int]
    last_uses: Mapping[int, date]
    evaluations: Mapping[int, Sequence[int]]
    people: Mapping[int, User]

    def last_change(self, feature: Feature, environments: Sequence[Environment]) -> LastEdit | None:
        """The latest edit of the feature's flags."""
        cells = [self.cells.get((feature.pk, place.pk)) for place in environments]
        changed = [cell.edit for cell in cells if cell and cell.edit and cell.edit.changed_at]
        return max(changed, key=lambda edit: edit.changed_at, default=None)  # type: ignore[arg-type, return-value]  # none is null

    def last_evaluated(self, feature: Feature) -> date | None:
        """The last day on which an SDK asked for it, as far as is known."""
        today = clock.today()
        counts = self.evaluations.get(feature.pk, ())
        recent = [today - timedelta(days=DAYS - 1 - place) for place, count in enumerate(counts) if count]
        return max([*recent, *([self.last_uses[feature.pk]] if feature.pk in self.last_uses else [])], default=None)


def matrix_features(project: Project, wanted: MatrixFilter) -> QuerySet[Any]:
    """The features that match, in their order, each with its ``stage``."""
    found = features_in(project, wanted.features)
    if wanted.ids is not None:
        found = found.filter(pk__in=wanted.ids)
    flags = Flag.objects.filter(feature=OuterRef("pk"), environment__in=wanted.environments)
    if wanted.enabled is not None:
        found = _with_default(found, wanted, enabled=wanted.enabled)
    if wanted.changed_since is not None:
        changed = flags.filter(changed_at__gte=wanted.changed_since)
        found = found.filter(Exists(changed) | Q(created_date__gte=wanted.changed_since))
    if wanted.not_evaluated_days is not None:
        since = clock.now() - timedelta(days=wanted.not_evaluated_days)
        found = found.exclude(evaluated_since(project, wanted.environment, since))
    sign = "-" if wanted.descending else ""
    if wanted.sort == "changed":
        last = flags.order_by().values("feature").annotate(last=Max("changed_at")).values("last")
        found = found.annotate(changed=Coalesce(last, "created_date"))
    return with_stage(found.order_by(f"{sign}{wanted.sort}", f"{sign}pk"), project, wanted.environment)


def matrix_of(project: Project, features: Sequence[Feature], environments: Sequence[Environment]) -> Matrix:
    """Everything about these features, however many there are, in the same number of queries."""
    ids = [feature.pk for feature in features]
    attached = Attached.to(ids, project_id=project.pk)
    tags = Tag.objects.in_bulk({tag_id for tag_ids in attached.tag_ids.values() for tag_id in tag_ids})
    stale = {tag.pk for tag in tags.values() if tag.type == TagType.STALE}
    flags = Flag.objects.filter(about_features(ids), environment__in=environments)
    edits = {edit[:2]: edit for edit in (LastEdit(*row) for row in flags.values_list(*LastEdit._fields))}
    return Matrix(
        cells=_cells(ids, environments, edits),
        attached=attached,
        tags=tags,
        stale=frozenset(id_ for id_ in ids if stale & set(attached.tag_ids.get(id_, ()))),
        last_uses=_last_uses(ids, environments),
        evaluations=_evaluations(features, environments),
        people=User.objects.in_bulk({edit.changed_by_id for edit in edits.values() if edit.changed_by_id}),
    )


def _with_default(found: QuerySet[Feature], wanted: MatrixFilter, *, enabled: bool) -> QuerySet[Feature]:
    if wanted.environment is not None:
        return with_default_enabled(found, wanted.environment, enabled=enabled)
    states = FeatureState.objects.live().defaults().filter(environment__in=wanted.environments, enabled=enabled)
    return found.filter(Exists(states.filter(feature=OuterRef("pk"))))


def _cells(
    ids: Sequence[int], environments: Sequence[Environment], edits: Mapping[Cell, LastEdit]
) -> dict[Cell, CellFacts]:
    about = Q(about_features(ids), environment__in=environments)
    served = FeatureState.objects.filter(about, version__status=VersionStatus.LIVE)
    defaults = served.defaults()
    weights: dict[int, list[tuple[int, float]]] = {}
    rows = VariantWeight.objects.filter(state__in=defaults).order_by("position", "pk")
    for state_id, option_id, percentage in rows.values_list("state_id", "option_id", "percentage_allocation"):
        weights.setdefault(state_id, []).append((option_id, percentage))
    segments = _counts(served.of_segments().filter(feature_segment__segment__deleted_at=None))
    identities = _counts(FeatureState.objects.filter(about).of_identities())
    rollouts = _rollouts(about)
    return {
        (feature_id, environment_id): CellFacts(
            enabled=enabled,
            value=value,
            weights=weights.get(pk, ()),
            rollout=rollouts.get((feature_id, environment_id)),
            segment_overrides=segments.get((feature_id, environment_id), 0),
            identity_overrides=identities.get((feature_id, environment_id), 0),
            edit=edits.get((feature_id, environment_id)),
        )
        for pk, feature_id, environment_id, enabled, value in defaults.values_list(
            "pk", "feature_id", "environment_id", "enabled", "value"
        )
    }


def _rollouts(about: Q) -> dict[Cell, tuple[float, bool]]:
    places = FeatureSegment.objects.filter(
        about, version__status=VersionStatus.LIVE, segment__managed_by__startswith=KIND, segment__deleted_at=None
    )
    return {
        (place.feature_id, place.environment_id): (percentage_of(place.segment) or 0.0, place.state.enabled)
        for place in places.filter(state__isnull=False).select_related("segment", "state")
    }


def _counts(states: QuerySet[FeatureState]) -> dict[Cell, int]:
    rows = states.order_by().values_list("feature_id", "environment_id").annotate(count=Count("pk"))
    return {(feature_id, environment_id): count for feature_id, environment_id, count in rows}


def _last_uses(ids: Sequence[int], environments: Sequence[Environment]) -> dict[int, date]:
    rows = LastUse.objects.filter(about_features(ids), environment_id__in=[place.pk for place in environments])
    return dict(rows.order_by().values_list("feature_id").annotate(last=Max("day")))


def _evaluations(features: Sequence[Feature], environments: Sequence[Environment]) -> dict[int, list[int]]:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [midnight - timedelta(days=DAYS - 1 - place) for place in range(DAYS)]
    ids = {feature.name: feature.pk for feature in features}
    rows = Evaluation.objects.filter(environment_id__in=[place.pk for place in environments], bucket__gte=starts[0])
    if len(ids) <= NAMED_AT_MOST:
        rows = rows.filter(feature__in=list(ids))
    # Comparing moments is quick on every engine; cutting them to days is not.
    days = [When(bucket__gte=start, then=Value(place)) for place, start in reversed(list(enumerate(starts)))]
    by_day = rows.annotate(place=Case(*days, output_field=IntegerField())).order_by().values_list("feature", "place")
    found: dict[int, list[int]] = {}
    for name, place, total in by_day.annotate(total=Sum("count")):
        if name in ids:
            found.setdefault(ids[name], [0] * DAYS)[place] += total
    return found
