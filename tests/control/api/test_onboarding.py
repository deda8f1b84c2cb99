from datetime import datetime, timedelta

import pytest

from burgee.control.kit import clock
from burgee.control.onboarding.services import note_first_evaluations
from burgee.control.usage.models import Request
from tests.factories.environments import an_environment
from tests.factories.usage import a_request

MINE = "/api/v1/auth/users/me/"


@pytest.fixture
def environment():
    return an_environment(created_date=clock.now() - timedelta(days=30))


@pytest.fixture
def status(environment):
    return f"/api/v1/environments/{environment.api_key}/onboarding-status/"


NOT_YET = {"first_evaluated_at": None, "first_evaluated_sdk_label": None}


def test_nothing_is_known_before_the_first_evaluation(anybody, status):
    assert anybody.get(status).json() == NOT_YET


def test_the_first_request_of_an_sdk_is_noticed_and_kept(anybody, environment, status):
    a_request(environment, "identities", days_ago=1, sdk="flagsmith-js-sdk/1.0")
    a_request(environment, days_ago=2)

    told = anybody.get(status).json()
    Request.objects.all().delete()

    assert told["first_evaluated_sdk_label"] == "flagsmith-python-sdk/6.3.0"
    age = clock.now() - datetime.fromisoformat(told["first_evaluated_at"])
    assert timedelta(days=1.9) < age < timedelta(days=2.1)
    assert anybody.get(status).json() == told


def test_requests_of_others_do_not_count(anybody, environment, status):
    a_request(environment, sdk="")
    a_request(environment, sdk=None)
    a_request(environment, "traits")
    a_request(an_environment())

    assert anybody.get(status).json() == NOT_YET


@pytest.mark.database
def test_first_evaluations_are_noted_before_usage_goes(anybody, environment, status):
    a_request(environment)
    a_request(an_environment())

    assert note_first_evaluations() == 2
    assert note_first_evaluations() == 0
    Request.objects.all().delete()
    assert anybody.get(status).json()["first_evaluated_at"] is not None


@pytest.mark.database
def test_what_was_told_first_stays(anybody, status):
    assert anybody.put(status, {"first_evaluated_sdk_label": "my-sdk"}, format="json").status_code == 204
    told = anybody.get(status).json()
    assert anybody.put(status, {"first_evaluated_sdk_label": "another"}, format="json").status_code == 204

    assert told["first_evaluated_sdk_label"] == "my-sdk"
    assert anybody.get(status).json() == told


def test_a_wrong_label_and_an_unknown_key_are_refused(anybody, status):
    long = anybody.put(status, {"first_evaluated_sdk_label": "x" * 101}, format="json")

    assert (long.status_code, list(long.json())) == (400, ["first_evaluated_sdk_label"])
    assert anybody.get("/api/v1/environments/nowhere/onboarding-status/").status_code == 404


def test_own_tasks_are_merged(api):
    assert api.get(MINE).json()["onboarding"] is None
    tasks = [{"name": "create-flag", "completed_at": "2026-01-01T00:00:00Z"}]

    assert api.patch(f"{MINE}onboarding/", {"tasks": tasks}, format="json").status_code == 204
    tools = {"completed": True, "integrations": ["slack"]}
    body = {"tools": tools, "hosting_preferences": ["self-hosted"]}
    assert api.patch(f"{MINE}onboarding/", body, format="json").status_code == 204

    assert api.get(MINE).json()["onboarding"] == {
        "tasks": [{"name": "create-flag", "completed_at": "2026-01-01T00:00:00+00:00"}],
        "tools": tools,
        "hosting_preferences": ["self-hosted"],
    }


@pytest.mark.parametrize("body", [{}, {"unknown": 1}])
def test_saying_nothing_is_refused(api, body):
    answer = api.patch(f"{MINE}onboarding/", body, format="json")

    assert (answer.status_code, list(answer.json())) == (400, ["message"])


@pytest.mark.parametrize("body", [{"tasks": "x"}, {"tools": []}, {"hosting_preferences": [{}]}, {"tasks": [{}]}])
def test_wrong_tasks_name_the_field(api, body):
    answer = api.patch(f"{MINE}onboarding/", body, format="json")

    assert (answer.status_code, list(answer.json())) == (400, list(body))
