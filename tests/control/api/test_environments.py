"""Environments and their server keys."""

import re
from datetime import UTC, datetime

import pytest

from burgee.control.environments.models import Environment, ServerKey
from burgee.control.events.models import Event
from burgee.control.kit.digests import sha256_hex
from burgee.control.targeting.models import FeatureState
from tests.control.api.conftest import client_of
from tests.factories.environments import a_server_key, an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project


@pytest.fixture
def project(organisation):
    return a_project(organisation)


def create(api, project, name="Production", **facts):
    return api.post("/api/v1/environments/", {"name": name, "project": project.pk} | facts, format="json")


def events() -> list[str]:
    return [event.type for event in Event.objects.order_by("id")]


@pytest.mark.database
def test_a_new_environment_has_a_key_the_usual_settings_and_a_state_for_each_feature(api, project):
    feature = a_feature(project)

    made = create(api, project).json()

    assert re.fullmatch("[2-9A-HJ-NP-Za-km-z]{22}", made["api_key"])
    assert (made["allow_client_traits"], made["hide_disabled_flags"], made["use_mv_v2_evaluation"]) == (
        True,
        None,
        True,
    )
    assert FeatureState.objects.get(environment_id=made["id"]).feature_id == feature.pk
    assert events() == ["environment.created"]


@pytest.mark.database
def test_an_environment_name_is_unique_in_its_project_while_the_environment_lives(api, project):
    first = create(api, project).json()

    taken = create(api, project)
    assert (taken.status_code, taken.json()) == (
        400,
        {"non_field_errors": ["An environment with this name already exists."]},
    )

    assert api.delete(f"/api/v1/environments/{first['api_key']}/").status_code == 204
    assert create(api, project).status_code == 201


@pytest.mark.parametrize("body", [{"name": "x"}, {"name": "x", "project": 4242}, {"name": "x", "project": "y"}, {}])
def test_an_environment_in_no_project_of_the_caller_is_refused(api, body):
    refused = api.post("/api/v1/environments/", body, format="json")

    assert (refused.status_code, refused.json()) == (
        403,
        {"detail": "You do not have permission to perform this action."},
    )


@pytest.mark.parametrize("query", ["", "?project=", "?project=x", "?project=-1"])
def test_a_list_needs_a_project(api, query):
    refused = api.get(f"/api/v1/environments/{query}")

    assert (refused.status_code, refused.json()) == (400, ["Invalid or missing value for project parameter."])


def test_the_environments_of_a_foreign_project_are_an_empty_list(foreigner, project):
    an_environment(project)

    assert client_of(foreigner).get(f"/api/v1/environments/?project={project.pk}").json()["count"] == 0


@pytest.mark.database
def test_a_list_costs_the_same_however_long_it_is(django_assert_num_queries, api, project):
    for _ in range(20):
        an_environment(project)

    with django_assert_num_queries(5):
        listed = api.get(f"/api/v1/environments/?project={project.pk}").json()
    with django_assert_num_queries(5):
        assert len(api.get(f"/api/v1/projects/{project.pk}/environments/").json()) == 20
    assert listed["count"] == 20


@pytest.mark.database
def test_settings_change_by_put_and_patch_and_an_equal_change_tells_nobody(api, project):
    environment = an_environment(project)
    path = f"/api/v1/environments/{environment.api_key}/"

    put = api.put(path, {"name": "New", "hide_disabled_flags": True, "banner_colour": "#ff0000"}, format="json").json()
    patched = api.patch(path, {"hide_disabled_flags": None}, format="json").json()
    api.patch(path, {"hide_disabled_flags": None}, format="json")

    assert (put["name"], put["hide_disabled_flags"], put["banner_colour"]) == ("New", True, "#ff0000")
    assert patched["hide_disabled_flags"] is None
    assert events() == ["environment.changed"] * 2
    assert Event.objects.last().payload["changes"][0]["before"] == {"hide_disabled_flags": True}


def test_neither_the_key_nor_the_project_can_be_changed(api, project, organisation):
    environment = an_environment(project)

    body = {"api_key": "mine", "project": a_project(organisation).pk}
    after = api.patch(f"/api/v1/environments/{environment.api_key}/", body, format="json").json()

    assert (after["api_key"], after["project"]) == (environment.api_key, project.pk)


@pytest.mark.database
def test_a_key_is_matched_with_its_case(api, project):
    environment = an_environment(project)

    assert api.get(f"/api/v1/environments/{environment.api_key.swapcase()}/").status_code == 404


@pytest.mark.database
def test_a_clone_has_the_settings_and_the_states_but_not_the_keys(api, project):
    source = an_environment(project, hide_sensitive_data=True)
    a_server_key(source)
    feature = a_feature(project)
    FeatureState.objects.filter(environment=source).update(enabled=True)

    answer = api.post(f"/api/v1/environments/{source.api_key}/clone/", {"name": "Copy"}, format="json")

    assert answer.status_code == 200
    assert set(answer.json()) == {"id", "name", "api_key", "project"}
    clone = Environment.objects.get(pk=answer.json()["id"])
    assert (clone.hide_sensitive_data, clone.server_keys.count()) == (True, 0)
    assert FeatureState.objects.get(environment=clone, feature=feature).enabled


@pytest.mark.database
def test_metrics_count_what_is_served(api, project):
    environment = an_environment(project)
    a_feature(project)
    a_feature(project, is_archived=True)
    FeatureState.objects.update(enabled=True)

    metrics = api.get(f"/api/v1/environments/{environment.api_key}/metrics/").json()["metrics"]

    assert {row["name"]: row["value"] for row in metrics} == {
        "total_features": 1,
        "enabled_features": 1,
        "segment_overrides": 0,
        "identity_overrides": 0,
    }


def keys_of(environment) -> str:
    return f"/api/v1/environments/{environment.api_key}/api-keys/"


@pytest.mark.database
def test_a_server_key_is_stored_as_a_hash_and_encrypted_and_can_be_read_again(api, project):
    environment = an_environment(project)

    made = api.post(keys_of(environment), {"name": "backend"}, format="json").json()

    row = ServerKey.objects.get()
    assert made["key"].startswith("ser.")
    assert row.digest == sha256_hex(made["key"])
    assert made["key"] not in row.ciphertext
    assert api.get(keys_of(environment)).json() == [made]
    assert made["key"] not in str(Event.objects.get().payload)


@pytest.mark.database
def test_a_server_key_is_switched_off_and_given_an_end(api, project):
    environment = an_environment(project)
    row, _ = a_server_key(environment)
    body = {"name": "old", "active": False, "expires_at": "2030-01-01T00:00:00Z"}

    changed = api.put(f"{keys_of(environment)}{row.pk}/", body, format="json").json()
    api.put(f"{keys_of(environment)}{row.pk}/", body, format="json")

    assert (changed["name"], changed["active"], changed["expires_at"]) == ("old", False, "2030-01-01T00:00:00Z")
    row.refresh_from_db()
    assert row.expires_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert events() == ["server_key.changed"]


@pytest.mark.database
def test_a_server_key_is_deleted_for_good(api, project):
    environment = an_environment(project)
    row, _ = a_server_key(environment)

    assert api.delete(f"{keys_of(environment)}{row.pk}/").status_code == 204

    assert not ServerKey.objects.exists()
    assert events() == ["server_key.deleted"]


def test_a_server_key_is_not_found_in_another_environment(api, project):
    row, _ = a_server_key(an_environment(project))

    assert api.delete(f"{keys_of(an_environment(project))}{row.pk}/").status_code == 404


def test_listing_server_keys_costs_the_same_however_many_there_are(django_assert_num_queries, api, project):
    environment = an_environment(project)
    for _ in range(20):
        a_server_key(environment)

    with django_assert_num_queries(4):
        assert len(api.get(keys_of(environment)).json()) == 20


@pytest.mark.database
def test_protection_is_a_setting_that_a_clone_takes_over(api, project):
    made = create(api, project).json()
    assert made["is_protected"] is False
    path = f"/api/v1/environments/{made['api_key']}/"

    assert api.patch(path, {"is_protected": True}, format="json").json()["is_protected"] is True
    assert api.patch(path, {"name": "Live"}, format="json").json()["is_protected"] is True
    clone = api.post(f"{path}clone/", {"name": "Copy"}, format="json").json()
    assert api.get(f"/api/v1/environments/{clone['api_key']}/").json()["is_protected"] is True
    [before, after] = [
        event.payload["changes"][0] for event in Event.objects.filter(type="environment.changed").order_by("id")
    ]
    assert (before["before"], before["after"]) == ({"is_protected": False}, {"is_protected": True})
    assert "is_protected" not in after["after"]


def test_protection_refuses_no_write_of_machines(api, project):
    feature = a_feature(project)
    key = create(api, project, is_protected=True).json()["api_key"]

    body = {"environments": {key: {"environment_default": {"enabled": True}}}}
    saved = api.post(f"/api/v1/projects/{project.pk}/features/{feature.pk}/save/", body, format="json")

    assert saved.status_code == 200


@pytest.mark.parametrize("wrong", [None, "perhaps", 2, [], {}])
def test_protection_is_on_or_off(api, project, wrong):
    key = create(api, project).json()["api_key"]

    assert api.patch(f"/api/v1/environments/{key}/", {"is_protected": wrong}, format="json").status_code == 400
