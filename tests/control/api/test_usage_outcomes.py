"""What became of a feature where the server evaluated it: `usage-series` of outcomes."""

import pytest

from burgee.control.kit import clock
from burgee.edge.usage.rows import Counts, OutcomeKey
from burgee.serve.django_backing import write_usage
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.usage import an_outcome

BLUE = {"form": "text", "value": "blue", "length": 4, "digest": "b" * 32}


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation), name="Production")


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, name="colour")


def asked(api, environment, /, **query):
    url = f"/api/v1/projects/{environment.project_id}/usage-series/"
    return api.get(url, {"what": "outcomes", "days": 2} | query)


def named(told) -> dict[tuple, list[int]]:
    return {
        (series["outcome"]["enabled"], series["outcome"]["value"], series["outcome"]["reason"]): series["counts"]
        for series in told["series"]
    }


def test_outcomes_are_told_by_state_and_value(api, environment, feature):
    an_outcome(environment, feature.pk, count=5, **BLUE)
    an_outcome(environment, feature.pk, count=2, days_ago=1, **BLUE)
    an_outcome(environment, feature.pk, count=3, reason="segment", **BLUE)
    an_outcome(environment, feature.pk, count=1, enabled=False)
    an_outcome(environment, feature.pk, count=100, days_ago=2)
    an_outcome(environment, feature.pk + 1, count=100)

    told = asked(api, environment, feature=feature.pk).json()

    assert (told["what"], told["by"], told["total"]) == ("outcomes", "outcome", 11)
    assert named(told) == {
        (True, "blue", "default"): [2, 5],
        (True, "blue", "segment"): [0, 3],
        (False, None, "default"): [0, 1],
    }
    assert len({series["key"] for series in told["series"]}) == 3
    assert told["series"][0]["outcome"] == {
        "enabled": True,
        "form": "text",
        "value": "blue",
        "is_cut": False,
        "variant": None,
        "reason": "default",
    }


@pytest.mark.database
def test_empty_text_and_the_beginning_of_a_long_one_are_told_as_such(api, environment, feature):
    an_outcome(environment, feature.pk, form="text", value="", length=0, digest="e", count=2)
    an_outcome(environment, feature.pk, form="text", value="x" * 200, length=9_000, digest="x")

    empty, long = (series["outcome"] for series in asked(api, environment, feature=feature.pk).json()["series"])

    assert (empty["value"], empty["is_cut"]) == ("", False)
    assert (long["value"], long["is_cut"]) == ("x" * 200, True)


@pytest.mark.database
def test_values_that_begin_alike_are_not_the_same(api, environment, feature):
    for digest in ("one", "other"):
        an_outcome(environment, feature.pk, form="text", value="x" * 200, length=201, digest=digest, count=4)

    told = asked(api, environment, feature=feature.pk).json()

    assert [series["total"] for series in told["series"]] == [4, 4]


def test_the_rarest_of_many_outcomes_are_told_together(api, environment, feature):
    for number in range(52):
        an_outcome(
            environment, feature.pk, form="number", value=str(number), length=2, digest=str(number), count=number + 1
        )

    told = asked(api, environment, feature=feature.pk).json()

    assert (len(told["series"]), told["others"], told["total"]) == (50, [0, 1 + 2], sum(range(53)))


def test_one_environment_alone_can_be_asked_for(api, environment, feature):
    staging = an_environment(environment.project, name="Staging")
    an_outcome(environment, feature.pk, count=2)
    an_outcome(staging, feature.pk, count=3)

    assert asked(api, environment, feature=feature.pk).json()["total"] == 5
    assert asked(api, environment, feature=feature.pk, environment=staging.pk).json()["total"] == 3
    assert asked(api, environment, feature=feature.pk, hours=1, environment=staging.pk).json()["total"] == 3


@pytest.mark.database
def test_what_the_data_plane_writes_is_told(api, environment, feature):
    hour = int(clock.now().timestamp() // 3600) * 4
    keys = [
        OutcomeKey(environment.pk, feature.pk, True, "segment", "big", "text", "blue", 4, "b" * 32, hour),
        OutcomeKey(environment.pk, feature.pk, True, "default", None, "text", "", 0, "e" * 32, hour),
        OutcomeKey(environment.pk, feature.pk, False, "identity", None, "untold", None, 0, "", hour),
        OutcomeKey(environment.pk, feature.pk, None, None, None, "other", None, 0, "", hour),
    ]
    for _ in range(2):
        write_usage(Counts(outcomes=dict(zip(keys, (4, 3, 2, 1), strict=True))))

    told = asked(api, environment, feature=feature.pk, hours=1).json()["series"]

    assert [series["counts"] for series in told] == [[8], [6], [4], [2]]
    assert [
        (series["outcome"]["enabled"], series["outcome"]["form"], series["outcome"]["value"]) for series in told
    ] == [
        (True, "text", "blue"),
        (True, "text", ""),
        (False, "untold", None),
        (None, "other", None),
    ]


@pytest.mark.parametrize(("query", "named"), [({}, "feature"), ({"feature": 1, "by": "state"}, "by")])
def test_questions_without_an_answer_are_refused(api, environment, query, named):
    answer = asked(api, environment, **query)
    assert (answer.status_code, list(answer.json())) == (400, [named])


def test_features_of_others_are_not_found(api, environment):
    foreign = a_feature(a_project(environment.project.organisation))
    assert asked(api, environment, feature=foreign.pk).status_code == 404


def test_environments_that_one_may_not_view_are_not_counted(environment, feature):
    an_outcome(environment, feature.pk)
    assert asked(client_of(a_user()), environment, feature=feature.pk).status_code in {403, 404}
