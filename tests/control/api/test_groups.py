"""Groups: who sees them, who manages them, who is in them."""

import pytest

from burgee.control.events.models import Event
from burgee.control.organisations.models import GroupMembership
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member


@pytest.fixture
def path(organisation):
    return f"/api/v1/organisations/{organisation.pk}/groups/"


@pytest.fixture
def group(api, path):
    return api.post(path, {"name": "devs"}, format="json").json()


def events() -> list[str]:
    return [event.type for event in Event.objects.order_by("id")]


@pytest.mark.database
def test_a_group_is_made_changed_and_deleted(api, path):
    made = api.post(path, {"name": "devs", "users": [1]}, format="json")
    assert (made.status_code, made.json()["users"], made.json()["is_default"]) == (201, [], False)
    one = f"{path}{made.json()['id']}/"

    assert api.put(one, {"name": "ops", "external_id": "ops"}, format="json").json()["external_id"] == "ops"
    assert api.patch(one, {"name": "ops"}, format="json").json()["name"] == "ops"
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404
    assert events() == ["group.created", "group.changed", "group.deleted"]


@pytest.mark.database
def test_an_external_id_names_one_group_of_an_organisation(api, foreigner, path):
    api.post(path, {"name": "a", "external_id": "x"}, format="json")

    taken = api.post(path, {"name": "b", "external_id": "x"}, format="json")
    elsewhere = f"/api/v1/organisations/{foreigner.memberships.get().organisation_id}/groups/"

    assert (taken.status_code, list(taken.json())) == (400, ["external_id"])
    assert client_of(foreigner).post(elsewhere, {"name": "b", "external_id": "x"}, format="json").status_code == 201
    assert api.post(path, {"name": "c", "external_id": None}, format="json").status_code == 201
    assert api.post(path, {"name": "d", "external_id": ""}, format="json").status_code == 201


@pytest.mark.database
def test_people_are_put_in_and_taken_out(api, member, path, group):
    one = f"{path}{group['id']}/"

    added = api.post(f"{one}add-users/", {"user_ids": [member.pk]}, format="json")
    api.post(f"{one}add-users/", {"user_ids": [member.pk]}, format="json")

    assert [(row["email"], row["group_admin"]) for row in added.json()["users"]] == [(member.email, False)]
    assert client_of(member).get(f"{path}my-groups/").json()["results"] == [{"id": group["id"], "name": "devs"}]
    assert client_of(member).get(f"{path}summaries/").json() == [{"id": group["id"], "name": "devs"}]
    assert api.post(f"{one}remove-users/", {"user_ids": [member.pk]}, format="json").json()["users"] == []
    assert events() == ["group.created", "group.members_changed", "group.members_changed"]


@pytest.mark.database
def test_only_members_of_the_organisation_are_put_in(api, member, foreigner, path, group):
    body = {"user_ids": [member.pk, foreigner.pk]}

    refused = api.post(f"{path}{group['id']}/add-users/", body, format="json")

    assert (refused.status_code, list(refused.json())) == (400, ["detail"])
    assert not GroupMembership.objects.exists()


@pytest.mark.database
def test_a_group_administrator_manages_that_group_alone(api, member, organisation, path, group):
    other = api.post(path, {"name": "other"}, format="json").json()
    a_member(organisation, newcomer := a_user())
    api.post(f"{path}{group['id']}/add-users/", {"user_ids": [member.pk]}, format="json")
    made = api.post(f"{path}{group['id']}/users/{member.pk}/make-admin")
    bob = client_of(member)

    assert made.status_code == 200
    assert [row["id"] for row in bob.get(path).json()["results"]] == [group["id"]]
    assert bob.post(f"{path}{group['id']}/add-users/", {"user_ids": [newcomer.pk]}, format="json").status_code == 200
    assert bob.post(f"{path}{group['id']}/remove-users/", {"user_ids": [member.pk]}, format="json").status_code == 403
    assert bob.get(f"{path}{other['id']}/").status_code == 403
    assert bob.get(f"{path}4242/").status_code == 403
    assert bob.post(path, {"name": "third"}, format="json").status_code == 403

    assert api.post(f"{path}{group['id']}/users/{member.pk}/remove-admin").status_code == 200
    assert bob.get(path).json()["results"] == []


def test_only_people_in_the_group_become_its_administrators(api, member, path, group):
    assert api.post(f"{path}{group['id']}/users/{member.pk}/make-admin").status_code == 404


@pytest.mark.database
def test_who_manages_groups_cannot_move_themselves_into_one(api, member, organisation, path, group):
    body = {"user": member.pk, "permissions": ["MANAGE_USER_GROUPS"]}
    api.post(f"/api/v1/organisations/{organisation.pk}/user-permissions/", body, format="json")

    answer = client_of(member).post(f"{path}{group['id']}/add-users/", {"user_ids": [member.pk]}, format="json")

    assert answer.status_code == 403
    assert client_of(member).get(path).json()["count"] == 1


def test_who_leaves_the_organisation_leaves_its_groups(api, member, organisation, path, group):
    api.post(f"{path}{group['id']}/add-users/", {"user_ids": [member.pk]}, format="json")

    api.post(f"/api/v1/organisations/{organisation.pk}/remove-users/", [{"id": member.pk}], format="json")

    assert api.get(f"{path}{group['id']}/").json()["users"] == []


def test_listing_groups_costs_the_same_however_many_there_are(api, organisation, path, django_assert_num_queries):
    for number in range(15):
        made = api.post(path, {"name": str(number)}, format="json").json()
        a_member(organisation, user := a_user())
        api.post(f"{path}{made['id']}/add-users/", {"user_ids": [user.pk]}, format="json")

    with django_assert_num_queries(7):
        assert api.get(path).json()["count"] == 15
