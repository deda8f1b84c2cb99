"""The audit log over HTTP: who sees which lines, how they are filtered, and files of them."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burgee.control.access.grants import Entry, change_grant, grant
from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import verify
from burgee.control.features.rows import NewFeature
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.organisations.models import Membership
from burgee.control.targeting.edits import Everyone, Set
from burgee.control.targeting.openings import create_feature
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.organisations import a_member
from tests.factories.projects import a_project
from tests.factories.segments import a_segment


@pytest.fixture
def project(organisation):
    return a_project(organisation, name="Shop")


@pytest.fixture
def environment(project):
    return an_environment(project, name="Production")


def a_line(project, name="checkout", actor=SYSTEM):
    feature = create_feature(project, NewFeature(name=name), actor=actor)
    everything_delivered()
    return feature


def logs(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [line["log"] for line in response.json()["results"]]


def test_a_line_shows_who_what_and_where(api, admin, project, environment):
    feature = a_line(project)
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=Actor.user(admin.pk, admin.email))
    everything_delivered()
    listed = api.get(f"/api/v1/projects/{project.pk}/audit/").json()["results"]
    line = listed[0]
    assert line["log"] == "Flag state updated for feature: checkout in environment: Production"
    assert line["author"]["email"] == "ada@example.com"
    assert set(line["author"]) == {"id", "email", "first_name", "last_name", "last_login"}
    assert (line["environment"]["name"], line["project"]["name"]) == ("Production", "Shop")
    assert (line["related_object_type"], line["is_system_event"]) == ("FEATURE_STATE", False)
    assert (listed[1]["author"], listed[1]["is_system_event"]) == (None, True)
    for prefix in ("", f"projects/{project.pk}/", f"organisations/{project.organisation_id}/"):
        detail = api.get(f"/api/v1/{prefix}audit/{line['id']}/").json()
        assert detail["change_details"] == [{"field": "enabled", "old": False, "new": True}]
        assert detail["change_type"] == "UPDATE"


@pytest.mark.database
def test_an_unknown_line_is_missing_in_the_words_that_clients_know(api, project):
    for path in ("audit/999999/", f"projects/{project.pk}/audit/999999/"):
        response = api.get(f"/api/v1/{path}")
        assert (response.status_code, response.json()) == (404, {"detail": "No AuditLog matches the given query."})


def test_lines_of_another_organisation_are_nowhere(api, foreigner, project):
    a_line(project)
    line_id = AuditLog.objects.get().pk
    stranger = client_of(foreigner)
    assert logs(stranger.get("/api/v1/audit/")) == []
    assert stranger.get(f"/api/v1/audit/{line_id}/").status_code == 404
    assert stranger.get("/api/v1/audit/export/jsonl/").getvalue() == b""
    assert stranger.get(f"/api/v1/projects/{project.pk}/audit/{line_id}/").status_code == 404
    assert stranger.get(f"/api/v1/organisations/{project.organisation_id}/audit/").status_code == 403
    other = a_project(project.organisation)
    assert api.get(f"/api/v1/projects/{other.pk}/audit/{line_id}/").status_code == 404


def test_a_plain_member_sees_no_lines(member, project):
    a_line(project)
    plain = client_of(member)
    assert logs(plain.get("/api/v1/audit/")) == []
    assert plain.get(f"/api/v1/projects/{project.pk}/audit/").status_code in {403, 404}


@pytest.mark.database
def test_lines_are_filtered(api, admin, organisation, project, environment):
    author = Actor.user(admin.pk, admin.email)
    feature = a_line(project, "checkout", author)
    other = a_project(organisation)
    a_line(other, "search")
    second = an_environment(project, name="Staging")
    for place in (environment, second):
        apply(place, feature, [Set(target=Everyone(), enabled=True)], actor=author)
    everything_delivered()
    production, staging = (
        f"Flag state updated for feature: checkout in environment: {n}" for n in ("Production", "Staging")
    )
    created, elsewhere = (f"New Flag / Remote Config created: {name}" for name in ("checkout", "search"))
    soon = (clock.now() + timedelta(hours=1)).isoformat().replace("+", "%2B")
    # The day of the lines, should midnight come while this runs.
    today = AuditLog.objects.get(log=elsewhere).occurred_at.date()
    earlier = AuditLog.objects.get(log=elsewhere).pk
    for query, expected in {
        "": [staging, production, elsewhere, created],
        f"project={other.pk}": [elsewhere],
        f"environments={environment.pk}": [production],
        f"environments={environment.pk}&environments={second.pk}": [staging, production],
        f"environments={environment.pk},{second.pk}": [staging, production],
        f"author={admin.pk}": [staging, production, created],
        "related_object_type=FEATURE": [elsewhere, created],
        "search=CHECKOUT": [staging, production, created],
        "search=100%25": [],
        "is_system_event=true": [elsewhere],
        "is_system_event=false": [staging, production, created],
        "is_system_event=": [staging, production, elsewhere, created],
        f"date_from={soon}": [],
        f"date_to={soon}": [staging, production, elsewhere, created],
        f"date_to={today}": [staging, production, elsewhere, created],
        f"date_from={today}&date_to={today}": [staging, production, elsewhere, created],
        f"date_to={today - timedelta(days=1)}": [],
        "page_size=1&page=2": [production],
        f"after={earlier}": [staging, production],
        "after=0": [staging, production, elsewhere, created],
    }.items():
        assert logs(api.get(f"/api/v1/audit/?{query}")) == expected, query


@pytest.mark.parametrize(
    "query",
    [
        "project=x",
        "environments=x",
        "author=x",
        "after=-1",
        "date_from=yesterday",
        "is_system_event=perhaps",
        "search=" + "x" * 257,
    ],
)
def test_a_filter_that_cannot_be_read_is_a_400(api, query):
    assert api.get(f"/api/v1/audit/?{query}").status_code == 400


def test_a_person_who_is_gone_is_shown_as_they_were_called(api, project):
    user = a_user("bob@example.com")
    a_line(project, actor=Actor.user(user.pk, user.email))
    user.delete()
    assert api.get("/api/v1/audit/").json()["results"][0]["author"]["email"] == "bob@example.com"


def test_a_key_is_named_beside_an_empty_author(api, project):
    a_line(project, actor=Actor.api_key(3, "deploy robot"))
    line = api.get("/api/v1/audit/").json()["results"][0]
    assert (line["author"], line["author_label"], line["author_kind"]) == (None, "deploy robot", "api_key")


@pytest.mark.database
def test_files_hold_every_line_and_are_filtered_too(api, admin, project):
    a_line(project, "checkout", Actor.user(admin.pk, admin.email))
    a_line(project, "search")
    AuditLog.objects.filter(log__endswith="search").update(log='=cmd()|" ,x')
    response = api.get("/api/v1/audit/export/csv/")
    assert response.headers["Content-Type"].startswith("text/csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [row["log"] for row in rows] == ["'=cmd()|\" ,x", "New Flag / Remote Config created: checkout"]
    assert (rows[1]["author"], rows[1]["project_name"], rows[1]["position"]) == ("ada@example.com", "Shop", "1")
    lines = api.get(f"/api/v1/projects/{project.pk}/audit/export/jsonl/?search=checkout").getvalue().decode()
    (record,) = [json.loads(line) for line in lines.splitlines()]
    assert record["change_details"][0] == {"field": "name", "old": None, "new": "checkout"}
    assert record["hash"] == AuditLog.objects.get(position=1).hash
    assert api.get(f"/api/v1/organisations/{project.organisation_id}/audit/export/csv/").status_code == 200
    assert api.get("/api/v1/audit/export/pdf/").status_code == 404


def many_lines(project, environment, count):
    """Lines as they are stored, without events."""
    AuditLog.objects.bulk_create(
        [
            AuditLog(
                organisation_id=project.organisation_id,
                position=number,
                seq=number,
                index=0,
                event_uuid=f"00000000-0000-0000-0000-{number:012}",
                event_type="flag.changed",
                occurred_at=clock.now(),
                project_id=project.pk,
                environment_id=environment.pk,
                change_type="UPDATE",
                object_type="FEATURE_STATE",
                object_id=number,
                author_kind="user",
                author_id=a_user().pk if number % 50 == 0 else None,
                log=f"Flag state updated for feature: feature_{number}",
                details=[],
            )
            for number in range(1, count + 1)
        ],
        batch_size=500,
    )


def test_a_page_costs_as_many_queries_with_many_lines_as_with_one(api, project, environment):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(f"/api/v1/projects/{project.pk}/audit/?page_size=100").status_code == 200
        return len(captured)

    a_line(project)
    one = queries()
    AuditLog.objects.all().delete()
    many_lines(project, environment, 300)
    # People, environments and their values, which the one line did not have; and how many lines there are.
    assert queries() <= one + 4


def test_who_was_granted_the_permission_sees_the_log_of_the_project_and_no_more(project):
    user = a_user("carl@example.com")
    a_member(project.organisation, user)
    reader = client_of(user)
    entries = [Entry("VIEW_PROJECT")]
    row = grant(user, project, entries=entries, actor=SYSTEM)
    a_line(project)
    assert reader.get(f"/api/v1/projects/{project.pk}/audit/").status_code == 403
    change_grant(row, entries=[*entries, Entry("VIEW_AUDIT_LOG")], actor=SYSTEM)
    assert logs(reader.get(f"/api/v1/projects/{project.pk}/audit/"))[0] == "New Flag / Remote Config created: checkout"
    assert reader.get(f"/api/v1/projects/{project.pk}/audit/export/csv/").status_code == 200
    assert logs(reader.get("/api/v1/audit/")) == []
    assert reader.get(f"/api/v1/organisations/{project.organisation_id}/audit/").status_code == 403


def test_people_are_told_by_their_address_while_they_have_an_account(api, organisation, project):
    grace, stranger = a_user("grace@example.com"), a_user("stranger@example.com")
    a_member(organisation, grace)
    people = f"/api/v1/organisations/{organisation.pk}/users/{grace.pk}"
    path = f"/api/v1/organisations/{organisation.pk}/audit/"
    assert api.post(f"{people}/update-role/", {"role": "ADMIN"}, format="json").status_code == 200
    a_line(project, name="checkout", actor=Actor.user(grace.pk, grace.email))
    a_segment(project, name=f"user #{stranger.pk}")
    everything_delivered()
    assert "User grace@example.com is now ADMIN" in logs(api.get(path))
    assert not any("stranger@example.com" in line for line in logs(api.get(path)))
    sealed = AuditLog.objects.get(log__contains="is now ADMIN")
    assert sealed.log == f"User #{grace.pk} is now ADMIN"
    assert list(verify()) == []

    Membership.objects.filter(user=grace).delete()
    assert "User grace@example.com is now ADMIN" in logs(api.get(path)), "who worked here is still known"
    number = grace.pk
    grace.delete()
    assert f"User #{number} is now ADMIN" in logs(api.get(path))
