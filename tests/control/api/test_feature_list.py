import pytest

from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.grants import a_grant
from tests.factories.identities import an_identity
from tests.factories.organisations import a_member
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

LIST_QUERIES = 20
"""Of a list with everything on it: the caller, the place, the page, and each kind of thing that stands beside it."""


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def listed(api, project):
    """The names that a query finds, in order."""

    def names(**query) -> list[str]:
        answer = api.get(f"/api/v1/projects/{project.pk}/features/", query)
        assert answer.status_code == 200, answer.json()
        return [row["name"] for row in answer.json()["results"]]

    return names


@pytest.mark.database
def test_features_are_searched_sorted_and_paged(api, project, listed):
    for name in ("banana", "Apple", "cherry"):
        a_feature(project, name=name)
    a_feature(name="elsewhere")

    assert listed() == ["banana", "Apple", "cherry"]
    assert listed(search="AP") == ["Apple"]
    assert listed(sort_field="name", sort_direction="DESC")[0] == "cherry"
    assert listed(sort_direction="DESC") == ["cherry", "Apple", "banana"]
    page = api.get(f"/api/v1/projects/{project.pk}/features/", {"page_size": 2, "page": 2}).json()
    assert (page["count"], len(page["results"]), page["next"]) == (3, 1, None)


@pytest.mark.database
def test_tags_are_needed_all_or_one_or_none(project, listed):
    red, blue = a_tag(project, "red"), a_tag(project, "blue")
    both, one = a_feature(project, name="both"), a_feature(project, name="one")
    a_feature(project, name="none")
    both.tags.add(red, blue)
    one.tags.add(red)

    assert listed(tags=f"{red.pk}") == ["both", "one"]
    assert listed(tags=f"{red.pk},{blue.pk}") == ["both"]
    assert listed(tags=f"{red.pk},{blue.pk}", tag_strategy="UNION") == ["both", "one"]
    assert listed(tags="") == ["none"]


@pytest.mark.database
def test_kinds_of_features_are_told_apart(project, listed):
    a_feature(project, name="plain")
    a_feature(project, name="old", is_archived=True)
    a_feature(project, name="split", variants={"a": 10})
    owner = a_user()
    a_feature(project, name="owned").owners.add(owner)

    assert listed(is_archived="true") == ["old"]
    assert listed(is_archived="false") == ["plain", "split", "owned"]
    assert listed(type="MULTIVARIATE") == ["split"]
    assert listed(owners=f"{owner.pk}") == ["owned"]
    assert listed(group_owners="3") == []


@pytest.mark.database
def test_an_environment_shows_and_filters_its_states(api, project, listed):
    environment = an_environment(project)
    on, off = a_feature(project, name="on"), a_feature(project, name="off", initial_value='say "hi"')
    apply(environment, on, [Set(target=Everyone(), enabled=True, value="Production value")], actor=SYSTEM)

    assert listed(environment=environment.pk, is_enabled="true") == ["on"]
    assert listed(environment=environment.pk, is_enabled="false") == ["off"]
    assert listed(environment=environment.pk, value_search="production") == ["on"]
    assert listed(environment=environment.pk, value_search='"hi"') == ["off"]
    row = api.get(f"/api/v1/projects/{project.pk}/features/", {"environment": environment.pk}).json()["results"][0]
    assert row["environment_feature_state"] == {
        "id": row["environment_feature_state"]["id"],
        "feature_state_value": "Production value",
        "environment": environment.pk,
        "identity": None,
        "feature_segment": None,
        "enabled": True,
    }
    assert off.name == "off"


@pytest.mark.database
def test_overridden_features_come_first_and_are_counted(api, project, listed):
    environment = an_environment(project)
    a_feature(project, name="first")
    second, third = a_feature(project, name="second"), a_feature(project, name="third")
    segment, person = a_segment(project), an_identity(environment)
    apply(environment, third, [Set(target=ForSegment(segment.pk), value="seg")], actor=SYSTEM)
    apply(environment, second, [Set(target=ForIdentity(person.pk), value="own")], actor=SYSTEM)

    assert listed(environment=environment.pk, segment=segment.pk) == ["third", "first", "second"]
    assert listed(environment=environment.pk, identity=person.pk) == ["second", "first", "third"]
    rows = api.get(
        f"/api/v1/projects/{project.pk}/features/", {"environment": environment.pk, "segment": segment.pk}
    ).json()["results"]
    counted = {row["name"]: (row["num_segment_overrides"], row["num_identity_overrides"]) for row in rows}
    assert counted == {"first": (0, None), "second": (0, 1), "third": (1, None)}
    assert rows[0]["segment_feature_state"]["feature_state_value"] == "seg"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"sort_field": "bogus"}, {"sort_field": ['"bogus" is not a valid choice.']}),
        ({"sort_direction": "UP"}, {"sort_direction": ['"UP" is not a valid choice.']}),
        ({"is_archived": "maybe"}, {"is_archived": ["Must be a valid boolean."]}),
        ({"environment": "x"}, {"environment": ["A valid integer is required."]}),
        ({"tags": "1,x"}, {"tags": ["Must be a list of integers, separated by commas."]}),
        ({"is_enabled": "true"}, {"environment": ["An environment is required to filter by is_enabled."]}),
    ],
)
def test_a_wrong_query_names_the_parameter(api, project, query, error):
    answer = api.get(f"/api/v1/projects/{project.pk}/features/", query)

    assert (answer.status_code, answer.json()) == (400, error)


def test_a_foreign_environment_looks_missing(api, project):
    foreign = an_environment()

    answer = api.get(f"/api/v1/projects/{project.pk}/features/", {"environment": foreign.pk})

    assert (answer.status_code, answer.json()) == (404, {"detail": "No Environment matches the given query."})


def test_an_environment_that_one_may_not_view_looks_missing(project, organisation):
    member, place = a_user(), an_environment(project)
    a_member(organisation, member)
    a_feature(project)
    a_grant(member, project, "VIEW_PROJECT")
    path, missing = f"/api/v1/projects/{project.pk}/features/", {"detail": "No Environment matches the given query."}

    assert client_of(member).get(path).status_code == 200
    for query in ({}, {"is_enabled": "true"}, {"value_search": "x"}, {"identity": an_identity(place).pk}):
        answer = client_of(member).get(path, {"environment": place.pk} | query)
        assert (answer.status_code, answer.json()) == (404, missing)
    a_grant(member, place, "VIEW_ENVIRONMENT")
    assert client_of(member).get(path, {"environment": place.pk}).status_code == 200


def test_identities_that_one_may_not_view_look_missing(project, organisation):
    member, place = a_user(), an_environment(project)
    a_member(organisation, member)
    a_grant(member, project, "VIEW_PROJECT")
    a_grant(member, place, "VIEW_ENVIRONMENT")
    query = {"environment": place.pk, "identity": an_identity(place).pk}

    answer = client_of(member).get(f"/api/v1/projects/{project.pk}/features/", query)
    assert (answer.status_code, answer.json()) == (404, {"detail": "No Identity matches the given query."})
    a_grant(member, place, "VIEW_IDENTITIES")
    assert client_of(member).get(f"/api/v1/projects/{project.pk}/features/", query).status_code == 200


@pytest.mark.database
@pytest.mark.parametrize("page_size", [20, 150])
def test_the_number_of_queries_does_not_grow_with_the_page(api, project, page_size, django_assert_max_num_queries):
    environment, tag, owner = an_environment(project), a_tag(project), a_user()
    segment, person = a_segment(project), an_identity(environment)
    for number in range(page_size):
        feature = a_feature(project, variants={"a": 5} if number % 3 else None)
        feature.tags.add(tag)
        feature.owners.add(owner)
    apply(environment, feature, [Set(target=ForSegment(segment.pk)), Set(target=ForIdentity(person.pk))], actor=SYSTEM)
    query = {"environment": environment.pk, "segment": segment.pk, "identity": person.pk, "page_size": page_size}

    with django_assert_max_num_queries(LIST_QUERIES):
        assert len(api.get(f"/api/v1/projects/{project.pk}/features/", query).json()["results"]) == page_size
