"""Groups as a directory makes and fills them."""

import pytest

from burgee.control.organisations.models import GroupMembership, UserGroup


@pytest.fixture
def people(directory) -> list[str]:
    return [directory.added(f"p{number}@example.com")["id"] for number in range(4)]


@pytest.fixture
def place(directory, people) -> str:
    return f"Groups/{directory.add_group('Devs', *people[:2], externalId='g1').json()['id']}"


def members(directory, place) -> set[str]:
    return {member["value"] for member in directory.get(place).json().get("members", [])}


def taking(*member_ids):
    return {"op": "Remove", "path": "members", "value": [{"value": member_id} for member_id in member_ids]}


def letting(*member_ids):
    return taking(*member_ids) | {"op": "add"}


def test_steps_are_done_in_their_order(directory, place, people):
    one, two, three, four = people
    without_one = {"op": "remove", "path": f'MEMBERS[value eq "{one}"]'}
    steps = [without_one, taking(two), letting(one), letting(three), taking(one), letting(two, four), letting(four)]

    assert directory.patch(place, *steps).status_code == 204

    assert members(directory, place) == {two, three, four}


def test_who_is_not_in_the_group_is_taken_out_of_it_without_ado(directory, place, people):
    before = directory.get(place).headers["ETag"]

    answer = directory.patch(place, taking(people[3]), {"op": "remove", "path": 'members[value eq "nobody"]'})

    assert (answer.status_code, answer.headers["ETag"]) == (204, before)


def test_everybody_is_taken_out_by_the_name_of_the_list(directory, place):
    assert directory.patch(place, {"op": "remove", "path": "members"}).status_code == 204
    assert members(directory, place) == set()


@pytest.mark.database
def test_an_operation_after_those_of_members_counts_and_one_that_fails_undoes_all(directory, place, people):
    rename = {"op": "replace", "path": "displayName", "value": "Developers"}
    assert directory.patch(place, taking(people[0]), rename).status_code == 204
    assert directory.get(place).json()["displayName"] == "Developers"

    wrong = {"op": "replace", "path": "displayName", "value": ""}
    assert directory.patch(place, taking(people[1]), wrong).status_code == 400
    assert members(directory, place) == {people[1]}


def test_operations_of_other_kinds_are_few(directory, place):
    rename = {"op": "replace", "path": "displayName", "value": "D"}

    assert directory.patch(place, *[rename] * 101).status_code == 400


@pytest.mark.database
def test_the_suspended_are_in_no_group_and_the_manager_of_a_group_stays_one(directory, place, people):
    GroupMembership.objects.filter(user__uuid=people[0]).update(is_admin=True)
    directory.activate(people[1], to=False)
    assert members(directory, place) == {people[0]}

    assert directory.patch(place, letting(*people)).status_code == 204

    assert members(directory, place) == {people[0], people[2], people[3]}
    assert [row.is_admin for row in GroupMembership.objects.order_by("id")] == [True, False, False]


@pytest.mark.database
def test_an_external_id_is_one_groups(directory, place):
    answer = directory.add_group("Others", externalId="g1")

    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert [group.name for group in UserGroup.objects.all()] == ["Devs"]
