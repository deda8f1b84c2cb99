import pytest
from msgspec import structs

from burgee import engine
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.kit.actor import SYSTEM
from burgee.control.segments.errors import ManagedSegment, TooManyConditions, TooManySegments, UnknownFeature
from burgee.control.segments.membership import segments_of
from burgee.control.segments.rules import ConditionDraft, RuleDraft
from burgee.control.segments.services import (
    NewSegment,
    SegmentChanges,
    change_segment,
    clone_segment,
    create_segment,
    whitelist_segment,
)
from burgee.control.targeting.edits import ForSegment, Set
from burgee.control.targeting.models import FeatureSegment, FeatureState
from burgee.control.targeting.openings import delete_segment
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db

PRO = (RuleDraft(type="ALL", conditions=(ConditionDraft(operator="EQUAL", property="plan", value="pro"),)),)
FREE = (RuleDraft(type="ALL", conditions=(ConditionDraft(operator="EQUAL", property="plan", value="free"),)),)


@pytest.mark.database
def test_every_change_keeps_the_former_definition():
    segment = create_segment(a_project(), NewSegment(name="s", rules=PRO), actor=SYSTEM)

    changed = change_segment(segment, SegmentChanges(name="t"), actor=SYSTEM)
    changed = change_segment(changed, SegmentChanges(rules=FREE), actor=SYSTEM)

    assert changed.version == 3
    assert changed.rules[0]["conditions"][0]["value"] == "free"
    kept = [
        (row.version, row.name, row.rules[0]["conditions"][0]["value"]) for row in segment.revisions.order_by("version")
    ]
    assert kept == [(1, "s", "pro"), (2, "t", "pro")]


@pytest.mark.database
def test_nothing_changed_keeps_and_tells_nothing():
    segment = create_segment(a_project(), NewSegment(name="s", rules=PRO), actor=SYSTEM)
    (rule,) = segment.rules
    same = structs.replace(
        PRO[0],
        id=rule["id"],
        conditions=(structs.replace(PRO[0].conditions[0], id=rule["conditions"][0]["id"]),),
    )

    change_segment(segment, SegmentChanges(name="s", rules=(same,)), actor=SYSTEM)

    assert not segment.revisions.exists()
    assert Event.objects.count() == 1


def test_a_change_tells_before_and_after():
    segment = create_segment(a_project(), NewSegment(name="s", rules=PRO), actor=SYSTEM)

    change_segment(segment, SegmentChanges(name="t"), actor=SYSTEM)

    (change,) = changes_of(Event.objects.latest("pk"))
    assert change.segment_id == segment.pk
    assert change.before["segment"]["name"] == "s"
    assert change.after["segment"]["name"] == "t"


def test_a_clone_has_the_rules_but_splits_anew():
    source = a_segment(a_project(), split_key=12)

    clone = clone_segment(source, name="copy", actor=SYSTEM)

    assert (clone.rules, clone.name, clone.split_key) == (source.rules, "copy", None)


def test_a_project_holds_as_many_segments_as_it_allows():
    project = a_project(max_segments_allowed=1)
    source = create_segment(project, NewSegment(name="s", rules=PRO), actor=SYSTEM)

    with pytest.raises(TooManySegments):
        create_segment(project, NewSegment(name="t", rules=PRO), actor=SYSTEM)
    with pytest.raises(TooManySegments):
        clone_segment(source, name="u", actor=SYSTEM)


@pytest.mark.database
def test_a_segment_belongs_to_a_feature_of_its_own_project():
    project = a_project()
    feature, foreign = a_feature(project), a_feature()

    own = create_segment(project, NewSegment(name="s", rules=PRO, feature_id=feature.pk), actor=SYSTEM)

    assert own.feature_id == feature.pk
    with pytest.raises(UnknownFeature):
        create_segment(project, NewSegment(name="t", rules=PRO, feature_id=foreign.pk), actor=SYSTEM)


def test_a_managed_segment_is_not_changed_by_hand():
    segment = a_segment(managed_by="rollout")

    with pytest.raises(ManagedSegment):
        change_segment(segment, SegmentChanges(name="x"), actor=SYSTEM)
    with pytest.raises(ManagedSegment):
        delete_segment(segment, actor=SYSTEM)


def test_deleting_a_segment_takes_its_overrides_everywhere_in_one_event():
    project = a_project()
    feature = a_feature(project)
    environments = [an_environment(project), an_environment(project)]
    gone, stays = a_segment(project), a_segment(project)
    for environment in environments:
        for segment in (gone, stays):
            apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    Event.objects.all().delete()

    delete_segment(gone, actor=SYSTEM)

    (event,) = Event.objects.all()
    states = [change for change in changes_of(event) if change.object == "feature_state"]
    assert {change.environment_id for change in states} == {environment.pk for environment in environments}
    assert set(FeatureSegment.objects.values_list("segment_id", "priority")) == {(stays.pk, 0)}
    assert FeatureState.objects.of_segments().count() == 2


def test_membership_is_the_engines_and_splits_by_the_split_key():
    project = a_project()
    pro = a_segment(project, ("EQUAL", "plan", "pro"))
    nobody = a_segment(project, rules=[])
    never = a_segment(project, ("REGEX", "plan", "("))
    split = a_segment(project, ("PERCENTAGE_SPLIT", None, "50"))
    everyone = a_segment(project, ("PERCENTAGE_SPLIT", None, "100"))
    person = engine.Identity("p", "key_p", {"plan": "pro"})
    environment = engine.Environment("key", "Production")

    found = segments_of(person, [pro, nobody, never, everyone], environment=environment)

    assert found == {pro.pk, everyone.pk}
    placed = {bool(segments_of(person, [_keyed(split, number)], environment=environment)) for number in range(1, 40)}
    assert placed == {True, False}


def _keyed(segment, number):
    segment.split_key = number
    return segment


def many(count):
    return (RuleDraft(type="ALL", conditions=PRO[0].conditions * count),)


@pytest.mark.database
def test_a_whitelisted_segment_may_have_any_number_of_conditions(settings):
    settings.CONTROL = structs.replace(settings.CONTROL, segment_conditions_limit=3)
    segment, other = a_segment(a_project()), a_segment(a_project())
    exempt = whitelist_segment(segment, is_whitelisted=True, actor=SYSTEM)

    changed = change_segment(exempt, SegmentChanges(rules=many(4)), actor=SYSTEM)

    assert len(changed.rules[0]["conditions"]) == 4
    with pytest.raises(TooManyConditions):
        change_segment(other, SegmentChanges(rules=many(4)), actor=SYSTEM)
    with pytest.raises(TooManyConditions):
        create_segment(segment.project, NewSegment(name="new", rules=many(4)), actor=SYSTEM)
    bound = whitelist_segment(changed, is_whitelisted=False, actor=SYSTEM)
    assert len(bound.rules[0]["conditions"]) == 4
    with pytest.raises(TooManyConditions):
        change_segment(bound, SegmentChanges(rules=many(5)), actor=SYSTEM)


def test_a_clone_is_not_exempt_with_its_source(settings):
    settings.CONTROL = structs.replace(settings.CONTROL, segment_conditions_limit=3)
    source = whitelist_segment(a_segment(a_project()), is_whitelisted=True, actor=SYSTEM)

    clone = clone_segment(source, name="clone", actor=SYSTEM)

    with pytest.raises(TooManyConditions):
        change_segment(clone, SegmentChanges(rules=many(4)), actor=SYSTEM)


def test_whitelisting_is_told_once():
    segment = a_segment(a_project())
    for _ in range(2):
        segment = whitelist_segment(segment, is_whitelisted=True, actor=SYSTEM)

    (change,) = changes_of(Event.objects.get())
    assert (change.before["is_whitelisted"], change.after["is_whitelisted"]) == (False, True)
