"""How often people and keys may ask, wherever they ask from."""

import pytest

from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.api_keys import create_api_key
from tests.control.api.conftest import client_of
from tests.control.api.documented import DocumentedClient
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_rule


@pytest.fixture
def limited(settings):
    def limit(**rates):
        known = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": known | rates}

    return limit


def statuses(client, path, times):
    return [client.get(path).status_code for _ in range(times)]


def a_key(organisation):
    _, secret = create_api_key(organisation, actor=SYSTEM, name="robot", is_admin=True)
    client = DocumentedClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {secret}")
    return client


def test_nothing_but_sums_is_limited_unless_the_operator_says_so(api, organisation):
    assert statuses(api, f"/api/v1/organisations/{organisation.pk}/", 30) == [200] * 30


def test_sums_of_usage_may_be_asked_for_five_times_a_minute(api, organisation):
    data = f"/api/v1/organisations/{organisation.pk}/usage-data/"
    assert statuses(api, data, 3) == [200] * 3
    assert statuses(api, f"{data}total-count/", 3) == [200, 200, 429]


def test_each_person_is_counted_apart_even_behind_one_address(api, organisation, member, limited):
    limited(user="2/min")
    path = "/api/v1/organisations/"
    assert statuses(api, path, 3) == [200, 200, 429]
    assert statuses(client_of(member), path, 1) == [200]
    assert statuses(a_key(organisation), path, 3) == [200] * 3


def test_a_second_token_of_a_person_is_the_same_person(admin, organisation, limited):
    limited(user="2/min")
    path = f"/api/v1/organisations/{organisation.pk}/"
    assert [statuses(client_of(admin), path, 1)[0] for _ in range(3)] == [200, 200, 429]


def test_keys_have_a_limit_of_their_own(api, organisation, limited):
    limited(master_api_key="1/min")
    path = f"/api/v1/organisations/{organisation.pk}/"
    key = a_key(organisation)
    assert statuses(key, path, 2) == [200, 429]
    assert int(key.get(path).headers["Retry-After"]) > 0
    assert statuses(api, path, 3) == [200] * 3


def test_who_is_not_known_is_refused_and_not_counted(anybody, api, organisation, limited):
    limited(user="1/min")
    path = f"/api/v1/organisations/{organisation.pk}/"
    assert statuses(anybody, path, 3) == [401] * 3
    assert statuses(api, path, 1) == [200]


@pytest.mark.database
def test_previews_and_comparisons_are_limited_for_each_caller(api, organisation, limited):
    limited(preview="1/min", insight="2/min")
    environment = an_environment(a_project(organisation))
    feature = a_feature(environment.project)
    key, project = environment.api_key, environment.project_id
    segment = {"rules": a_rule(("EQUAL", "plan", "pro")), "environment": key}
    asked = [
        api.post(f"/api/v1/environments/{key}/features/{feature.pk}/preview/", {}, format="json"),
        api.post(f"/api/v1/projects/{project}/segments/preview/", segment, format="json"),
        api.get(f"/api/v1/projects/{project}/flag-matrix/"),
        api.get(f"/api/v1/projects/{project}/compare/", {"from": key, "to": key}),
        api.post(f"/api/v1/environments/{key}/explain/", {}, format="json"),
        api.post(f"/api/v1/environments/{key}/promote/", {"from": key, "features": [feature.pk]}, format="json"),
    ]
    assert [answer.status_code for answer in asked] == [200, 429, 200, 200, 429, 429]
