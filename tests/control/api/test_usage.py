from datetime import date, timedelta

import pytest

from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex
from burgee.control.usage.models import Evaluation, Request
from burgee.edge.usage.rows import Counts, RequestKey
from burgee.serve.django_backing import write_usage
from tests.control.api.conftest import client_of, forget_throttles
from tests.factories.environments import a_server_key, an_environment
from tests.factories.features import a_feature
from tests.factories.grants import a_grant
from tests.factories.projects import a_project


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


def evaluated(environment, feature, count, *, days_ago=0, sdk="python", **more):
    bucket = clock.now().replace(hour=12, minute=0) - timedelta(days=days_ago)
    Evaluation.objects.create(
        lookup=sha256_hex(f"{environment.pk}{feature}{bucket}{sdk}{more}"),
        environment_id=environment.pk,
        feature=feature,
        source="client",
        sdk=sdk,
        bucket=bucket,
        count=count,
        **more,
    )


def requested(environment, resource, count, *, days_ago=0, sdk=None, **more):
    bucket = clock.now() - timedelta(days=days_ago)
    Request.objects.create(
        lookup=sha256_hex(f"{environment.pk}{resource}{bucket}{sdk}{more}"),
        sdk=sdk,
        environment_id=environment.pk,
        resource=resource,
        bucket=bucket,
        count=count,
        **more,
    )


@pytest.mark.database
def test_evaluations_of_a_feature_are_summed_by_day(api, environment):
    feature = a_feature(environment.project, name="flag")
    url = f"/api/v1/projects/{environment.project_id}/features/{feature.pk}/evaluation-data/"
    evaluated(environment, "flag", 3, days_ago=2)
    evaluated(environment, "flag", 4, days_ago=2, sdk="js")
    evaluated(environment, "flag", 5, days_ago=20)
    evaluated(environment, "other", 9, days_ago=2)
    evaluated(an_environment(environment.project), "flag", 9, days_ago=2)

    recent = api.get(url, {"environment_id": environment.pk, "period": 10})
    month = api.get(url, {"environment_id": environment.pk})

    day = (clock.now() - timedelta(days=2)).date().isoformat()
    assert [(row["day"], row["count"], row["labels"]["user_agent"]) for row in recent.json()] == [
        (day, 4, "js"),
        (day, 3, "python"),
    ]
    assert [row["count"] for row in month.json()] == [5, 4, 3]
    one = {"environment_id": environment.pk, "user_agent": "js"}
    assert [row["count"] for row in api.get(url, one).json()] == [4]
    assert api.get(url, one | {"client_application_name": "shop"}).json() == []
    assert api.get(url).json() == {"environment_id": ["This field is required."]}
    assert api.get(url, {"environment_id": an_environment().pk}).status_code == 404


@pytest.mark.database
def test_requests_of_an_organisation_are_told_by_kind_and_day(api, organisation, environment):
    url = f"/api/v1/organisations/{organisation.pk}/usage-data/"
    requested(environment, "flags", 3, days_ago=1)
    requested(environment, "environment-document", 4, days_ago=1)
    requested(environment, "identities", 5, days_ago=60)
    requested(an_environment(), "flags", 99, days_ago=1)

    (row,) = api.get(url).json()

    assert row == {
        "day": (clock.now() - timedelta(days=1)).date().isoformat(),
        "flags": 3,
        "identities": 0,
        "traits": 0,
        "environment_document": 4,
        "labels": None,
    }
    assert len(api.get(url, {"period": "90_day_period"}).json()) == 2
    requested(environment, "flags", 2, days_ago=1, sdk="python")
    (of_python,) = api.get(url, {"user_agent": "python"}).json()
    labels = {"user_agent": "python", "client_application_name": None, "client_application_version": None}
    assert (of_python["flags"], of_python["labels"]) == (2, labels)
    assert len(api.get(url).json()) == 2
    assert api.get(url, {"client_application_version": "1"}).json() == []
    forget_throttles()
    assert api.get(url, {"environment_id": environment.pk + 4242}).json() == []
    assert api.get(f"{url}total-count/").json() == {"count": 9}


def test_there_are_no_billing_periods(api, organisation):
    url = f"/api/v1/organisations/{organisation.pk}/usage-data/"

    assert api.get(url, {"period": "current_billing_period"}).status_code == 404
    assert api.get(url, {"period": "decade"}).json() == {"period": ['"decade" is not a valid choice.']}


def test_only_administrators_see_usage(member, foreigner, organisation):
    url = f"/api/v1/organisations/{organisation.pk}/usage-data/"

    assert client_of(member).get(url).status_code == 403
    assert client_of(foreigner).get(url).status_code == 403


@pytest.mark.database
def test_evaluations_are_told_for_environments_that_the_caller_may_view(environment, member):
    feature = a_feature(environment.project, name="flag")
    evaluated(environment, "flag", 3)
    a_grant(member, environment.project, "VIEW_PROJECT")
    url = f"/api/v1/projects/{environment.project_id}/features/{feature.pk}/evaluation-data/"
    asked = {"environment_id": environment.pk}

    assert client_of(member).get(url, asked).status_code == 404
    a_grant(member, environment, "VIEW_ENVIRONMENT")
    assert [row["count"] for row in client_of(member).get(url, asked).json()] == [3]


@pytest.mark.database
def test_usage_is_told_by_application(api, organisation, environment):
    requested(environment, "flags", 3, sdk="python", application="shop", application_version="2.0")
    requested(environment, "flags", 2, application="shop", application_version="1.0")
    requested(environment, "flags", 1)
    url = f"/api/v1/organisations/{organisation.pk}/usage-data/"

    def flags(**asked):
        return {row["flags"] for row in api.get(url, asked).json()}

    labels = {"user_agent": "python", "client_application_name": "shop", "client_application_version": "2.0"}
    assert labels in [row["labels"] for row in api.get(url).json()]
    assert flags(client_application_name="shop") == {3, 2}
    assert flags(client_application_name="shop", client_application_version="1.0") == {2}
    assert flags(client_application_name="other") == set()


@pytest.mark.database
def test_evaluations_are_told_by_application(api, environment):
    feature = a_feature(environment.project, name="flag")
    evaluated(environment, "flag", 3, application="shop", application_version="2.0")
    evaluated(environment, "flag", 4, sdk="js")
    url = f"/api/v1/projects/{environment.project_id}/features/{feature.pk}/evaluation-data/"

    (row,) = api.get(url, {"environment_id": environment.pk, "client_application_name": "shop"}).json()

    assert (row["count"], row["labels"]["client_application_version"]) == (3, "2.0")


@pytest.mark.database
def test_counts_of_engines_without_statements_of_their_own(environment):
    used, later = a_server_key(environment)[0], a_server_key(environment, last_used_on=date(2099, 1, 1))[0]
    bucket = 1_796_212_800 // 900
    counts = Counts(
        requests={RequestKey(environment.pk, "flags", "sdk/1\x1fshop\x1f2", bucket): 3},
        server_keys={used.digest: "2026-12-02", later.digest: "2026-12-02", "gone": "2026-12-02"},
    )
    for _ in range(2):
        write_usage(counts)

    row = Request.objects.get()
    assert (row.sdk, row.application, row.application_version, row.count) == ("sdk/1", "shop", "2", 6)
    used.refresh_from_db()
    later.refresh_from_db()
    assert (used.last_used_on, later.last_used_on) == (date(2026, 12, 2), date(2099, 1, 1))


def test_an_environment_tells_when_its_server_keys_were_used_last(api, environment):
    a_server_key(environment, last_used_on=date(2026, 12, 2))
    a_server_key(environment)

    told = api.get(f"/api/v1/environments/{environment.api_key}/api-keys/").json()

    assert [key["last_used_on"] for key in told] == ["2026-12-02", None]
