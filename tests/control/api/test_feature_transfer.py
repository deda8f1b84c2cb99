"""Exports, imports and clones over HTTP."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from burgee.control.access.grants import Entry, grant
from burgee.control.audit.models import AuditLog
from burgee.control.events import relay
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.models import FeatureState
from burgee.control.worker.consumers import CONSUMERS
from tests.control.api.conftest import client_of
from tests.control.portability.conftest import an_item, do_all_jobs
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.projects import a_project

EXPORT = "/api/v1/features/create-feature-export/"


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def environment(project):
    return an_environment(project, name="Production")


def export(api, environment, **facts):
    return api.post(EXPORT, {"environment_id": environment.pk, "tag_ids": []} | facts, format="json")


def upload(api, environment, content, strategy="SKIP"):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("features.json", data, content_type="application/json")
    return api.post(
        f"/api/v1/features/feature-import/{environment.pk}", {"file": file, "strategy": strategy}, format="multipart"
    )


def listed(api, project, what):
    answer = api.get(f"/api/v1/projects/{project.pk}/feature-{what}/")
    assert answer.status_code == 200
    return answer.json()["results"]


def test_an_export_is_asked_for_made_listed_and_fetched(api, project, environment):
    a_feature(project, name="flag", initial_value="x")

    asked = export(api, environment)

    body = asked.json()
    assert (asked.status_code, body["environment_id"], body["status"]) == (201, environment.pk, "PROCESSING")
    assert re.fullmatch(r"Production \| \d{4}-\d\d-\d\d \d\d:\d\d UTC", body["name"])
    address = f"/api/v1/features/download-feature-export/{body['id']}/"
    early = api.get(address)
    assert (early.status_code, early.json()) == (400, {"detail": "This export has no file: its status is PROCESSING."})

    do_all_jobs()

    (row,) = listed(api, project, "exports")
    assert (row["id"], row["status"], row["progress"], row["error"]) == (body["id"], "SUCCESS", 100, None)
    file = api.get(address)
    assert file.status_code == 200
    assert file["Content-Disposition"].startswith("attachment; filename=")
    assert file.json() == [an_item("flag", initial_value="x", value="x")]


@pytest.mark.parametrize(
    "facts", [{"tag_ids": None}, {"tag_ids": ["x"]}, {"tag_ids": 1}, {"tag_ids": [4242]}, {"tag_ids": [{}]}]
)
def test_an_export_with_tags_that_are_none_is_refused(api, environment, facts):
    refused = export(api, environment, **facts)

    assert (refused.status_code, list(refused.json())) == (400, ["tag_ids"])


@pytest.mark.database
def test_an_export_limited_by_tags_says_only_these(api, project, environment):
    tag = a_tag(project)
    a_feature(project, name="tagged").tags.add(tag)
    a_feature(project, name="untagged")

    made = export(api, environment, tag_ids=[tag.pk]).json()
    do_all_jobs()

    file = api.get(f"/api/v1/features/download-feature-export/{made['id']}/")
    assert [item["name"] for item in file.json()] == ["tagged"]


def test_a_file_is_imported(api, project, environment):
    asked = upload(api, environment, [an_item("new", enabled=True)])

    assert asked.status_code == 201
    assert asked.json() | {"id": 0, "created_at": ""} == {
        "id": 0,
        "environment_id": environment.pk,
        "strategy": "SKIP",
        "status": "PROCESSING",
        "created_at": "",
        "progress": 0,
        "problems": [],
        "outcome": None,
    }
    do_all_jobs()
    (row,) = listed(api, project, "imports")
    assert (row["status"], row["progress"]) == ("SUCCESS", 100)
    assert row["outcome"] == {"created": 1, "overwritten": 0, "skipped": 0}
    assert FeatureState.objects.get(environment=environment).enabled is True


@pytest.mark.database
def test_a_second_import_waits_for_the_first(api, environment):
    assert upload(api, environment, []).status_code == 201

    refused = upload(api, environment, [])

    assert refused.status_code == 400
    assert refused.json() == ["Another feature import for this environment is not finished yet."]


def test_what_is_wrong_with_a_file_stands_in_its_row(api, project, environment):
    upload(api, environment, [an_item("a"), an_item("b", type="int", value="x")])
    do_all_jobs()

    (row,) = listed(api, project, "imports")
    assert row["status"] == "FAILED"
    assert [(problem["item"], problem["feature"]) for problem in row["problems"]] == [(2, "b")]


@pytest.mark.parametrize(
    ("content", "strategy", "field"),
    [(b"[]", "MERGE", "strategy"), (b" " * 1_000_001, "SKIP", "file"), (b"\xff\xfe", "SKIP", "file")],
)
def test_an_upload_that_cannot_be_an_import_is_refused(api, environment, content, strategy, field):
    refused = upload(api, environment, content, strategy)

    assert (refused.status_code, list(refused.json())) == (400, [field])


@pytest.mark.parametrize("body", [{}, {"file": "x", "strategy": "SKIP"}, {"file": None}, []])
def test_an_import_without_a_file_is_refused(api, environment, body):
    assert api.post(f"/api/v1/features/feature-import/{environment.pk}", body, format="json").status_code == 400


@pytest.mark.database
def test_lists_show_only_environments_that_the_caller_administers(api, project, environment, member):
    other = an_environment(project)
    for place in (environment, other):
        export(api, place)
        upload(api, place, [])
    grant(member, project, entries=[Entry("VIEW_PROJECT")], actor=SYSTEM)
    grant(member, environment, entries=[Entry("VIEW_ENVIRONMENT")], is_admin=True, actor=SYSTEM)
    grant(member, other, entries=[Entry("VIEW_ENVIRONMENT")], actor=SYSTEM)

    for what in ("exports", "imports"):
        assert [row["environment_id"] for row in listed(client_of(member), project, what)] == [environment.pk]
        assert [row["environment_id"] for row in listed(api, project, what)] == [other.pk, environment.pk]


def test_lists_take_few_queries_however_long_they_are(api, project, django_assert_max_num_queries):
    for _ in range(5):
        export(api, an_environment(project))

    with django_assert_max_num_queries(10):
        assert len(listed(api, project, "exports")) == 5


@pytest.mark.database
def test_an_export_of_others_looks_missing(api, environment, foreigner, member, project):
    made = export(api, environment).json()["id"]
    do_all_jobs()

    for client in (client_of(foreigner), client_of(member)):
        there = client.get(f"/api/v1/features/download-feature-export/{made}/")
        nowhere = client.get("/api/v1/features/download-feature-export/424242/")
        assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json())
        assert there.status_code == 404

    grant(member, project, entries=[Entry("VIEW_PROJECT")], actor=SYSTEM)
    grant(member, environment, entries=[Entry("VIEW_ENVIRONMENT")], actor=SYSTEM)
    assert client_of(member).get(f"/api/v1/features/download-feature-export/{made}/").status_code == 403


@pytest.mark.database
def test_exports_and_imports_are_told_in_the_log(api, project, environment):
    a_feature(project, name="old")
    export(api, environment)
    upload(api, environment, [an_item("old", enabled=True), an_item("new")], "OVERWRITE_DESTRUCTIVE")
    do_all_jobs()
    while relay.dispatch(CONSUMERS) or relay.deliver(CONSUMERS, owner="test"):
        continue

    lines = AuditLog.objects.order_by("position")
    assert list(lines.values_list("log", "author_label")) == [
        ("Features exported from environment: Production", "ada@example.com"),
        ("Features imported into environment: Production", "ada@example.com"),
        ("New Flag / Remote Config created: new", "ada@example.com"),
        ("Flag state updated for feature: old in environment: Production", "ada@example.com"),
    ]


def test_a_clone_in_the_background_says_how_far_it_is(api, project, environment):
    a_feature(project)
    body = {"name": "Clone", "clone_feature_states_async": True}
    made = api.post(f"/api/v1/environments/{environment.api_key}/clone/", body, format="json")

    address = f"/api/v1/environments/{made.json()['api_key']}/"
    assert made.status_code == 200
    assert api.get(address).json()["is_creating"] is True
    assert api.get(f"{address}clone/").json() == {"status": "PROCESSING", "progress": 0, "attempts": 0}
    assert api.post(f"{address}clone/", {"name": "Again"}, format="json").status_code == 409

    do_all_jobs()

    assert api.get(address).json()["is_creating"] is False
    assert api.get(f"{address}clone/").json() == {"status": "SUCCESS", "progress": 100, "attempts": 1}


@pytest.mark.database
def test_an_environment_that_was_not_cloned_in_the_background_has_no_progress(api, environment):
    assert api.get(f"/api/v1/environments/{environment.api_key}/clone/").status_code == 404
