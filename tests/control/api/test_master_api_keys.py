"""Keys of an organisation: made and revoked by people, used by machines."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from burgee.control.events.models import Event
from burgee.control.features.models import Feature
from burgee.control.organisations.models import ApiKey
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.projects import a_project

USER_NEEDED = {"detail": "This endpoint can only be used with a user and not Master API Key"}


@pytest.fixture
def path(organisation):
    return f"/api/v1/organisations/{organisation.pk}/master-api-keys/"


@pytest.fixture
def key(api, path):
    return api.post(path, {"name": "ci"}, format="json").json()


def client_with(text):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    return client


@pytest.mark.database
def test_a_key_is_shown_once_and_only_its_hash_is_kept(api, path, admin):
    made = api.post(path, {"name": "ci", "is_admin": True}, format="json")

    assert made.status_code == 201
    facts = made.json()
    prefix, _, secret = facts["key"].partition(".")
    assert (len(prefix), len(secret), facts["prefix"], facts["created_by"]) == (8, 32, prefix, admin.pk)
    assert api.get(f"{path}{prefix}/").json()["key"] is None
    assert api.get(path).json()["results"][0]["key"] is None
    assert secret not in str(ApiKey.objects.values().get())
    assert secret not in str(Event.objects.get(type="api_key.created").payload)


@pytest.mark.database
def test_an_admin_key_administers_its_own_organisation_and_nothing_else(key, organisation, foreigner):
    machine = client_with(key["key"])
    elsewhere = foreigner.memberships.get().organisation

    assert machine.get(f"/api/v1/organisations/{organisation.pk}/").json()["name"] == "Acme"
    assert [row["name"] for row in machine.get("/api/v1/organisations/").json()["results"]] == ["Acme"]
    made = machine.post("/api/v1/projects/", {"name": "Shop", "organisation": organisation.pk}, format="json")
    assert made.status_code == 201
    assert machine.get(f"/api/v1/organisations/{elsewhere.pk}/").status_code == 403
    event = Event.objects.get(type="project.created")
    assert (event.actor_kind, event.actor_label) == ("api_key", "ci")


@pytest.mark.database
def test_a_key_makes_features_that_nobody_owns(key, organisation):
    project = a_project(organisation)

    made = client_with(key["key"]).post(f"/api/v1/projects/{project.pk}/features/", {"name": "new"}, format="json")

    assert (made.status_code, made.json()["owners"]) == (201, [])
    assert Feature.objects.get().name == "new"


def test_a_key_is_no_person(key, organisation):
    project = a_project(organisation)
    environment = an_environment(project)
    machine = client_with(key["key"])

    for path in (
        "/api/v1/auth/users/me/",
        f"/api/v1/projects/{project.pk}/my-permissions/",
        f"/api/v1/environments/{environment.api_key}/my-permissions/",
    ):
        answer = machine.get(path)
        assert (answer.status_code, answer.json()) == (400, USER_NEEDED)
    assert machine.post("/api/v1/users/join/nowhere/").status_code == 400
    assert machine.post("/api/v1/organisations/", {"name": "New"}, format="json").status_code == 400


def test_keys_do_not_manage_keys(key, path):
    machine = client_with(key["key"])

    assert machine.get(path).status_code == 403
    assert machine.post(path, {"name": "another"}, format="json").status_code == 403
    assert machine.patch(f"{path}{key['prefix']}/", {"revoked": False}, format="json").status_code == 403


def test_a_key_that_is_not_an_administrator_may_nothing_by_itself(api, path, organisation):
    plain = api.post(path, {"name": "ci", "is_admin": False}, format="json").json()
    project = a_project(organisation)

    machine = client_with(plain["key"])

    assert machine.get("/api/v1/projects/").json() == []
    assert machine.get(f"/api/v1/projects/{project.pk}/").status_code == 404
    assert machine.get(f"/api/v1/organisations/{organisation.pk}/").status_code == 403


@pytest.mark.database
@pytest.mark.parametrize(
    "change",
    [
        {"revoked": True},
        {"expiry_date": (timezone.now() - timedelta(seconds=1)).isoformat()},
    ],
)
def test_a_revoked_or_expired_key_opens_nothing(api, path, key, change):
    changed = api.patch(f"{path}{key['prefix']}/", change, format="json")

    assert changed.status_code == 200
    refused = client_with(key["key"]).get("/api/v1/projects/")
    assert (refused.status_code, refused.json()) == (401, {"detail": "Valid Master API Key not found."})


@pytest.mark.database
def test_a_revoked_key_stays_revoked(api, path, key):
    api.patch(f"{path}{key['prefix']}/", {"revoked": True}, format="json")

    restored = api.patch(f"{path}{key['prefix']}/", {"revoked": False}, format="json")

    assert (restored.status_code, list(restored.json())) == (400, ["revoked"])
    assert api.patch(f"{path}{key['prefix']}/", {"name": "old"}, format="json").json()["revoked"] is True


@pytest.mark.database
def test_a_deleted_key_opens_nothing_and_is_gone(api, path, key):
    assert api.delete(f"{path}{key['prefix']}/").status_code == 204

    assert api.get(f"{path}{key['prefix']}/").status_code == 404
    assert api.get(path).json()["count"] == 0
    assert client_with(key["key"]).get("/api/v1/projects/").status_code == 401


def test_the_keys_of_a_deleted_organisation_open_nothing(api, key, organisation):
    api.delete(f"/api/v1/organisations/{organisation.pk}/")

    assert client_with(key["key"]).get("/api/v1/projects/").status_code == 401


@pytest.mark.parametrize("text", ["", "x", "x.y", "x y", "é", "a" * 5000])
def test_what_is_no_key_is_401(anybody, text):
    anybody.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")

    assert anybody.get("/api/v1/projects/").status_code == 401


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 51}, {"name": "x", "expiry_date": "soon"}])
def test_a_key_that_makes_no_sense_is_400(api, path, body):
    assert api.post(path, body, format="json").status_code == 400


def test_a_key_is_found_by_its_prefix_in_its_own_organisation_alone(key, foreigner):
    elsewhere = foreigner.memberships.get().organisation_id

    path = f"/api/v1/organisations/{elsewhere}/master-api-keys/{key['prefix']}/"

    assert client_of(foreigner).get(path).status_code == 404
