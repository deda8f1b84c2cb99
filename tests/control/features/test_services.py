import pytest

from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.features.errors import (
    FeatureNameTaken,
    OptionKeyTaken,
    OwnerRequired,
    OwnersNotFound,
    SystemTagFixed,
    TooManyFeatures,
    UnknownTag,
)
from burgee.control.features.models import Tag, TagType
from burgee.control.features.owners import add_owners, remove_owners
from burgee.control.features.rows import NewFeature, NewOption
from burgee.control.features.services import FeatureChanges, archive_feature, change_feature
from burgee.control.features.tags import TagChanges, change_tag, create_tag, delete_tag
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.openings import create_feature, delete_feature
from burgee.control.targeting.revision import revise_feature
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.organisations import a_member
from tests.factories.projects import a_project

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("type", flat=True))


@pytest.mark.database
def test_a_name_is_unique_in_its_project_whatever_its_case():
    project = a_project()
    create_feature(project, NewFeature(name="checkout"), actor=SYSTEM)

    with pytest.raises(FeatureNameTaken):
        create_feature(project, NewFeature(name="CheckOut"), actor=SYSTEM)
    create_feature(a_project(), NewFeature(name="checkout"), actor=SYSTEM)


@pytest.mark.database
def test_the_name_of_a_deleted_feature_is_free_again():
    project = a_project()
    first = create_feature(project, NewFeature(name="checkout"), actor=SYSTEM)
    delete_feature(first, actor=SYSTEM)

    second = create_feature(project, NewFeature(name="checkout"), actor=SYSTEM)

    assert second.pk != first.pk


@pytest.mark.database
def test_a_project_holds_as_many_features_as_it_allows():
    project = a_project(max_features_allowed=1)
    create_feature(project, NewFeature(name="one"), actor=SYSTEM)

    with pytest.raises(TooManyFeatures, match="limit of 1 features"):
        create_feature(project, NewFeature(name="two"), actor=SYSTEM)


@pytest.mark.database
def test_a_feature_that_could_not_be_made_leaves_nothing_behind():
    project = a_project()
    options = (NewOption(key="a", value=1), NewOption(key="a", value=2, default_percentage_allocation=0))

    with pytest.raises(OptionKeyTaken):
        create_feature(project, NewFeature(name="f", options=options), actor=SYSTEM)

    assert not project.features.exists()
    assert told() == []


def test_options_make_a_feature_multivariate():
    feature = create_feature(a_project(), NewFeature(name="f", options=(NewOption(value="a"),)), actor=SYSTEM)

    assert feature.type == "MULTIVARIATE"


def test_a_change_is_told_once_and_no_change_not_at_all():
    feature = a_feature(description="old")

    change_feature(feature, FeatureChanges(description="new"), actor=SYSTEM)
    change_feature(feature, FeatureChanges(description="new"), actor=SYSTEM)

    (event,) = Event.objects.all()
    (change,) = changes_of(event)
    assert (change.object, change.feature_id) == ("feature", feature.pk)
    assert change.before["description"] == "old"
    assert change.after["description"] == "new"
    assert change.after["feature"] == {"id": feature.pk, "name": feature.name}


def test_archiving_only_sets_the_mark():
    feature = archive_feature(a_feature(), actor=SYSTEM)

    assert feature.is_archived
    assert feature.deleted_at is None


def test_tags_of_another_project_are_unknown():
    feature = a_feature()
    foreign = a_tag(a_project())

    with pytest.raises(UnknownTag):
        change_feature(feature, FeatureChanges(tag_ids=(foreign.pk,)), actor=SYSTEM)


@pytest.mark.database
def test_owners_belong_to_the_organisation():
    feature = a_feature()
    mate, stranger = a_user(), a_user()
    a_member(feature.project.organisation, mate)

    add_owners(feature, [mate.pk], actor=SYSTEM)
    add_owners(feature, [mate.pk], actor=SYSTEM)

    assert list(feature.owners.all()) == [mate]
    assert told() == ["feature.changed"]
    with pytest.raises(OwnersNotFound):
        add_owners(feature, [stranger.pk], actor=SYSTEM)


def test_the_last_owner_stays_where_owners_are_enforced():
    feature = a_feature(a_project(enforce_feature_owners=True))
    mate = a_user()
    a_member(feature.project.organisation, mate)
    add_owners(feature, [mate.pk], actor=SYSTEM)

    with pytest.raises(OwnerRequired):
        remove_owners(feature, [mate.pk], actor=SYSTEM)


def test_where_owners_are_enforced_a_feature_needs_one_from_the_start():
    project = a_project(enforce_feature_owners=True)

    with pytest.raises(OwnerRequired):
        create_feature(project, NewFeature(name="f"), actor=SYSTEM)


@pytest.mark.database
def test_two_tags_may_have_one_label_and_system_tags_stay():
    project = a_project()
    create_tag(project, TagChanges(label="t"), actor=SYSTEM)
    create_tag(project, TagChanges(label="t"), actor=SYSTEM)
    system = a_tag(project, "Unhealthy", is_system_tag=True, type=TagType.UNHEALTHY)

    with pytest.raises(SystemTagFixed, match="Cannot delete a system tag"):
        delete_tag(system, actor=SYSTEM)
    with pytest.raises(SystemTagFixed):
        change_tag(system, TagChanges(label="x"), actor=SYSTEM)

    assert Tag.objects.filter(project=project).count() == 3
    assert told() == ["tag.created", "tag.created"]


def test_deleting_a_tag_takes_it_from_its_features():
    feature = a_feature()
    tag = a_tag(feature.project)
    feature.tags.add(tag)

    delete_tag(tag, actor=SYSTEM)

    assert list(feature.tags.all()) == []
    assert told() == ["tag.deleted"]


@pytest.mark.database
def test_revising_options_keeps_the_named_ones_drops_the_others_and_adds_new_ones():
    project = a_project()
    an_environment(project)
    options = (
        NewOption(value="a", default_percentage_allocation=60),
        NewOption(value="b", default_percentage_allocation=40),
    )
    feature = create_feature(project, NewFeature(name="f", options=options), actor=SYSTEM)
    first, second = feature.options.order_by("pk")

    revise_feature(
        feature,
        FeatureChanges(),
        [
            (first.pk, NewOption(value="A", default_percentage_allocation=30)),
            (None, NewOption(value="c", default_percentage_allocation=40)),
        ],
        actor=SYSTEM,
    )

    kept, added = feature.options.order_by("pk")
    assert (kept.pk, kept.value, kept.default_percentage_allocation) == (first.pk, "A", 30)
    assert added.value == "c"
    assert not feature.options.filter(pk=second.pk).exists()


@pytest.mark.database
def test_swapping_shares_never_exceeds_a_hundred_on_the_way():
    feature = create_feature(
        a_project(),
        NewFeature(
            name="f",
            options=(
                NewOption(value="a", default_percentage_allocation=40),
                NewOption(value="b", default_percentage_allocation=60),
            ),
        ),
        actor=SYSTEM,
    )
    first, second = feature.options.order_by("pk")

    revise_feature(
        feature,
        FeatureChanges(),
        [
            (first.pk, NewOption(value="a", default_percentage_allocation=60)),
            (second.pk, NewOption(value="b", default_percentage_allocation=40)),
        ],
        actor=SYSTEM,
    )

    assert [option.default_percentage_allocation for option in feature.options.order_by("pk")] == [60, 40]
