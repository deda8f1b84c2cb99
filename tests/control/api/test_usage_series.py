from datetime import UTC, datetime, timedelta

import pytest

from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex
from burgee.control.usage.models import Evaluation, Request
from burgee.control.usage.series import MOST_SERIES
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation), name="Production")


def evaluated(environment, feature, count, *, ago=timedelta(0), **facts):
    bucket = clock.now() - ago
    Evaluation.objects.create(
        lookup=sha256_hex(f"{environment.pk}{feature}{bucket}{facts}"),
        environment_id=environment.pk,
        feature=feature,
        source="client",
        bucket=bucket,
        count=count,
        **facts,
    )


def requested(environment, resource, count, *, ago=timedelta(0), sdk=None):
    bucket = clock.now() - ago
    Request.objects.create(
        lookup=sha256_hex(f"{environment.pk}{resource}{bucket}{sdk}"),
        sdk=sdk,
        environment_id=environment.pk,
        resource=resource,
        bucket=bucket,
        count=count,
    )


def url(environment):
    return f"/api/v1/projects/{environment.project_id}/usage-series/"


@pytest.mark.database
def test_requests_are_told_by_day_and_environment(api, environment):
    other = an_environment(environment.project, name="Staging")
    requested(environment, "flags", 5)
    requested(environment, "identities", 2, ago=timedelta(days=1))
    requested(environment, "flags", 100, ago=timedelta(days=3))
    requested(other, "flags", 9, ago=timedelta(days=2))
    requested(an_environment(a_project(environment.project.organisation)), "flags", 50)

    told = api.get(url(environment), {"days": 3}).json()

    assert (told["what"], told["by"], told["step"], told["total"]) == ("requests", "environment", "day", 16)
    assert [(series["name"], series["counts"]) for series in told["series"]] == [
        ("Staging", [9, 0, 0]),
        ("Production", [0, 2, 5]),
    ]
    assert told["others"] == [0, 0, 0]
    assert told["moments"][-1] == clock.now().astimezone(UTC).date().isoformat() + "T00:00:00Z"


@pytest.mark.database
def test_the_hours_of_now_are_told(api, environment):
    requested(environment, "flags", 5, sdk="python")
    requested(environment, "flags", 3, ago=timedelta(hours=2), sdk=None)

    told = api.get(url(environment), {"hours": 3, "by": "sdk"}).json()

    assert told["step"] == "hour"
    assert {series["key"]: series["counts"] for series in told["series"]} == {"python": [0, 0, 5], None: [3, 0, 0]}
    assert datetime.fromisoformat(told["moments"][0]).minute == 0


@pytest.mark.database
def test_evaluations_are_told_by_feature_and_by_what_was_served(api, environment):
    feature = a_feature(environment.project, name="checkout")
    evaluated(environment, "checkout", 4, enabled=True, variant="fast")
    evaluated(environment, "checkout", 1, enabled=False)
    evaluated(environment, "banner", 2, enabled=True)

    by_feature = api.get(url(environment), {"what": "evaluations", "by": "feature", "days": 1}).json()
    by_state = api.get(
        url(environment), {"what": "evaluations", "by": "state", "days": 1, "feature": feature.pk}
    ).json()

    assert [(series["key"], series["total"]) for series in by_feature["series"]] == [("checkout", 5), ("banner", 2)]
    assert {series["key"]: series["total"] for series in by_state["series"]} == {"True": 4, "False": 1}


def test_the_smallest_of_many_series_are_told_together(api, environment):
    for number in range(MOST_SERIES + 2):
        evaluated(environment, f"feature_{number}", number + 1)

    told = api.get(url(environment), {"what": "evaluations", "by": "feature", "days": 1}).json()

    assert len(told["series"]) == MOST_SERIES
    assert told["others"] == [1 + 2]


@pytest.mark.database
def test_one_environment_alone_can_be_asked_for(api, environment):
    requested(environment, "flags", 5)
    requested(an_environment(environment.project), "flags", 9)

    told = api.get(url(environment), {"environment": environment.pk, "by": "resource", "days": 1}).json()

    assert [(series["key"], series["total"]) for series in told["series"]] == [("flags", 5)]


def test_nothing_was_asked_for(api, environment):
    told = api.get(url(environment), {"days": 2}).json()
    assert (told["total"], told["series"], told["others"]) == (0, [], [0, 0])


@pytest.mark.parametrize(
    "query",
    [
        {"days": 0},
        {"days": 1000},
        {"hours": "x"},
        {"by": "feature"},
        {"what": "evaluations", "by": "resource"},
        {"feature": 1},
        {"what": "everything"},
    ],
    ids=str,
)
def test_questions_without_an_answer_are_refused(api, environment, query):
    assert api.get(url(environment), query).status_code == 400


def test_environments_that_one_may_not_view_are_not_counted(environment):
    requested(environment, "flags", 5)
    assert client_of(a_user()).get(url(environment)).status_code in {403, 404}
