"""Versions of a flag: adopting them, drafts, publishing, schedules; nobody changes variant on the way."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from burgee import engine
from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.publishing.parts import build_all, build_many
from burgee.control.publishing.queries import snapshot
from burgee.control.publishing.services import publish_environment
from burgee.control.targeting.adoption import disable_versions, enable_versions
from burgee.control.targeting.drafts import NewVersion, create_version, discard, edit_draft, release
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Remove, Set
from burgee.control.targeting.errors import (
    StaleEdit,
    VersionLive,
    VersionNotPublishable,
    VersionPublished,
    VersionsInUse,
    VersionsNotInUse,
)
from burgee.control.targeting.models import FeatureSegment, FeatureState, Flag, FlagVersion, VariantWeight
from burgee.control.targeting.queries import previous_version
from burgee.control.targeting.services import apply, publish, publish_due
from burgee.wire.snapshot import FlagPart, State, flag_part
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db

EXAMPLES = 8 if connection.vendor == "sqlite" else 3
PEOPLE = [engine.Identity(f"person-{n}", f"env_person-{n}", {}) for n in range(500)]
STEPS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), min_size=6, max_size=10)


@pytest.fixture
def environment():
    return an_environment(use_v2_feature_versioning=True)


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, variants={"a": 30, "b": 30}, initial_value="control")


def live(environment, feature):
    return FlagVersion.objects.get(environment=environment, feature=feature, status="live")


def draft(environment, feature, *edits, **facts):
    return create_version(environment, feature, NewVersion(edits=edits, **facts), actor=SYSTEM)


def last_event():
    event = Event.objects.order_by("-id").first()
    return event.type, changes_of(event)


def tomorrow():
    return clock.now() + timedelta(days=1)


def as_engine(name: str, state: State) -> engine.FlagUnit:
    variants = tuple(engine.Variant(value=v.value, weight=v.weight, priority=v.position) for v in state.variants)
    flag = engine.Flag(
        name=name,
        state=engine.State(enabled=True, value="control", key=str(state.seed), variants=variants),
        overrides=(),
    )
    return engine.compile_flag(flag, lambda outcome: outcome.value)


def variants_of_everybody(environment, feature):
    """What the published default and each published override would give to everybody."""
    part = build_many(environment.pk, [flag_part(feature.pk)])[flag_part(feature.pk)]
    assert isinstance(part, FlagPart)
    overrides = sorted(part.overrides, key=lambda override: override.segment_id)
    states = [part.state, *(override.state for override in overrides)]
    units = [as_engine(str(number), state) for number, state in enumerate(states)]
    ruleset = engine.Ruleset(engine.Environment("key", "name"), (), units)
    return [list(ruleset.evaluate(person, {})) for person in PEOPLE]


class Life:
    """What people do with a flag and that must leave everybody in their variant."""

    def __init__(self) -> None:
        self.environment = an_environment(a_project())
        self.feature = a_feature(self.environment.project, variants={"a": 30, "b": 30}, initial_value="control")
        self.segments = [a_segment(self.environment.project) for _ in range(2)]
        weights = {option.pk: 45.0 for option in self.feature.options.all()}
        edits = [Set(target=ForSegment(segment.pk), enabled=True, weights=weights) for segment in self.segments]
        apply(self.environment, self.feature, edits, actor=SYSTEM)
        self.steps = (self.draft, self.edit, self.publish, self.at_once, self.directly, self.schedule, self.switch)

    def change(self, n):
        target = (Everyone(), *(ForSegment(segment.pk, (None, 0, 1)[n % 3]) for segment in self.segments))[n % 3]
        return Set(target=target, enabled=n % 2 == 0, value=f"value {n}")

    def a_draft(self, n):
        found = list(FlagVersion.objects.filter(feature=self.feature, status="draft").order_by("pk"))
        return found[n % len(found)] if found else draft(self.environment, self.feature)

    def draft(self, n):
        draft(self.environment, self.feature, self.change(n))

    def edit(self, n):
        edit_draft(self.a_draft(n), [self.change(n)], actor=SYSTEM)

    def publish(self, n):
        release(self.a_draft(n), None, actor=SYSTEM)

    def at_once(self, n):
        draft(self.environment, self.feature, self.change(n), publish=True)

    def directly(self, n):
        apply(self.environment, self.feature, [self.change(n)], actor=SYSTEM)

    def schedule(self, n):
        version = release(self.a_draft(n), tomorrow(), actor=SYSTEM)
        FlagVersion.objects.filter(pk=version.pk).update(live_from=clock.now())
        publish_due(actor=SYSTEM)

    def switch(self, n):
        environment = Environment.objects.get(pk=self.environment.pk)
        turn = disable_versions if environment.use_v2_feature_versioning else enable_versions
        self.environment = turn(environment, actor=SYSTEM)


@pytest.mark.database
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS)
def test_nobody_changes_variant_through_enabling_editing_publishing_and_disabling(steps):
    with transaction.atomic():
        life = Life()
        before = variants_of_everybody(life.environment, life.feature)
        assert {len(set(column)) for column in zip(*before, strict=True)} == {3}
        life.switch(0)
        assert variants_of_everybody(life.environment, life.feature) == before
        for which, n in [*steps, (2, 0), (6, 0), (4, 1)]:
            life.steps[which](n)
            assert variants_of_everybody(life.environment, life.feature) == before
        transaction.set_rollback(True)


@pytest.mark.database
def test_enabling_adopts_the_live_version_as_it_is():
    environment = an_environment()
    feature = a_feature(environment.project)
    apply(environment, feature, [Set(target=Everyone(), value="x")], actor=SYSTEM)
    before = list(FeatureState.objects.order_by("pk").values())

    enable_versions(environment, actor=SYSTEM)

    assert list(FeatureState.objects.order_by("pk").values()) == before
    assert FlagVersion.objects.count() == 1
    kind, (change,) = last_event()
    assert (kind, change.before, change.after) == (
        "environment.changed",
        {"use_v2_feature_versioning": False},
        {"use_v2_feature_versioning": True},
    )
    with pytest.raises(VersionsInUse):
        enable_versions(environment, actor=SYSTEM)


@pytest.mark.database
def test_disabling_keeps_what_is_live_and_turns_schedules_into_drafts(environment, feature):
    draft(environment, feature, Set(target=Everyone(), value="live"), publish=True)
    scheduled = draft(environment, feature, Set(target=Everyone(), value="later"), live_from=tomorrow(), publish=True)

    disable_versions(environment, actor=SYSTEM)

    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.published_at, scheduled.live_from is None) == ("draft", None, False)
    assert FeatureState.objects.live().get().value == "live"
    told = [
        change for event in Event.objects.order_by("pk") for change in changes_of(event) if change.id == scheduled.pk
    ]
    assert [change.after["status"] for change in told if change.object == "flag_version"][-1] == "draft"
    with pytest.raises(VersionsNotInUse):
        disable_versions(environment, actor=SYSTEM)


@pytest.mark.database
def test_a_draft_has_new_rows_with_the_seeds_and_positions_of_the_live_ones(environment, feature):
    segment = a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    old = live(environment, feature)

    made = draft(environment, feature, description="why")

    def rows(version):
        states = FeatureState.objects.filter(version=version).order_by("pk")
        return [
            (
                (state.enabled, state.value, state.bucketing_seed),
                list(VariantWeight.objects.filter(state=state).order_by("position").values_list("option", "position")),
            )
            for state in states
        ]

    assert (made.status, made.description, made.number) == ("draft", "why", old.number + 1)
    assert rows(made) == rows(old)
    assert not set(made.states.values_list("pk", flat=True)) & set(old.states.values_list("pk", flat=True))
    assert live(environment, feature) == old


@pytest.mark.database
def test_a_draft_is_edited_without_anybody_getting_it(environment, feature):
    served = build_many(environment.pk, [flag_part(feature.pk)])
    number = Flag.objects.get().change_number
    made = draft(environment, feature)

    edit_draft(made, [Set(target=Everyone(), enabled=True, value="soon")], actor=SYSTEM)

    assert build_many(environment.pk, [flag_part(feature.pk)]) == served
    assert Flag.objects.get().change_number == number
    kind, (change,) = last_event()
    assert (kind, change.object, change.action) == ("flag_version.changed", "flag_version", "updated")
    assert [state["value"] for state in (*change.before["states"], *change.after["states"])] == ["control", "soon"]


def test_an_edit_of_a_draft_that_says_nothing_new_tells_nothing(environment, feature):
    made = draft(environment, feature)
    count = Event.objects.count()
    edit_draft(made, [Set(target=Everyone(), enabled=False)], actor=SYSTEM)
    assert Event.objects.count() == count


def test_publishing_tells_each_state_that_changed_and_the_version_with_all_its_states(environment, feature):
    segment = a_segment(environment.project)
    edits = (Set(target=Everyone(), enabled=True), Set(target=ForSegment(segment.pk), value=5))
    made = draft(environment, feature, *edits)

    publish(made, actor=SYSTEM)

    kind, changes = last_event()
    assert kind == "flag_version.published"
    assert [(change.object, change.action) for change in changes] == [
        ("feature_state", "updated"),
        ("feature_segment", "created"),
        ("feature_state", "created"),
        ("flag_version", "published"),
    ]
    assert changes[0].before["enabled"] is False
    told = changes[-1]
    assert (told.uuid, told.after["status"], told.after["number"]) == (str(made.uuid), "live", 2)
    assert [state["value"] for state in told.after["states"]] == ["control", 5]
    assert told.after["states"][1]["segment"] == {"id": segment.pk, "name": segment.name}


def test_an_edit_with_versions_tells_of_the_version_that_it_published(environment, feature):
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    kind, changes = last_event()
    assert (kind, [change.action for change in changes]) == ("flag.changed", ["updated", "published"])
    assert changes[-1].id == live(environment, feature).pk


def test_an_override_of_an_identity_publishes_no_version(environment, feature):
    applied = apply(environment, feature, [Set(target=ForIdentity(7), enabled=True)], actor=SYSTEM)
    assert [change.action for change in applied.changes] == ["created"]
    assert (last_event()[1], FlagVersion.objects.count()) == (list(applied.changes), 1)


def test_a_version_equal_to_the_live_one_is_published_to_snapshots_too(environment, feature, committing):
    publish_environment(environment.pk, None)
    with committing():
        publish(draft(environment, feature), actor=SYSTEM)
    assert snapshot(environment.pk).parts == build_all(environment.pk)


def test_a_time_to_come_schedules_and_the_worker_publishes(environment, feature):
    made = draft(environment, feature, Set(target=Everyone(), value="later"))
    moment = tomorrow()

    released = release(made, moment, actor=SYSTEM)
    assert (released.status, released.live_from, released.published_at is None) == ("scheduled", moment, False)
    assert last_event()[0] == "flag_version.scheduled"
    assert publish_due(actor=SYSTEM) == 0

    due = clock.now()
    FlagVersion.objects.filter(pk=made.pk).update(live_from=due)
    assert publish_due(actor=SYSTEM) == 1
    assert (live(environment, feature).pk, live(environment, feature).live_from) == (made.pk, due)


@pytest.mark.database
def test_a_schedule_is_moved_and_a_time_that_has_passed_means_now(environment, feature):
    made = draft(environment, feature, live_from=tomorrow(), publish=True)
    later = tomorrow() + timedelta(days=1)
    assert release(made, later, actor=SYSTEM).live_from == later

    before = clock.now()
    released = release(made, before - timedelta(days=9), actor=SYSTEM)
    assert (released.status, released.live_from >= before) == ("live", True)


@pytest.mark.database
@pytest.mark.parametrize("gone", ["feature", "environment"])
def test_nothing_is_published_for_what_is_deleted(environment, feature, gone):
    made = draft(environment, feature, live_from=tomorrow(), publish=True)
    FlagVersion.objects.filter(pk=made.pk).update(live_from=clock.now())
    row = {"feature": feature, "environment": environment}[gone]
    type(row).objects.filter(pk=row.pk).update(deleted_at=clock.now())
    assert publish_due(actor=SYSTEM) == 0


def test_what_was_ever_published_is_neither_edited_nor_discarded(environment, feature):
    old = live(environment, feature)
    scheduled = draft(environment, feature, live_from=tomorrow(), publish=True)
    new = draft(environment, feature, publish=True)
    for version in (old, new, scheduled):
        with pytest.raises(VersionPublished):
            edit_draft(version, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    for version in (old, new):
        with pytest.raises(VersionLive):
            discard(version, actor=SYSTEM)
    with pytest.raises(VersionNotPublishable):
        release(old, None, actor=SYSTEM)
    assert release(new, None, actor=SYSTEM) == new


@pytest.mark.database
def test_a_draft_or_a_schedule_is_discarded_with_its_rows(environment, feature):
    segment = a_segment(environment.project)
    for facts in ({}, {"live_from": tomorrow(), "publish": True}):
        made = draft(environment, feature, Set(target=ForSegment(segment.pk)), **facts)
        discard(made, actor=SYSTEM)
        assert not FlagVersion.objects.filter(pk=made.pk).exists()
        assert not FeatureSegment.objects.exists()
        assert last_event()[0] == "flag_version.deleted"


@pytest.mark.database
def test_the_previous_version_is_what_was_served_before(environment, feature):
    first = live(environment, feature)
    second = draft(environment, feature, publish=True)
    third = draft(environment, feature)
    assert [previous_version(version) for version in (first, second, third)] == [None, first, second]


@pytest.mark.database
def test_an_override_removed_from_a_draft_stays_live(environment, feature):
    segment = a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(segment.pk), value="kept")], actor=SYSTEM)
    made = draft(environment, feature)
    edit_draft(made, [Remove(target=ForSegment(segment.pk))], actor=SYSTEM)
    assert [state.value for state in FeatureState.objects.live().of_segments()] == ["kept"]


def test_an_edit_for_another_change_number_is_refused(environment, feature):
    with pytest.raises(StaleEdit) as refused:
        apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM, expected={3, 4})
    assert refused.value.facts == {"seen": 4, "current": 0}
    assert not Event.objects.exists()
    assert apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM, expected={0}).changes
