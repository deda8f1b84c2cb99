"""What follows from grants, without a database."""

import pytest

from burgee.control.access.permissions import CATALOGUE, LEVEL_OF, TAG_LIMITED, Permission
from burgee.control.access.rules import DIRECT, EVERY_FEATURE, Held, Origin, Place, asked_at, limit_of, rights_from

ORGANISATION = Place(1)
PROJECT = Place(1, 2)
ENVIRONMENT = Place(1, 2, 3)
IN_ENVIRONMENT = Place(1, None, 3)
ROLE = Origin("role", 7, "Release")


def held(place, *keys, is_admin=False, tags=EVERY_FEATURE, origin=DIRECT):
    return Held(place, is_admin, dict.fromkeys(keys, tags), origin)


def test_without_grants_nothing_is_allowed():
    rights = rights_from([], PROJECT)

    assert not any(rights.allows(permission) for permission in Permission)


def test_grants_add_up():
    rights = rights_from([held(PROJECT, "VIEW_PROJECT"), held(PROJECT, "MANAGE_TAGS", origin=ROLE)], PROJECT)

    assert (rights.allows("VIEW_PROJECT"), rights.allows("MANAGE_TAGS"), rights.allows("EDIT_FEATURE")) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize("elsewhere", [Place(1), Place(1, 9), Place(9, 2), ENVIRONMENT])
def test_a_grant_counts_in_its_own_place_alone(elsewhere):
    assert not rights_from([held(PROJECT, "VIEW_PROJECT")], elsewhere).allows("VIEW_PROJECT")


def test_an_environment_grant_is_found_whatever_project_is_named_beside_it():
    assert rights_from([held(IN_ENVIRONMENT, "VIEW_ENVIRONMENT")], ENVIRONMENT).allows("VIEW_ENVIRONMENT")


def test_who_administers_a_project_administers_its_environments_but_not_its_organisation():
    grants = [held(PROJECT, is_admin=True)]

    assert [rights_from(grants, place).is_admin for place in (ORGANISATION, PROJECT, ENVIRONMENT, Place(1, 9, 3))] == [
        False,
        True,
        True,
        False,
    ]


def test_who_administers_an_environment_does_not_administer_the_next_one():
    grants = [held(IN_ENVIRONMENT, is_admin=True)]

    assert [rights_from(grants, place).is_admin for place in (PROJECT, ENVIRONMENT, Place(1, 2, 4))] == [
        False,
        True,
        False,
    ]


def test_a_limited_grant_needs_one_of_its_tags():
    rights = rights_from([held(PROJECT, "DELETE_FEATURE", tags=frozenset({5, 6}))], PROJECT)

    assert [rights.allows("DELETE_FEATURE", tags) for tags in ((), (4,), (6, 4))] == [False, False, True]
    assert rights.allows_some("DELETE_FEATURE")
    assert (rights.unlimited, rights.limited) == ([], {frozenset({5, 6}): ["DELETE_FEATURE"]})


def test_one_grant_without_limit_outweighs_all_limited_ones():
    limited = held(PROJECT, "DELETE_FEATURE", tags=frozenset({5}))
    rights = rights_from([limited, held(PROJECT, "DELETE_FEATURE")], PROJECT)

    assert rights.allows("DELETE_FEATURE")
    assert (rights.unlimited, rights.limited) == (["DELETE_FEATURE"], {})


def test_the_tags_of_a_role_limit_the_keys_that_name_none_and_that_can_be_limited():
    assert limit_of("DELETE_FEATURE", (), (1,)) == {1}
    assert limit_of("DELETE_FEATURE", (2,), (1,)) == {2}
    assert limit_of("VIEW_PROJECT", (2,), (1,)) == EVERY_FEATURE


def test_every_permission_is_a_standing_or_stands_in_one_catalogue():
    listed = [entry.permission for entries in CATALOGUE.values() for entry in entries]
    standings = [permission for permission in Permission if permission.islower()]

    assert sorted(listed + standings) == sorted(Permission)
    assert set(listed) >= TAG_LIMITED


@pytest.mark.parametrize("permission", [permission for permission in Permission if permission in LEVEL_OF])
def test_a_key_is_looked_up_on_its_own_level(permission):
    assert asked_at(permission, ENVIRONMENT).level == LEVEL_OF[permission]


def test_a_deeper_key_is_asked_nowhere():
    assert asked_at(Permission.VIEW_ENVIRONMENT, PROJECT) is None
    assert asked_at(Permission.VIEW_PROJECT, ORGANISATION) is None
    assert asked_at(Permission.ENVIRONMENT_ADMIN, ORGANISATION) is None
    assert asked_at(Permission.PROJECT_ADMIN, ORGANISATION) is None
