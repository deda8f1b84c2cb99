"""Granting to people and groups, and reading what one may do."""

import pytest

from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.organisations import a_member
from tests.factories.projects import a_project


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def places(organisation, project):
    environment = an_environment(project)
    return {
        "organisations": (f"/api/v1/organisations/{organisation.pk}/", "CREATE_PROJECT", "MANAGE_USER_GROUPS"),
        "projects": (f"/api/v1/projects/{project.pk}/", "VIEW_PROJECT", "MANAGE_TAGS"),
        "environments": (f"/api/v1/environments/{environment.api_key}/", "VIEW_ENVIRONMENT", "MANAGE_IDENTITIES"),
    }


def a_group(api, organisation, *users):
    made = api.post(f"/api/v1/organisations/{organisation.pk}/groups/", {"name": "devs"}, format="json").json()
    body = {"user_ids": [user.pk for user in users]}
    api.post(f"/api/v1/organisations/{organisation.pk}/groups/{made['id']}/add-users/", body, format="json")
    return made["id"]


@pytest.mark.database
@pytest.mark.parametrize("kind", ["organisations", "projects", "environments"])
def test_permissions_of_a_person_are_set_replaced_and_taken(api, member, places, kind):
    base, first, second = places[kind]
    path = f"{base}user-permissions/"

    made = api.post(path, {"user": member.pk, "permissions": [first]}, format="json")
    assert (made.status_code, made.json()["permissions"], made.json()["user"]) == (201, [first], member.pk)
    assert client_of(member).get(f"{base}my-permissions/").json()["permissions"] == [first]

    one = f"{path}{made.json()['id']}/"
    assert api.put(one, {"user": member.pk, "permissions": [second]}, format="json").json()["permissions"] == [second]
    listed = next(row for row in api.get(path).json() if row["user"]["id"] == member.pk)
    assert (listed["permissions"], listed["user"]["email"]) == ([second], member.email)

    assert api.delete(one).status_code == 204
    assert [row for row in api.get(path).json() if row["user"]["id"] == member.pk] == []


@pytest.mark.database
@pytest.mark.parametrize("kind", ["organisations", "projects", "environments"])
def test_permissions_of_a_group_reach_its_people(api, organisation, member, places, kind):
    base, first, second = places[kind]
    group_id = a_group(api, organisation, member)
    path = f"{base}user-group-permissions/"

    made = api.post(path, {"group": group_id, "permissions": [first, second]}, format="json")

    assert (made.status_code, made.json()["group"]) == (201, group_id)
    assert client_of(member).get(f"{base}my-permissions/").json()["permissions"] == [first, second]
    shown = api.get(path).json()[0]["group"]
    assert (shown["name"], len(shown["users"])) == ("devs", 1)
    patched = api.patch(f"{path}{made.json()['id']}/", {"permissions": [first]}, format="json")
    assert patched.json()["permissions"] == [first]


@pytest.mark.database
def test_a_second_grant_in_one_place_is_refused(api, member, places):
    path = f"{places['projects'][0]}user-permissions/"
    body = {"user": member.pk, "permissions": ["VIEW_PROJECT"]}
    api.post(path, body, format="json")

    again = api.post(path, body, format="json")

    assert (again.status_code, list(again.json())) == (400, ["non_field_errors"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"permissions": ["VIEW_PROJECT"]}, "user"),
        ({"user": 4242}, "user"),
        ({"user": "x"}, "user"),
        ({"user": 1, "permissions": ["FLY"]}, "permissions"),
        ({"user": 1, "permissions": ["VIEW_ENVIRONMENT"]}, "permissions"),
        ({"user": 1, "permissions": "VIEW_PROJECT"}, "permissions"),
        ({"user": 1, "admin": "perhaps"}, "admin"),
    ],
)
def test_a_grant_that_makes_no_sense_is_400(api, places, body, field):
    answer = api.post(f"{places['projects'][0]}user-permissions/", body, format="json")

    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_nothing_is_granted_to_people_or_groups_of_other_organisations(api, foreigner, organisation, places):
    elsewhere = foreigner.memberships.get().organisation
    group_id = a_group(client_of(foreigner), elsewhere)
    base = places["projects"][0]

    assert api.post(f"{base}user-permissions/", {"user": foreigner.pk}, format="json").status_code == 400
    assert api.post(f"{base}user-group-permissions/", {"group": group_id}, format="json").status_code == 400


def test_the_holder_of_a_grant_never_changes(api, admin, member, places):
    path = f"{places['projects'][0]}user-permissions/"
    made = api.post(path, {"user": member.pk}, format="json").json()

    moved = api.put(f"{path}{made['id']}/", {"user": admin.pk}, format="json")

    assert (moved.status_code, list(moved.json())) == (400, ["user"])


def test_a_grant_is_reached_through_its_own_place_alone(api, organisation, member, places):
    made = api.post(f"{places['projects'][0]}user-permissions/", {"user": member.pk}, format="json").json()
    other = a_project(organisation)

    assert api.get(f"/api/v1/projects/{other.pk}/user-permissions/{made['id']}/").status_code == 404
    assert api.delete(f"{places['environments'][0]}user-permissions/{made['id']}/").status_code == 404


def test_the_inspector_is_for_oneself_and_for_administrators(api, admin, member, places):
    base = places["projects"][0]
    api.post(f"{base}user-permissions/", {"user": member.pk, "permissions": ["VIEW_PROJECT"]}, format="json")

    own = client_of(member).get(f"{base}user-detailed-permissions/{member.pk}/").json()

    direct = {"is_directly_granted": True, "derived_from": {"groups": [], "roles": []}}
    assert own["permissions"] == [{"permission_key": "VIEW_PROJECT"} | direct]
    assert own["admin"] is False
    assert api.get(f"{base}user-detailed-permissions/{member.pk}/").json() == own
    assert client_of(member).get(f"{base}user-detailed-permissions/{admin.pk}/").status_code == 403
    assert api.get(f"{base}user-detailed-permissions/4242/").status_code == 404
    assert api.get(f"{base}all-user-permissions/{member.pk}/").json()["permissions"] == ["VIEW_PROJECT"]


def test_listing_permissions_costs_the_same_however_many_there_are(
    api, organisation, places, django_assert_num_queries
):
    path = f"{places['projects'][0]}user-permissions/"
    for _ in range(12):
        a_member(organisation, user := a_user())
        api.post(path, {"user": user.pk}, format="json")

    with django_assert_num_queries(4):
        assert len(api.get(path).json()) == 12
