"""Writes: every edit of a flag's states ends in `apply`."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Change, Scope
from burgee.control.events.publish import publish as publish_event
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.features.rules import typed_value
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.prepared import Prepared
from burgee.control.segments.models import Segment
from burgee.control.targeting.edits import AddSegment, Edit, ForIdentity, ForSegment, Remove, Set, Target
from burgee.control.targeting.errors import (
    FlagNotFound,
    SegmentNotFound,
    SegmentOfAnotherFeature,
    VersionNotPublishable,
)
from burgee.control.targeting.inplace import write_identities, write_versioned
from burgee.control.targeting.limits import check_room_for_overrides
from burgee.control.targeting.models import (
    FeatureSegment,
    FeatureState,
    Flag,
    FlagVersion,
    VersionStatus,
    default_key,
    identity_key,
    segment_key,
)
from burgee.control.targeting.records import Names, changes_between, paired, published_change
from burgee.control.targeting.rows import insert_sheet, load_sheet
from burgee.control.targeting.sheet import Facts, Sheet, fold, has_rows
from burgee.control.targeting.versions import go_live, live_version, living_version, lock_flag, supersede, touch

_WITH_KEY = Prepared(lambda live_key: FeatureState.objects.select_related("feature_segment").filter(live_key=live_key))


class AppliedEdit(Struct, frozen=True, kw_only=True):
    """What became of the edits: the rows as they are now, and what changed (nothing, when they said nothing new).

    ``published`` is the line of a version that is served from now on.
    """

    flag: Flag
    version: FlagVersion
    changes: tuple[Change, ...]
    published: tuple[Change, ...] = ()

    def key(self, target: Target) -> str:
        """The ``live_key`` that the state of `target` has now, if there is one."""
        match target:
            case ForSegment(segment_id=segment_id):
                return segment_key(self.version.pk, segment_id)
            case ForIdentity(identity_id=identity_id):
                return identity_key(self.flag.environment_id, self.flag.feature_id, identity_id)
            case _:
                return default_key(self.version.pk)

    def state(self, target: Target) -> FeatureState:
        """The state of `target` now, with its version; raises FeatureState.DoesNotExist."""
        state = _WITH_KEY.first(live_key=self.key(target))
        if state is None:
            raise FeatureState.DoesNotExist
        if state.version_id == self.version.pk:
            state.version = self.version
        return state

    def feature_segment(self, segment_id: int) -> FeatureSegment:
        """The place of a segment now; raises FeatureSegment.DoesNotExist."""
        return FeatureSegment.objects.select_related("segment").get(version=self.version, segment_id=segment_id)


@transaction.atomic
def apply(
    environment: Environment,
    feature: Feature,
    edits: Sequence[Edit],
    *,
    actor: Actor,
    expected: Collection[int] | None = None,
) -> AppliedEdit:
    """Edit the states of `feature` in `environment`, all or nothing, as one event.

    In an environment with versions (v2) the edit makes and publishes a new one; otherwise the live rows change in
    place and keep their ids. Edits that change nothing write nothing. `expected` are the change numbers for which
    the edit is meant: raises StaleEdit when the flag has another.
    """
    applied = apply_untold(environment, feature, edits, actor=actor, expected=expected)
    if applied.changes or applied.published:
        tell(EventType.FLAG_CHANGED, environment, [*applied.changes, *applied.published], actor)
    return applied


def apply_untold(
    environment: Environment,
    feature: Feature,
    edits: Sequence[Edit],
    *,
    actor: Actor,
    expected: Collection[int] | None = None,
) -> AppliedEdit:
    """Like `apply`, inside the transaction of a caller whose event tells of it."""
    flag = lock_flag(environment.pk, feature.pk, expected=expected)
    version = living_version(environment.pk, feature.pk)
    place = version.environment
    before = load_sheet(version, _identity_ids(edits))
    after = edited(before, feature, edits)
    if after == before:
        return AppliedEdit(flag=flag, version=version, changes=())
    served = version
    check_room_for_overrides(place, before, after)
    if (after.default, after.places) != (before.default, before.places):
        version = _write(version, before, after, versioned=place.use_v2_feature_versioning, actor=actor)
    write_identities(version, before, after)
    # Rows that were there already are as `after` says; only new ones have ids that nobody knows yet.
    known = version is served and has_rows(after)
    written = after if known else load_sheet(version, before.identities.keys() | after.identities.keys())
    touch(flag, actor)
    told = [segment_id for segment_id, _ in paired(before.places, written.places)]
    names = names_of(place, feature, told if version is served else {*before.places, *after.places})
    changes = tuple(changes_between(before, written, names))
    published = () if version is served else (published_change(version, written, names),)
    return AppliedEdit(flag=flag, version=version, changes=changes, published=published)


def edited(sheet: Sheet, feature: Feature, edits: Sequence[Edit], *, unmade: Collection[int] = ()) -> Sheet:
    """The states of a flag of `feature` after `edits`; raises what can be wrong with them.

    The segments `unmade` are not looked for: there will be such when the edits are made.
    """
    _check_segments(feature, edits, unmade)
    return fold(sheet, edits, _facts(feature, edits))


@transaction.atomic
def publish(version: FlagVersion, *, actor: Actor) -> FlagVersion:
    """Serve a draft or scheduled version instead of the live one."""
    flag = lock_flag(version.environment_id, version.feature_id)
    row = FlagVersion.objects.select_related("environment__project", "feature").get(pk=version.pk)
    if row.status not in {VersionStatus.DRAFT, VersionStatus.SCHEDULED}:
        raise VersionNotPublishable
    old = live_version(row.environment_id, row.feature_id)
    before, after = load_sheet(old), load_sheet(row)
    go_live(row, old, at=clock.now(), actor=actor)
    touch(flag, actor)
    names = names_of(row.environment, row.feature, {*before.places, *after.places})
    changes = [*changes_between(before, after, names), published_change(row, after, names)]
    tell(EventType.FLAG_VERSION_PUBLISHED, row.environment, changes, actor)
    return row


def publish_due(*, actor: Actor) -> int:
    """Publish every scheduled version whose time has come; returns how many."""
    due = FlagVersion.objects.filter(
        status=VersionStatus.SCHEDULED,
        live_from__lte=clock.now(),
        feature__deleted_at=None,
        environment__in=Environment.objects.living(),
    )
    published = 0
    for version in due.order_by("live_from"):
        try:
            publish(version, actor=actor)
        except (VersionNotPublishable, FlagNotFound):
            continue
        published += 1
    return published


def names_of(environment: Environment, feature: Feature, segment_ids: Iterable[int]) -> Names:
    """How change records call a flag and the segments of its overrides."""
    return Names(
        feature_id=feature.pk,
        feature=feature.name,
        environment_id=environment.pk,
        environment=environment.name,
        segments=dict(Segment.objects.filter(pk__in=list(segment_ids)).values_list("pk", "name")),
    )


def _write(version: FlagVersion, before: Sheet, after: Sheet, *, versioned: bool, actor: Actor) -> FlagVersion:
    if not versioned:
        write_versioned(version, before, after)
        return version
    fresh = supersede(version, actor=actor)
    insert_sheet(fresh, after)
    return fresh


def tell(event: EventType, environment: Environment, changes: Sequence[Change], actor: Actor) -> None:
    """One event about flags of `environment`."""
    scope = Scope(
        organisation_id=environment.project.organisation_id,
        project_id=environment.project_id,
        environment_id=environment.pk,
    )
    publish_event(event, scope=scope, changes=changes, actor=actor)


def _facts(feature: Feature, edits: Iterable[Edit]) -> Facts:
    initial = None if feature.project.prevent_flag_defaults else typed_value(feature.initial_value)
    options: Iterable[int] = ()
    if any(isinstance(edit, Set) and edit.weights for edit in edits):
        options = MultivariateOption.objects.filter(feature=feature).values_list("pk", flat=True)
    return Facts(initial_value=initial, option_ids=frozenset(options), value_limit=settings.CONTROL.feature_value_limit)


def _identity_ids(edits: Iterable[Edit]) -> set[int]:
    targets: Iterable[Any] = (edit.target for edit in edits if isinstance(edit, Set | Remove))
    return {target.identity_id for target in targets if isinstance(target, ForIdentity)}


def _check_segments(feature: Feature, edits: Iterable[Edit], unmade: Collection[int]) -> None:
    named = {edit.segment_id for edit in edits if isinstance(edit, AddSegment)}
    named |= {edit.target.segment_id for edit in edits if isinstance(edit, Set) and isinstance(edit.target, ForSegment)}
    named -= set(unmade)
    if not named:
        return
    living = Segment.objects.living().filter(project_id=feature.project_id, pk__in=named)
    owners = dict(living.values_list("pk", "feature_id"))
    for segment_id in sorted(named):
        if segment_id not in owners:
            raise SegmentNotFound(id=segment_id)
        if owners[segment_id] not in {None, feature.pk}:
            raise SegmentOfAnotherFeature
