"""Identities found by identifier and traits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import ForIdentity, Set
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project

pytestmark = pytest.mark.database


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


@pytest.fixture
def search(api, environment):
    def asked(**query):
        answer = api.get(f"/api/v1/environments/{environment.api_key}/identities/search/", query)
        assert answer.status_code == 200, answer.json()
        return answer.json()["results"]

    return asked


def found(rows):
    return [row["identifier"] for row in rows]


@pytest.fixture
def people(environment):
    return [
        an_identity(environment, "lena", {"plan": "pro", "age": 42, "note": '"plan":"free"'}),
        an_identity(environment, "tom", {"plan": "free", "age": 421, "beta": True}),
        an_identity(environment, "eva", {"age": "42", "city": "Zürich", 'a "quoted" key': None}),
        an_identity(None, "foreign", {"plan": "pro"}),
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["lena", "tom", "eva"]),
        ({"q": "EN"}, ["lena"]),
        ({"q": '"tom"'}, ["tom"]),
        ({"trait": "plan:pro"}, ["lena"]),
        ({"trait": "plan:free"}, ["tom"]),
        ({"trait": "plan"}, ["lena", "tom"]),
        ({"trait": "age:42"}, ["lena", "eva"]),
        ({"trait": "beta:true"}, ["tom"]),
        ({"trait": "city:Zürich"}, ["eva"]),
        ({"trait": 'a "quoted" key'}, ["eva"]),
        ({"trait": ["age:42", "plan:pro"]}, ["lena"]),
        ({"trait": "plan:"}, []),
        ({"trait": "pla"}, []),
        ({"q": "e", "trait": "age:42"}, ["lena", "eva"]),
    ],
)
def test_identities_are_found_by_identifier_and_traits(people, search, query, names):
    assert found(search(**query)) == names


def test_overrides_and_traits_are_told_without_asking_for_each(environment, people, search, api):
    for feature in (a_feature(environment.project), a_feature(environment.project)):
        apply(environment, feature, [Set(target=ForIdentity(people[0].pk), enabled=True)], actor=SYSTEM)
    lena, tom, _ = search()
    assert (lena["overrides"], tom["overrides"], tom["traits"]["beta"]) == (2, 0, True)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            search()
        return len(captured)

    first = queries()
    for number in range(9):
        an_identity(environment, f"more {number}")
    assert queries() == first


def test_too_many_traits_are_refused(api, environment):
    query = {"trait": [f"t{number}" for number in range(11)]}
    assert api.get(f"/api/v1/environments/{environment.api_key}/identities/search/", query).status_code == 400
