"""Organisations, their members and projects."""

import uuid

import pytest
from django.test import override_settings

from burgee.control.events.models import Event
from burgee.control.organisations.models import Membership, Organisation
from burgee.control.projects.models import Project
from burgee.control.settings import ControlSettings
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.organisations import a_member, an_organisation
from tests.factories.projects import a_project
from tests.factories.segments import a_segment


def events() -> list[str]:
    return [event.type for event in Event.objects.order_by("id")]


def test_who_creates_an_organisation_administers_it():
    api = client_of(a_user())

    made = api.post("/api/v1/organisations/", {"name": "New"}, format="json")

    assert (made.status_code, made.json()["num_seats"]) == (201, 1)
    assert api.get("/api/v1/organisations/").json()["results"][0]["role"] == "ADMIN"
    assert events() == ["organisation.created"]


def test_creating_organisations_can_be_kept_to_superusers():
    with override_settings(CONTROL=ControlSettings(restrict_org_create_to_superusers=True)):
        plain = client_of(a_user()).post("/api/v1/organisations/", {"name": "New"}, format="json")
        superuser = client_of(a_user(is_superuser=True)).post("/api/v1/organisations/", {"name": "New"}, format="json")

    assert (plain.status_code, superuser.status_code) == (403, 201)


def test_a_superuser_is_a_stranger_in_the_organisations_of_others(organisation):
    assert client_of(a_user(is_superuser=True)).get(f"/api/v1/organisations/{organisation.pk}/").status_code == 403


def test_a_list_shows_the_own_living_organisations_with_the_own_role(member, organisation):
    an_organisation(name="Elsewhere")
    a_member(gone := an_organisation(name="Gone"), member)
    client_of(member)
    Organisation.objects.filter(pk=gone.pk).update(deleted_at="2026-01-01T00:00:00Z")

    rows = client_of(member).get("/api/v1/organisations/").json()["results"]

    assert [(row["name"], row["role"]) for row in rows] == [("Acme", "USER")]


def test_an_administrator_changes_an_organisation_and_an_equal_change_tells_nobody(api, organisation):
    path = f"/api/v1/organisations/{organisation.pk}/"

    changed = api.patch(path, {"force_2fa": True}, format="json")
    api.patch(path, {"force_2fa": True}, format="json")

    assert changed.json()["force_2fa"] is True
    assert events() == ["organisation.changed"]
    assert Event.objects.get().payload["changes"][0]["after"] == {"force_2fa": True}


def test_nothing_is_limited(api, organisation):
    facts = api.get(f"/api/v1/organisations/{organisation.pk}/get-subscription-metadata/").json()

    assert set(facts.values()) == {None}


def test_everything_below_a_deleted_organisation_is_gone(api, organisation):
    environment = an_environment(a_project(organisation))

    assert api.delete(f"/api/v1/organisations/{organisation.pk}/").status_code == 204

    assert api.get("/api/v1/organisations/").json()["count"] == 0
    assert api.get("/api/v1/projects/").json() == []
    assert api.get(f"/api/v1/projects/{environment.project_id}/").status_code == 404
    assert api.get(f"/api/v1/environments/{environment.api_key}/").status_code == 404
    assert events() == ["organisation.deleted"]


def test_an_object_is_found_by_its_uuid_only_by_those_who_see_it(api, organisation, foreigner):
    project = a_project(organisation)
    environment = an_environment(project)

    for kind, row in (("organisations", organisation), ("projects", project), ("environments", environment)):
        assert api.get(f"/api/v1/{kind}/get-by-uuid/{row.uuid}/").json()["id"] == row.pk
        assert client_of(foreigner).get(f"/api/v1/{kind}/get-by-uuid/{row.uuid}/").status_code == 404
        assert api.get(f"/api/v1/{kind}/get-by-uuid/{uuid.uuid4()}/").status_code == 404


def test_a_member_sees_the_other_members(admin, member, organisation):
    path = f"/api/v1/organisations/{organisation.pk}/users/"

    assert [row["email"] for row in client_of(member).get(path).json()] == [admin.email, member.email]
    assert [row["email"] for row in client_of(member).get(f"{path}?exclude_current=true").json()] == [admin.email]


def test_an_administrator_changes_a_role(api, member, organisation):
    path = f"/api/v1/organisations/{organisation.pk}/users/{member.pk}/update-role/"

    changed = api.post(path, {"role": "ADMIN"}, format="json")
    api.post(path, {"role": "ADMIN"}, format="json")

    assert (changed.status_code, changed.json()["role"]) == (200, "ADMIN")
    assert events() == ["member.changed"]
    assert api.post(path, {"role": "BOGUS"}, format="json").json() == {"role": ['"BOGUS" is not a valid choice.']}


def test_the_role_of_a_stranger_cannot_be_changed(api, organisation, foreigner):
    path = f"/api/v1/organisations/{organisation.pk}/users/{foreigner.pk}/update-role/"

    assert api.post(path, {"role": "ADMIN"}, format="json").status_code == 404


def test_members_are_removed_together_or_not_at_all(api, member, organisation, foreigner):
    path = f"/api/v1/organisations/{organisation.pk}/remove-users/"

    refused = api.post(path, [{"id": member.pk}, {"id": foreigner.pk}], format="json")
    assert refused.status_code == 400
    assert Membership.objects.filter(organisation=organisation).count() == 2

    assert api.post(path, [{"id": member.pk}], format="json").json() == [{"id": member.pk}]
    assert client_of(member).get("/api/v1/organisations/").json()["count"] == 0


def test_the_last_administrator_can_neither_leave_nor_step_down(api, admin, member, organisation):
    left = api.post(f"/api/v1/organisations/{organisation.pk}/remove-users/", [{"id": admin.pk}], format="json")
    path = f"/api/v1/organisations/{organisation.pk}/users/{admin.pk}/update-role/"
    stepped_down = api.post(path, {"role": "USER"}, format="json")

    assert (left.status_code, stepped_down.status_code) == (400, 400)
    assert Membership.objects.get(organisation=organisation, user=admin).role == "ADMIN"
    assert events() == []


def test_a_project_starts_with_the_usual_settings(api, organisation):
    made = api.post("/api/v1/projects/", {"name": "Shop", "organisation": organisation.pk}, format="json")

    assert made.status_code == 201
    assert made.json()["stale_flags_limit_days"] == 30
    assert made.json()["only_allow_lower_case_feature_names"] is True
    assert events() == ["project.created"]


def test_a_project_needs_an_organisation_that_the_caller_administers(api, member, organisation, foreigner):
    body = {"name": "Shop", "organisation": organisation.pk}

    assert api.post("/api/v1/projects/", {"name": "Shop"}, format="json").json() == {
        "organisation": ["This field is required."]
    }
    assert client_of(member).post("/api/v1/projects/", body, format="json").status_code == 403
    assert client_of(foreigner).post("/api/v1/projects/", body, format="json").status_code == 403
    assert api.post("/api/v1/projects/", body | {"organisation": 4242}, format="json").status_code == 403


def test_a_project_name_is_unique_in_its_organisation_while_the_project_lives(api, organisation):
    body = {"name": "Shop", "organisation": organisation.pk}
    first = api.post("/api/v1/projects/", body, format="json").json()

    taken = api.post("/api/v1/projects/", body, format="json")
    assert (taken.status_code, taken.json()) == (
        400,
        {"non_field_errors": ["A project with this name already exists."]},
    )

    api.delete(f"/api/v1/projects/{first['id']}/")
    assert api.post("/api/v1/projects/", body, format="json").status_code == 201


def test_a_project_cannot_take_the_name_of_another(api, organisation):
    a_project(organisation, name="Shop")
    other = a_project(organisation, name="Other")

    assert api.patch(f"/api/v1/projects/{other.pk}/", {"name": "Shop"}, format="json").status_code == 400
    other.refresh_from_db()
    assert other.name == "Other"


def test_one_project_tells_its_totals(api, organisation):
    project = a_project(organisation)
    a_feature(project)
    a_segment(project)

    facts = api.get(f"/api/v1/projects/{project.pk}/").json()

    assert (facts["total_features"], facts["total_segments"], facts["max_features_allowed"]) == (1, 1, 1000)


def test_the_organisation_of_a_project_never_changes(api, organisation, admin):
    project = a_project(organisation)
    a_member(other := an_organisation(), admin, "ADMIN")

    api.put(f"/api/v1/projects/{project.pk}/", {"name": "New", "organisation": other.pk}, format="json")

    project.refresh_from_db()
    assert (project.name, project.organisation_id) == ("New", organisation.pk)
    assert Event.objects.get().payload["changes"][0]["after"] == {"name": "New"}


def test_a_pattern_for_names_that_cannot_be_used_is_refused(api, organisation):
    project = a_project(organisation)

    refused = api.patch(f"/api/v1/projects/{project.pk}/", {"feature_name_regex": "("}, format="json")
    taken = api.patch(f"/api/v1/projects/{project.pk}/", {"feature_name_regex": "[a-z]+"}, format="json")

    assert (refused.status_code, list(refused.json())) == (400, ["feature_name_regex"])
    assert taken.json()["feature_name_regex"] == "[a-z]+"


def test_projects_are_filtered_by_organisation_and_uuid(api, organisation, admin):
    first = a_project(organisation)
    a_member(other := an_organisation(), admin, "ADMIN")
    second = a_project(other)

    assert [row["id"] for row in api.get(f"/api/v1/projects/?organisation={other.pk}").json()] == [second.pk]
    assert [row["id"] for row in api.get(f"/api/v1/projects/?uuid={first.uuid}").json()] == [first.pk]
    assert api.get("/api/v1/projects/?organisation=x").json() == {"organisation": "Must be a valid integer."}


@pytest.mark.parametrize(
    ("kind", "path", "queries"),
    [
        ("organisations", "/api/v1/organisations/", 3),
        ("projects", "/api/v1/projects/", 3),
        ("members", "/api/v1/organisations/{organisation}/users/", 4),
        ("projects", "/api/v1/organisations/{organisation}/projects/", 4),
    ],
)
def test_a_list_costs_the_same_however_long_it_is(django_assert_num_queries, organisation, admin, kind, path, queries):
    for _ in range(20):
        a_member(organisation, a_user())
        if kind == "organisations":
            a_member(an_organisation(), admin)
        if kind == "projects":
            a_project(organisation)
    api = client_of(admin)

    with django_assert_num_queries(queries):
        answer = api.get(path.format(organisation=organisation.pk))
    assert answer.status_code == 200
    rows = answer.json()
    assert len(rows["results"] if isinstance(rows, dict) else rows) >= 20


def test_deleting_a_project_is_one_event_that_names_it(api, organisation):
    project = a_project(organisation, name="Shop")

    api.delete(f"/api/v1/projects/{project.pk}/")

    event = Event.objects.get()
    assert (event.type, event.organisation_id, event.project_id) == ("project.deleted", organisation.pk, project.pk)
    assert event.payload["changes"][0] | {"uuid": None} == {
        "object": "project",
        "action": "deleted",
        "id": project.pk,
        "uuid": None,
        "before": {"name": "Shop"},
    }
    assert (event.actor_kind, event.actor_label) == ("user", "ada@example.com")
    assert Project.objects.living().count() == 0
