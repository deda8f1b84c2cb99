import pytest

from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.organisations.models import UserGroup
from tests.factories.accounts import a_user
from tests.factories.features import a_feature, a_tag
from tests.factories.organisations import an_organisation
from tests.factories.projects import a_project


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def feature(project):
    return a_feature(project)


@pytest.fixture
def group(organisation):
    return UserGroup.objects.create(organisation=organisation, name="Payments")


@pytest.fixture
def features(project):
    return f"/api/v1/projects/{project.pk}/features/"


@pytest.mark.database
def test_groups_are_added_and_removed(api, features, feature, group):
    added = api.post(f"{features}{feature.pk}/add-group-owners/", {"group_ids": [group.pk]}, format="json")

    assert added.status_code == 200
    told = [{"id": group.pk, "name": "Payments"}]
    assert (added.json()["group_owners"], added.json()["owners"]) == (told, [])
    assert api.get(f"{features}{feature.pk}/").json()["group_owners"] == told
    assert api.get(features).json()["results"][0]["group_owners"] == told

    removed = api.post(f"{features}{feature.pk}/remove-group-owners/", {"group_ids": [group.pk]}, format="json")
    assert removed.json()["group_owners"] == []


def test_an_owner_twice_is_one_event(api, features, feature, group):
    for _ in range(2):
        api.post(f"{features}{feature.pk}/add-group-owners/", {"group_ids": [group.pk]}, format="json")

    (change,) = changes_of(Event.objects.get())
    assert (change.before["group_owners"], change.after["group_owners"]) == ([], ["Payments"])


def test_with_what_a_feature_begins_stands_in_its_event(api, admin, features, project, group):
    body = {"name": "f", "tags": [a_tag(project, "beta").pk], "owners": [admin.pk], "group_owners": [group.pk]}

    api.post(features, body, format="json")
    api.post(features, {"name": "bare", "owners": []}, format="json")

    begun, bare = (changes_of(event)[0].after for event in Event.objects.order_by("id"))
    assert (begun["tags"], begun["owners"], begun["group_owners"]) == (["beta"], [admin.pk], ["Payments"])
    assert not {"tags", "owners", "group_owners"} & set(bare)


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_a_group_of_another_organisation_is_not_found(api, features, feature, verb):
    foreign = UserGroup.objects.create(organisation=an_organisation(), name="Strangers")

    answer = api.post(f"{features}{feature.pk}/{verb}-group-owners/", {"group_ids": [foreign.pk]}, format="json")

    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": ["Some groups not found"]})


def test_a_feature_may_begin_with_a_group(api, features, project, group):
    project.enforce_feature_owners = True
    project.save()
    foreign = UserGroup.objects.create(organisation=an_organisation(), name="Strangers")

    made = api.post(features, {"name": "f", "group_owners": [group.pk]}, format="json")
    refused = api.post(features, {"name": "g", "group_owners": [foreign.pk]}, format="json")

    assert made.json()["group_owners"] == [{"id": group.pk, "name": "Payments"}]
    assert made.json()["owners"] == []
    assert (refused.status_code, list(refused.json())) == (400, ["group_owners"])


@pytest.mark.database
def test_the_last_owner_of_either_kind_stays_where_one_is_required(api, features, project, feature, group):
    project.enforce_feature_owners = True
    project.save()
    person = a_user()
    feature.owners.add(person)
    person.memberships.create(organisation=project.organisation)
    feature.group_owners.add(group)

    first = api.post(f"{features}{feature.pk}/remove-owners/", {"user_ids": [person.pk]}, format="json")
    last = api.post(f"{features}{feature.pk}/remove-group-owners/", {"group_ids": [group.pk]}, format="json")

    assert (first.status_code, last.status_code) == (200, 400)
    assert list(last.json()) == ["non_field_errors"]


@pytest.mark.database
def test_features_are_found_by_any_of_their_owners(api, features, project, group):
    by_group, by_person = a_feature(project, name="a"), a_feature(project, name="b")
    a_feature(project, name="c")
    person = a_user()
    by_group.group_owners.add(group)
    by_person.owners.add(person)

    def found(**query) -> list[str]:
        return [row["name"] for row in api.get(features, query).json()["results"]]

    assert found(group_owners=group.pk) == ["a"]
    assert found(owners=person.pk, group_owners=group.pk) == ["a", "b"]


def test_a_deleted_group_owns_nothing(api, features, feature, group):
    feature.group_owners.add(group)
    group.delete()

    assert api.get(f"{features}{feature.pk}/").json()["group_owners"] == []
