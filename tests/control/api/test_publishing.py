"""What a write means for the data plane by the time it is answered."""

import pytest

from burgee.control.events import publish
from burgee.control.publishing.queries import snapshot
from tests.factories.features import a_feature
from tests.factories.projects import a_project


@pytest.fixture
def environment(api, organisation, django_capture_on_commit_callbacks):
    """An environment with one feature, made over the API and published."""
    project = a_project(organisation)
    a_feature(project, name="checkout")
    with django_capture_on_commit_callbacks(execute=True):
        made = api.post("/api/v1/environments/", {"name": "Live", "project": project.pk}, format="json")
    return made.json()


def test_a_new_environment_has_a_document_when_its_creation_is_answered(api, environment):
    document = api.get(f"/api/v1/environments/{environment['api_key']}/document/")

    assert document.status_code == 200
    assert document.json()["api_key"] == environment["api_key"]
    assert [state["feature"]["name"] for state in document.json()["feature_states"]] == ["checkout"]


def test_an_environment_that_was_never_published_has_no_document(api, organisation):
    project = a_project(organisation)
    made = api.post("/api/v1/environments/", {"name": "Live", "project": project.pk}, format="json").json()

    assert api.get(f"/api/v1/environments/{made['api_key']}/document/").status_code == 404


@pytest.mark.database
@pytest.mark.parametrize("level", ["organisations", "projects", "environments"])
def test_a_deletion_at_any_level_stops_serving_the_environments_below(
    api, environment, organisation, level, django_capture_on_commit_callbacks
):
    assert snapshot(environment["id"]).parts
    names = {
        "organisations": organisation.pk,
        "projects": environment["project"],
        "environments": environment["api_key"],
    }

    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(f"/api/v1/{level}/{names[level]}/").status_code == 204

    assert snapshot(environment["id"]) is None


@pytest.mark.database
def test_a_setting_of_the_project_is_published(api, environment, django_capture_on_commit_callbacks):
    before = snapshot(environment["id"])

    with django_capture_on_commit_callbacks(execute=True):
        api.patch(f"/api/v1/projects/{environment['project']}/", {"hide_disabled_flags": True}, format="json")

    after = snapshot(environment["id"])
    assert after.revision > before.revision
    assert after.parts["settings"].project_hide_disabled_flags is True


def test_a_server_key_is_published_as_a_hash(api, environment, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        path = f"/api/v1/environments/{environment['api_key']}/api-keys/"
        made = api.post(path, {"name": "backend"}, format="json").json()

    (key,) = snapshot(environment["id"]).parts["settings"].server_keys
    assert len(key.digest) == 64
    assert made["key"] not in str(snapshot(environment["id"]))


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_write_whose_publishing_fails_succeeds_and_says_that_it_lags(api):
    def broken(_event, _settle):
        raise RuntimeError("the store is away")

    publish.register_inline("broken", broken)
    try:
        lagging = api.post("/api/v1/organisations/", {"name": "One"}, format="json")
    finally:
        publish._inline.pop("broken")
    afterwards = api.post("/api/v1/organisations/", {"name": "Two"}, format="json")

    assert (lagging.status_code, lagging.headers["Burgee-Publishing"]) == (201, "pending")
    assert "Burgee-Publishing" not in afterwards.headers
