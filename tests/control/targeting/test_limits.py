import contextlib
import threading

import pytest
from django.db import connection, connections

from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.drafts import NewVersion, create_version, release
from burgee.control.targeting.edits import AddSegment, ForSegment, Remove, Set
from burgee.control.targeting.errors import TooManyOverrides
from burgee.control.targeting.models import FeatureSegment
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return a_project(max_segment_overrides_allowed=2)


@pytest.fixture
def segments(project):
    return [a_segment(project) for _ in range(3)]


@pytest.fixture(params=[False, True], ids=["in place", "versions"])
def environment(project, request):
    return an_environment(project, use_v2_feature_versioning=request.param)


def override(segment, **facts):
    return Set(target=ForSegment(segment.pk), **facts)


def test_an_environment_holds_as_many_overrides_as_its_project_allows(project, environment, segments):
    first, second = a_feature(project), a_feature(project)
    apply(environment, first, [override(segments[0])], actor=SYSTEM)
    apply(environment, second, [override(segments[0])], actor=SYSTEM)

    with pytest.raises(TooManyOverrides, match="limit of 2 segment overrides"):
        apply(environment, second, [override(segments[1])], actor=SYSTEM)
    with pytest.raises(TooManyOverrides):
        apply(environment, second, [AddSegment(segment_id=segments[1].pk)], actor=SYSTEM)


def test_what_is_there_can_be_changed_and_replaced_at_the_limit(project, environment, segments):
    feature = a_feature(project)
    apply(environment, feature, [override(segments[0]), override(segments[1])], actor=SYSTEM)

    changed = apply(environment, feature, [override(segments[0], enabled=True)], actor=SYSTEM)
    swap = [Remove(target=ForSegment(segments[0].pk)), override(segments[2])]
    replaced = apply(environment, feature, swap, actor=SYSTEM)

    assert changed.changes
    assert replaced.changes


def test_environments_count_for_themselves(project, environment, segments):
    feature, elsewhere = a_feature(project), an_environment(project)
    edits = [override(segments[0]), override(segments[1])]

    apply(environment, feature, edits, actor=SYSTEM)

    assert apply(elsewhere, feature, edits, actor=SYSTEM).changes


def test_a_draft_beyond_the_limit_is_not_released(project, segments):
    environment = an_environment(project, use_v2_feature_versioning=True)
    feature = a_feature(project)
    edits = [override(segment) for segment in segments]
    draft = create_version(environment, feature, NewVersion(edits=edits), actor=SYSTEM)

    with pytest.raises(TooManyOverrides):
        release(draft, None, actor=SYSTEM)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("readers_hold_up_nobody")
def test_overrides_that_are_made_at_the_same_moment_count_each_other(project, environment, segments):
    start = threading.Barrier(4)
    # SQLite's database of tests lives in memory, where a second writer is refused instead of made to wait.
    turns = threading.Lock() if connection.vendor == "sqlite" else contextlib.nullcontext()
    refused = []

    def add(feature):
        try:
            start.wait(30)
            with turns:
                apply(environment, feature, [override(segments[0])], actor=SYSTEM)
        except TooManyOverrides as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=add, args=(a_feature(project),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (len(refused), FeatureSegment.objects.filter(environment=environment).count()) == (2, 2)
