"""Editing a flag: in place without versions, as a new version with them."""

import pytest

from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting import errors
from burgee.control.targeting.edits import AddSegment, Everyone, ForIdentity, ForSegment, Remove, Reorder, Set
from burgee.control.targeting.models import FeatureSegment, FeatureState, Flag, FlagVersion, VariantWeight
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def environment():
    return an_environment()


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, initial_value="12")


@pytest.fixture
def versioned():
    return an_environment(use_v2_feature_versioning=True)


def order(environment, feature):
    rows = FeatureSegment.objects.filter(environment=environment, feature=feature, version__status="live")
    return {row.segment_id: row.priority for row in rows}


def override(environment, feature, segment, *, priority=None, **values):
    return apply(environment, feature, [Set(target=ForSegment(segment.pk, priority), **values)], actor=SYSTEM)


def test_the_default_state_starts_from_the_initial_value(environment, feature):
    state = FeatureState.objects.get(feature=feature)
    assert (state.enabled, state.value, state.bucketing_seed) == (False, 12, state.pk)


@pytest.mark.database
def test_an_edit_in_place_keeps_the_row_and_the_seed(environment, feature):
    before = FeatureState.objects.get(feature=feature)
    applied = apply(environment, feature, [Set(target=Everyone(), enabled=True, value="on")], actor=SYSTEM)
    after = applied.state(Everyone())
    assert (after.pk, after.bucketing_seed, after.enabled, after.value) == (before.pk, before.pk, True, "on")
    assert FlagVersion.objects.filter(feature=feature).count() == 1


def test_an_edit_tells_before_and_after_in_one_event(environment, feature):
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    (event,) = Event.objects.all()
    (change,) = changes_of(event)
    assert (event.type, event.environment_id, change.action) == ("flag.changed", environment.pk, "updated")
    assert change.before["enabled"] is False
    assert change.after == {
        "feature": {"id": feature.pk, "name": feature.name},
        "environment": {"id": environment.pk, "name": environment.name},
        "enabled": True,
        "value": 12,
        "weights": [],
    }


@pytest.mark.database
def test_an_edit_that_says_nothing_new_writes_nothing(environment, feature):
    applied = apply(environment, feature, [Set(target=Everyone(), enabled=False, value=12)], actor=SYSTEM)
    assert applied.changes == ()
    assert not Event.objects.exists()
    assert Flag.objects.get(feature=feature).change_number == 0


@pytest.mark.database
def test_one_and_true_are_different_values(environment, feature):
    apply(environment, feature, [Set(target=Everyone(), value=1)], actor=SYSTEM)
    applied = apply(environment, feature, [Set(target=Everyone(), value=True)], actor=SYSTEM)
    assert len(applied.changes) == 1
    assert applied.state(Everyone()).value is True


def test_each_edit_counts(environment, feature):
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    apply(environment, feature, [Set(target=Everyone(), enabled=False)], actor=SYSTEM)
    flag = Flag.objects.get(feature=feature)
    assert (flag.change_number, flag.changed_at is None) == (2, False)


def test_a_new_override_stands_last_with_the_initial_value(environment, feature):
    first, second = a_segment(environment.project), a_segment(environment.project)
    override(environment, feature, first, enabled=True)
    state = override(environment, feature, second).state(ForSegment(second.pk))
    assert order(environment, feature) == {first.pk: 0, second.pk: 1}
    assert (state.enabled, state.value, state.bucketing_seed) == (False, 12, state.pk)


def test_a_given_priority_pushes_the_others_down(environment, feature):
    first, second, third = (a_segment(environment.project) for _ in range(3))
    override(environment, feature, first)
    override(environment, feature, second)
    override(environment, feature, third, priority=0)
    assert order(environment, feature) == {third.pk: 0, first.pk: 1, second.pk: 2}


def test_a_priority_beyond_the_last_is_kept_as_given(environment, feature):
    segment = a_segment(environment.project)
    override(environment, feature, segment, priority=2)
    assert order(environment, feature) == {segment.pk: 2}


def test_removing_an_override_closes_the_gap(environment, feature):
    first, second, third = (a_segment(environment.project) for _ in range(3))
    for segment in (first, second, third):
        override(environment, feature, segment)
    apply(environment, feature, [Remove(target=ForSegment(second.pk))], actor=SYSTEM)
    assert order(environment, feature) == {first.pk: 0, third.pk: 1}
    assert FeatureState.objects.of_segments().count() == 2


@pytest.mark.database
def test_reordering_moves_by_insertion(environment, feature):
    segments = [a_segment(environment.project) for _ in range(3)]
    for segment in segments:
        override(environment, feature, segment)
    rows = {row.segment_id: row.pk for row in FeatureSegment.objects.all()}
    first, second, third = (segment.pk for segment in segments)
    apply(environment, feature, [Reorder(priorities={rows[first]: 1, rows[second]: 2, rows[third]: 0})], actor=SYSTEM)
    assert order(environment, feature) == {third: 0, first: 1, second: 2}


def test_reordering_a_place_of_another_flag_is_refused(environment, feature):
    with pytest.raises(errors.FeatureSegmentNotFound):
        apply(environment, feature, [Reorder(priorities={999_999: 0})], actor=SYSTEM)


def test_a_segment_may_have_a_place_before_it_has_a_state(environment, feature):
    segment = a_segment(environment.project)
    applied = apply(environment, feature, [AddSegment(segment_id=segment.pk)], actor=SYSTEM)
    place = applied.feature_segment(segment.pk)
    state = override(environment, feature, segment, enabled=True).state(ForSegment(segment.pk))
    assert state.feature_segment_id == place.pk


def test_a_segment_of_another_project_is_unknown(environment, feature):
    with pytest.raises(errors.SegmentNotFound):
        override(environment, feature, a_segment(a_project()))


def test_a_segment_made_for_another_feature_is_refused(environment, feature):
    other = a_feature(environment.project)
    with pytest.raises(errors.SegmentOfAnotherFeature):
        override(environment, feature, a_segment(environment.project, feature=other))


def test_an_identity_override_is_made_changed_and_removed(environment, feature):
    target = ForIdentity(77)
    made = apply(environment, feature, [Set(target=target, enabled=True, value="x")], actor=SYSTEM).state(target)
    changed = apply(environment, feature, [Set(target=target, value="y")], actor=SYSTEM).state(target)
    assert (changed.pk, changed.version_id, changed.enabled, changed.value) == (made.pk, None, True, "y")
    apply(environment, feature, [Remove(target=target)], actor=SYSTEM)
    assert not FeatureState.objects.of_identities().exists()


def test_a_target_that_must_be_new_is_refused_when_it_is_not(environment, feature):
    edit = Set(target=ForIdentity(7), enabled=True, must_be_new=True)
    apply(environment, feature, [edit], actor=SYSTEM)
    with pytest.raises(errors.StateExists):
        apply(environment, feature, [edit], actor=SYSTEM)


def test_taking_away_and_giving_again_keeps_row_and_seed(environment, feature):
    target = ForIdentity(7)
    before = apply(environment, feature, [Set(target=target, enabled=True)], actor=SYSTEM).state(target)
    edits = [Remove(target=target), Set(target=target, value="new")]
    after = apply(environment, feature, edits, actor=SYSTEM).state(target)
    assert (after.pk, after.bucketing_seed) == (before.pk, before.bucketing_seed)


def test_weights_may_not_exceed_a_hundred(environment):
    feature = a_feature(environment.project, variants={"a": 60, "b": 40})
    option = feature.options.order_by("id")[0]
    with pytest.raises(errors.InvalidAllocation):
        apply(environment, feature, [Set(target=Everyone(), weights={option.pk: 61})], actor=SYSTEM)
    with pytest.raises(errors.InvalidAllocation):
        apply(environment, feature, [Set(target=Everyone(), weights={option.pk: -1})], actor=SYSTEM)
    with pytest.raises(errors.InvalidAllocation):
        apply(environment, feature, [Set(target=Everyone(), weights={option.pk: float("nan")})], actor=SYSTEM)


def test_weights_of_another_feature_are_refused(environment, feature):
    foreign = a_feature(environment.project, variants={"a": 60}).options.get()
    with pytest.raises(errors.OptionNotFound):
        apply(environment, feature, [Set(target=Everyone(), weights={foreign.pk: 1})], actor=SYSTEM)


def test_values_have_limits(environment, feature, settings):
    with pytest.raises(errors.ValueTooLong):
        apply(environment, feature, [Set(target=Everyone(), value="x" * 20_001)], actor=SYSTEM)
    with pytest.raises(errors.ValueOutOfRange):
        apply(environment, feature, [Set(target=Everyone(), value=2**31)], actor=SYSTEM)
    with pytest.raises(errors.ValueNotText):
        apply(environment, feature, [Set(target=Everyone(), value="\ud800")], actor=SYSTEM)


@pytest.mark.database
def test_a_refused_edit_changes_nothing(environment, feature):
    edits = [Set(target=Everyone(), enabled=True), Set(target=Everyone(), value=2**31)]
    with pytest.raises(errors.ValueOutOfRange):
        apply(environment, feature, edits, actor=SYSTEM)
    assert FeatureState.objects.get(feature=feature).enabled is False


@pytest.mark.database
def test_an_edit_with_versions_publishes_a_copy_with_the_same_seeds(versioned):
    feature = a_feature(versioned.project, variants={"a": 60, "b": 40})
    segment = a_segment(versioned.project)
    override(versioned, feature, segment, enabled=True)
    states = {row.feature_segment_id is None: row for row in FeatureState.objects.live()}
    positions = list(
        VariantWeight.objects.filter(state=states[True]).order_by("option").values_list("option", "position")
    )
    applied = apply(versioned, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    default, overridden = applied.state(Everyone()), applied.state(ForSegment(segment.pk))
    assert (applied.version.number, applied.version.status) == (3, "live")
    assert default.pk != states[True].pk
    assert (default.bucketing_seed, overridden.bucketing_seed) == (
        states[True].bucketing_seed,
        states[False].bucketing_seed,
    )
    assert list(default.weights.order_by("option").values_list("option", "position")) == positions
    assert [change.action for change in applied.changes] == ["updated"]
    assert FlagVersion.objects.filter(status="superseded").count() == 2


def test_an_identity_override_makes_no_version(versioned):
    feature = a_feature(versioned.project)
    applied = apply(versioned, feature, [Set(target=ForIdentity(3), enabled=True)], actor=SYSTEM)
    assert (applied.version.number, FlagVersion.objects.count()) == (1, 1)


@pytest.mark.database
def test_a_deleted_feature_cannot_be_edited(environment, feature):
    feature.deleted_at = feature.created_date
    feature.save()
    with pytest.raises(errors.FlagNotFound):
        apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
