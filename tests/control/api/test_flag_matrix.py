"""Features by environments."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.models import Flag
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.grants import a_grant
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment
from tests.factories.usage import an_evaluation


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def places(project):
    return [an_environment(project, name=name) for name in ("Test", "Live")]


@pytest.fixture
def matrix(api, project):
    def asked(**query):
        answer = api.get(f"/api/v1/projects/{project.pk}/flag-matrix/", query)
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return asked


def names(told):
    return [row["name"] for row in told["results"]]


def test_a_row_tells_each_environment(admin, project, places, matrix):
    feature = a_feature(project, name="flag", initial_value="one", variants={"a": 30})
    feature.tags.add(a_tag(project, "shop"))
    feature.owners.add(admin)
    test, live = places
    edits = [
        Set(target=Everyone(), enabled=True, value=7),
        Set(target=ForSegment(a_segment(project).pk), enabled=True),
        Set(target=ForIdentity(an_identity(test).pk), enabled=True),
    ]
    apply(test, feature, edits, actor=Actor.user(admin.pk, admin.email))
    an_evaluation(live, "flag", days_ago=0, count=3)

    told = matrix()
    assert told["environments"] == [{"id": p.pk, "name": p.name, "api_key": p.api_key} for p in places]
    (row,) = told["results"]
    cell = row["states"][str(test.pk)]
    option = row["variants"][0]["id"]
    ada = {"id": admin.pk, "email": admin.email, "first_name": "", "last_name": ""}
    assert cell.pop("updated_at")
    assert cell == {
        "enabled": True,
        "value": 7,
        "value_type": "integer",
        "variants": [{"id": option, "weight": 30.0}],
        "rollout": None,
        "segment_overrides": 1,
        "identity_overrides": 1,
        "change_number": 1,
        "updated_by": ada,
    }
    assert (row["states"][str(live.pk)]["value"], row["same_everywhere"]) == ("one", False)
    assert (row["last_change"]["by"], row["last_change"]["environment"]) == (ada, test.pk)
    assert (row["evaluations"][-1], sum(row["evaluations"]), row["last_evaluated"]) == (3, 3, str(clock.today()))
    assert ([tag["label"] for tag in row["tags"]], row["owners"]) == (["shop"], [ada])


def test_a_rollout_is_told_with_its_reach(api, project, places, matrix):
    feature = a_feature(project)
    draft = {"segment_overrides": [{"rollout": {"percentage": 10}, "enabled": True}]}
    body = {"environments": {places[0].api_key: draft}}
    api.post(f"/api/v1/projects/{project.pk}/features/{feature.pk}/save/", body, format="json")
    states = matrix()["results"][0]["states"]
    assert states[str(places[0].pk)]["rollout"] == {"percentage": 10.0, "enabled": True}
    assert states[str(places[1].pk)]["rollout"] is None


@pytest.mark.database
def test_the_list_is_filtered_and_sorted(admin, project, places, matrix):
    test, live = places
    alpha, beta, gamma = (a_feature(project, name=name) for name in ("alpha", "beta", "gamma"))
    shop = a_tag(project, "shop")
    beta.tags.add(shop)
    gamma.owners.add(admin)
    apply(live, beta, [Set(target=Everyone(), enabled=True)], actor=Actor.user(admin.pk, admin.email))
    an_evaluation(live, "gamma", days_ago=2)
    an_evaluation(live, "alpha", days_ago=40)
    assert names(matrix()) == ["alpha", "beta", "gamma"]
    assert names(matrix(sort="-name", page_size=2)) == ["gamma", "beta"]
    assert names(matrix(sort="-changed"))[-1] == "alpha"
    assert names(matrix(search="ET")) == ["beta"]
    assert names(matrix(ids=f"{gamma.pk},{alpha.pk}")) == ["alpha", "gamma"]
    assert names(matrix(tags=shop.pk)) == ["beta"]
    assert names(matrix(tags="")) == ["alpha", "gamma"]
    assert names(matrix(owner=admin.pk)) == ["gamma"]
    assert names(matrix(state="enabled")) == ["beta"]
    assert names(matrix(state="enabled", environment=test.pk)) == []
    assert names(matrix(not_evaluated_days=30)) == ["alpha", "beta"]
    assert names(matrix(not_evaluated_days=30, environment=test.pk)) == ["alpha", "beta", "gamma"]
    long_ago = clock.now() - timedelta(days=9)
    type(alpha).objects.update(created_date=long_ago)
    Flag.objects.exclude(feature=beta).update(changed_at=long_ago)
    since = (clock.now() - timedelta(days=1)).isoformat()
    assert names(matrix(changed_since=since)) == ["beta"]


@pytest.mark.database
def test_columns_are_the_environments_that_the_caller_sees(project, places, member):
    a_feature(project)
    a_grant(member, project, "VIEW_PROJECT")
    a_grant(member, places[0], "VIEW_ENVIRONMENT")
    told = client_of(member).get(f"/api/v1/projects/{project.pk}/flag-matrix/").json()
    assert [place["id"] for place in told["environments"]] == [places[0].pk]
    assert list(told["results"][0]["states"]) == [str(places[0].pk)]


def test_the_number_of_queries_does_not_grow(api, project, places):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert api.get(f"/api/v1/projects/{project.pk}/flag-matrix/").status_code == 200
        return len(captured)

    feature = a_feature(project, variants={"a": 10})
    feature.tags.add(a_tag(project))
    first = queries()
    for _ in range(12):
        more = a_feature(project, variants={"a": 10, "b": 20})
        more.tags.add(a_tag(project))
    an_environment(project)
    assert queries() == first


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"state": "maybe"}, 400),
        ({"sort": "size"}, 400),
        ({"changed_since": "yesterday"}, 400),
        ({"not_evaluated_days": -1}, 400),
        ({"tags": "x"}, 400),
        ({"ids": "x"}, 400),
        ({"ids": ",".join(["1"] * 101)}, 400),
        ({"environment": 10**9}, 404),
        ({"page": 99}, 404),
        ({"owner": 10**30}, 400),
    ],
)
def test_a_wrong_query_is_refused(api, project, places, query, status):
    assert api.get(f"/api/v1/projects/{project.pk}/flag-matrix/", query).status_code == status
