from datetime import timedelta

import pytest

from burgee.control.audit.wording import lines_of
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.features.models import Tag, TagType
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.lifecycle.models import RollUp
from burgee.control.lifecycle.services import roll_up_use, tag_stale_features
from burgee.control.targeting.edits import Everyone, Set
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.projects import a_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return a_project(stale_flags_limit_days=10)


@pytest.fixture
def environment(project):
    return an_environment(project)


def an_old(project, **fields):
    return a_feature(project, created_date=clock.now() - timedelta(days=11), **fields)


def is_stale(feature) -> bool:
    return feature.tags.filter(type=TagType.STALE, is_system_tag=True).exists()


def toggle(feature, environment, *, enabled=True):
    apply(environment, feature, [Set(target=Everyone(), enabled=enabled)], actor=SYSTEM)


@pytest.mark.database
def test_what_nobody_changed_for_long_is_tagged(project, environment):
    old, young = an_old(project), a_feature(project)
    changed = an_old(project)
    toggle(changed, environment)

    assert tag_stale_features() == 1
    assert tag_stale_features() == 0

    assert [is_stale(feature) for feature in (old, young, changed)] == [True, False, False]
    tag = Tag.objects.get(type=TagType.STALE)
    assert (tag.label, tag.is_system_tag) == ("Stale", True)


def test_a_change_in_any_environment_takes_the_tag_away(project, environment):
    feature = an_old(project)
    tag_stale_features()

    toggle(feature, an_environment(project))

    assert tag_stale_features() == 1
    assert not is_stale(feature)


def test_permanent_archived_and_deleted_features_are_never_stale(project, environment):
    kept, archived = an_old(project), an_old(project, is_archived=True)
    kept.tags.add(a_tag(project, "keep", is_permanent=True))
    an_old(project, deleted_at=clock.now())

    assert tag_stale_features() == 0
    assert not is_stale(kept)
    assert not is_stale(archived)


def test_a_feature_that_becomes_permanent_is_stale_no_more(project):
    feature = an_old(project)
    tag_stale_features()
    feature.tags.add(a_tag(project, "keep", is_permanent=True))

    assert tag_stale_features() == 1
    assert not is_stale(feature)


@pytest.mark.database
def test_a_limit_of_no_days_turns_it_off(project):
    feature = an_old(project)
    tag_stale_features()
    project.stale_flags_limit_days = 0
    project.save()

    assert tag_stale_features() == 1
    assert not is_stale(feature)


@pytest.mark.database
def test_projects_do_not_share_the_tag(project):
    an_old(project)
    an_old(a_project(stale_flags_limit_days=5))
    an_old(a_project(stale_flags_limit_days=15))

    assert tag_stale_features() == 2
    assert Tag.objects.filter(type=TagType.STALE).count() == 2


def test_the_log_says_which_flag_got_the_tag(project):
    feature = an_old(project)

    tag_stale_features()

    event = Event.objects.get(type="feature.changed")
    (change,) = changes_of(event)
    assert (change.feature_id, change.before["tags"], change.after["tags"]) == (feature.pk, [], ["Stale"])
    assert [line.log for line in lines_of(event.type, [change])] == [f"Flag / Remote Config updated: {feature.name}"]


@pytest.mark.database
def test_a_tag_of_the_same_name_is_left_alone(project):
    own = a_tag(project, "Stale")
    feature = an_old(project)

    tag_stale_features()

    assert own.features.count() == 0
    assert is_stale(feature)


@pytest.mark.database
def test_nothing_is_noted_while_nothing_is_evaluated():
    assert roll_up_use() == 0
    assert RollUp.objects.count() == 0
