"""Cloning in the background: nobody is served half of it, and whoever goes on goes on where the last one died."""

import pytest

from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.features.rows import NewFeature
from burgee.control.jobs.models import Job
from burgee.control.jobs.services import Kind, run_due
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.publishing.parts import build_all
from burgee.control.publishing.queries import snapshot
from burgee.control.targeting import background_clones
from burgee.control.targeting.background_clones import CLONE, run_clone
from burgee.control.targeting.edits import Everyone, ForSegment, Set
from burgee.control.targeting.errors import EnvironmentUnfinished
from burgee.control.targeting.models import FeatureState, Flag, VariantWeight
from burgee.control.targeting.openings import (
    clone_environment,
    create_feature,
    delete_environment,
    delete_feature,
)
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db

KIND = Kind(name=CLONE, run=run_clone)


@pytest.fixture(autouse=True)
def _few_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(background_clones, "BATCH", 2)


@pytest.fixture
def source() -> Environment:
    """Seven flags, of which one is split and one has a segment override."""
    environment = an_environment()
    segment = a_segment(environment.project)
    for number in range(6):
        feature = a_feature(environment.project)
        apply(environment, feature, [Set(target=Everyone(), value=number)], actor=SYSTEM)
    apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    a_feature(environment.project, variants={"a": 30, "b": 40})
    return environment


def work(committing) -> None:
    with committing():
        run_due([KIND], owner="test")


def states(environment):
    rows = FeatureState.objects.filter(environment=environment).order_by("feature_id", "feature_segment_id")
    return [
        (
            row.feature_id,
            row.feature_segment and row.feature_segment.segment_id,
            row.enabled,
            row.value,
            row.bucketing_seed,
            list(VariantWeight.objects.filter(state=row).values_list("option", "percentage_allocation", "position")),
        )
        for row in rows.select_related("feature_segment")
    ]


def test_a_clone_is_empty_and_marked_until_a_worker_has_copied_the_flags(source, committing):
    with committing():
        clone = clone_environment(source, "Clone", later=True, actor=SYSTEM)
    assert (clone.is_creating, Flag.objects.filter(environment=clone).count()) == (True, 0)

    work(committing)

    clone.refresh_from_db()
    assert clone.is_creating is False
    assert states(clone) == states(source)
    assert Job.objects.get().progress == 100


def test_a_clone_in_the_background_is_the_same_as_one_at_once(source, committing):
    at_once = clone_environment(source, "At once", actor=SYSTEM)
    later = clone_environment(source, "Later", later=True, actor=SYSTEM)

    work(committing)

    assert states(later) == states(at_once)


@pytest.mark.database
@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_a_worker_that_dies_in_the_middle_leaves_nothing_to_serve_and_the_next_one_goes_on(
    source, committing, monkeypatch, batches
):
    with committing():
        clone = clone_environment(source, "Clone", later=True, actor=SYSTEM)
    whole, done = background_clones.copy_flags, []

    def dying(*args) -> None:
        if len(done) == batches:
            raise SystemExit
        done.append(1)
        whole(*args)

    monkeypatch.setattr(background_clones, "copy_flags", dying)
    with pytest.raises(SystemExit), committing():
        run_due([KIND], owner="dying")
    monkeypatch.setattr(background_clones, "copy_flags", whole)
    with committing():
        create_feature(source.project, NewFeature(name="meanwhile"), actor=SYSTEM)

    assert Flag.objects.filter(environment=clone).count() == 2 * batches + 1
    assert snapshot(clone.pk) is None
    assert build_all(clone.pk) == {}
    assert run_due([KIND], owner="too early") == 0

    Job.objects.update(lease_until=clock.now())
    work(committing)

    clone.refresh_from_db()
    assert clone.is_creating is False
    published = snapshot(clone.pk)
    assert published is not None
    assert published.parts == build_all(clone.pk)
    assert Flag.objects.filter(environment=clone).count() == 8


def test_progress_grows_with_the_flags(source, monkeypatch):
    clone_environment(source, "Clone", later=True, actor=SYSTEM)
    told = []
    monkeypatch.setattr(background_clones, "report", lambda _, progress: told.append(progress))

    run_due([KIND], owner="test")

    assert told == [28, 57, 85, 100]


def test_the_clone_is_told_when_it_is_asked_for_and_when_it_is_ready(source, committing):
    Event.objects.all().delete()
    with committing():
        clone_environment(source, "Clone", later=True, actor=SYSTEM)
    work(committing)

    assert list(Event.objects.order_by("id").values_list("type", flat=True)) == [
        "environment.cloned",
        "environment.changed",
    ]


def test_a_clone_that_is_deleted_before_it_is_ready_ends_the_work(source, committing):
    clone = clone_environment(source, "Clone", later=True, actor=SYSTEM)
    delete_environment(clone, actor=SYSTEM)

    work(committing)

    assert (Job.objects.get().status, Flag.objects.filter(environment=clone).count()) == ("done", 0)


@pytest.mark.database
def test_features_that_are_deleted_meanwhile_are_not_copied(source, committing):
    clone = clone_environment(source, "Clone", later=True, actor=SYSTEM)
    delete_feature(Flag.objects.filter(environment=source).earliest("id").feature, actor=SYSTEM)

    work(committing)

    clone.refresh_from_db()
    assert (clone.is_creating, Flag.objects.filter(environment=clone).count()) == (False, 6)


@pytest.mark.database
def test_a_source_that_is_deleted_meanwhile_is_copied_all_the_same(source, committing):
    clone = clone_environment(source, "Clone", later=True, actor=SYSTEM)
    delete_environment(source, actor=SYSTEM)

    work(committing)

    assert states(clone) == states(source)


def test_an_unfinished_clone_is_not_cloned(source):
    clone = clone_environment(source, "Clone", later=True, actor=SYSTEM)

    with pytest.raises(EnvironmentUnfinished):
        clone_environment(clone, "Clone of the clone", actor=SYSTEM)
