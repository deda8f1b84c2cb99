"""Features, environments, options and segments beginning and ending: what it does to flags."""

import pytest

from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.features.models import Feature, FeatureType
from burgee.control.features.rows import NewFeature, NewOption, OptionChanges
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting import errors, openings
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.models import FeatureSegment, FeatureState, Flag, VariantWeight
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def project():
    return a_project()


def shares(state):
    return list(state.weights.order_by("position").values_list("percentage_allocation", flat=True))


def test_a_feature_gets_a_default_state_in_every_environment(project):
    environments = [an_environment(project), an_environment(project)]
    new = NewFeature(
        name="f",
        initial_value="true",
        default_enabled=True,
        options=(NewOption(value="a", default_percentage_allocation=30),),
    )
    feature = openings.create_feature(project, new, actor=SYSTEM)
    states = FeatureState.objects.filter(feature=feature).order_by("environment")
    assert [(state.environment_id, state.enabled, state.value, shares(state)) for state in states] == [
        (environment.pk, True, True, [30]) for environment in environments
    ]
    (event,) = Event.objects.all()
    objects = [change.object for change in changes_of(event)]
    assert objects == ["feature", "option", "feature_state", "feature_state"]


def test_a_project_may_forbid_defaults(project):
    project.prevent_flag_defaults = True
    project.save()
    an_environment(project)
    feature = openings.create_feature(
        project, NewFeature(name="f", initial_value="x", default_enabled=True), actor=SYSTEM
    )
    state = FeatureState.objects.get(feature=feature)
    assert (state.enabled, state.value) == (False, None)


def test_an_environment_gets_the_default_state_of_every_feature(project):
    plain = a_feature(project, initial_value="5", default_enabled=True)
    split = a_feature(project, initial_value="c", variants={"a": 10, "b": 20})
    environment = openings.create_environment(project, "Production", actor=SYSTEM)
    states = {state.feature_id: state for state in FeatureState.objects.filter(environment=environment)}
    assert (states[plain.pk].enabled, states[plain.pk].value) == (True, 5)
    assert shares(states[split.pk]) == [10, 20]
    assert Flag.objects.filter(environment=environment).count() == 2


def test_opening_an_environment_costs_the_same_number_of_queries_for_any_number_of_features(
    project, django_assert_max_num_queries
):
    for _ in range(30):
        a_feature(project)
    with django_assert_max_num_queries(40):
        openings.create_environment(project, "Production", actor=SYSTEM)


def test_a_clone_keeps_seeds_positions_and_priorities(project):
    source = an_environment(project)
    feature = a_feature(project, variants={"a": 10, "b": 20})
    first, second = a_segment(project), a_segment(project)
    apply(
        source,
        feature,
        [Set(target=ForSegment(first.pk), enabled=True), Set(target=ForSegment(second.pk, 0), value="s")],
        actor=SYSTEM,
    )
    apply(source, feature, [Set(target=ForIdentity(1), enabled=True)], actor=SYSTEM)
    clone = openings.clone_environment(source, "Clone", actor=SYSTEM)

    def told(environment):
        rows = FeatureState.objects.filter(environment=environment, identity_id=None).select_related("feature_segment")
        return {
            (
                row.feature_segment and (row.feature_segment.segment_id, row.feature_segment.priority),
                row.enabled,
                row.value,
                row.bucketing_seed,
                tuple(row.weights.order_by("position").values_list("position", "percentage_allocation")),
            )
            for row in rows
        }

    assert told(clone) == told(source)
    assert not FeatureState.objects.filter(environment=clone).exclude(identity_id=None).exists()
    assert clone.api_key != source.api_key


def test_deleting_an_environment_frees_its_name(project):
    environment = an_environment(project, name="Production")
    openings.delete_environment(environment, actor=SYSTEM)
    openings.delete_environment(environment, actor=SYSTEM)
    again = openings.create_environment(project, "Production", actor=SYSTEM)
    assert list(Environment.objects.living()) == [again]
    told = Event.objects.order_by("pk").values_list("type", flat=True)
    assert list(told) == ["environment.deleted", "environment.created"]


def test_deleting_a_feature_takes_its_own_segments_along(project):
    feature = a_feature(project)
    own, shared = a_segment(project, feature=feature), a_segment(project)
    openings.delete_feature(feature, actor=SYSTEM)
    own.refresh_from_db()
    shared.refresh_from_db()
    assert (own.deleted_at is None, shared.deleted_at is None) == (False, True)
    assert not Feature.objects.living().exists()


def test_adding_an_option_gives_every_default_state_its_share(project):
    environment = an_environment(project)
    feature = a_feature(project)
    segment = a_segment(project)
    apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    openings.add_option(feature, NewOption(value="a", default_percentage_allocation=30), actor=SYSTEM)
    default = FeatureState.objects.defaults().get(feature=feature)
    override = FeatureState.objects.of_segments().get(feature=feature)
    assert (shares(default), shares(override)) == ([30], [])
    feature.refresh_from_db()
    assert feature.type == FeatureType.MULTIVARIATE


def test_an_option_that_would_overfill_the_defaults_or_a_state_is_refused(project):
    environment = an_environment(project)
    feature = a_feature(project, variants={"a": 60})
    with pytest.raises(errors.InvalidOptionAllocation):
        openings.add_option(feature, NewOption(value="b", default_percentage_allocation=41), actor=SYSTEM)
    option = feature.options.get()
    apply(environment, feature, [Set(target=Everyone(), weights={option.pk: 80})], actor=SYSTEM)
    with pytest.raises(errors.InvalidOptionAllocation):
        openings.add_option(feature, NewOption(value="b", default_percentage_allocation=30), actor=SYSTEM)
    assert feature.options.count() == 1


def test_changing_an_option_leaves_the_shares_in_states(project):
    an_environment(project)
    feature = a_feature(project, variants={"a": 60})
    changed = openings.change_option(
        feature.options.get(), OptionChanges(value="z", default_percentage_allocation=10), actor=SYSTEM
    )
    assert (changed.value, changed.default_percentage_allocation) == ("z", 10)
    assert shares(FeatureState.objects.get(feature=feature)) == [60]


def test_removing_the_last_option_makes_the_feature_standard(project):
    an_environment(project)
    feature = a_feature(project, variants={"a": 60, "b": 10})
    first, second = feature.options.order_by("id")
    openings.remove_option(first, actor=SYSTEM)
    feature.refresh_from_db()
    assert feature.type == FeatureType.MULTIVARIATE
    openings.remove_option(second, actor=SYSTEM)
    feature.refresh_from_db()
    assert feature.type == FeatureType.STANDARD
    assert not VariantWeight.objects.exists()


def test_deleting_a_segment_takes_its_overrides_along_and_closes_the_gaps(project):
    environment = an_environment(project)
    feature = a_feature(project)
    first, second = a_segment(project), a_segment(project)
    for segment in (first, second):
        apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    openings.delete_segment(first, actor=SYSTEM)
    assert list(FeatureSegment.objects.values_list("segment_id", "priority")) == [(second.pk, 0)]
    assert FeatureState.objects.of_segments().count() == 1
    changes = changes_of(Event.objects.order_by("id").last())
    assert [change.object for change in changes] == ["segment", "feature_segment", "feature_state"]
