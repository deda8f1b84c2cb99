"""Custom fields, what has them and where they are required."""

import pytest

from burgee.control.access.grants import grant
from burgee.control.custom_fields.models import Attachment, CustomField, Kind
from burgee.control.kit.actor import SYSTEM
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.custom_fields import a_field, an_attachment
from tests.factories.organisations import a_member
from tests.factories.projects import a_project

FIELDS = "/api/v1/metadata/fields/"
FEATURE, ORGANISATION, PROJECT = 2, 4, 5


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def attachments(organisation):
    return f"/api/v1/organisations/{organisation.pk}/metadata-model-fields/"


@pytest.fixture
def project_admin(organisation, project):
    user = a_user()
    a_member(organisation, user)
    grant(user, project, is_admin=True, actor=SYSTEM)
    return client_of(user)


def names(answer) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


@pytest.mark.database
def test_a_field_is_made_changed_and_deleted(api, organisation):
    made = api.post(FIELDS, {"name": "Owner", "organisation": organisation.pk}, format="json")

    assert made.status_code == 201
    told = made.json()
    assert told == {
        "id": told["id"],
        "name": "Owner",
        "type": "str",
        "description": None,
        "organisation": organisation.pk,
        "project": None,
        "model_fields": [],
    }
    one = f"{FIELDS}{told['id']}/"
    body = {"name": "Team", "type": "url", "description": "who", "organisation": 4242}
    assert api.put(one, body, format="json").json() == told | body | {"organisation": organisation.pk}
    assert api.patch(one, {"name": "Owner"}, format="json").json()["type"] == "url"
    assert api.get(one).json()["description"] == "who"
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a", "type": "date"}, "type"),
        ({"name": "a", "project": "x"}, "project"),
        ({"name": "Taken"}, "non_field_errors"),
    ],
)
def test_a_wrong_field_names_what_is_wrong(api, organisation, body, field):
    a_field(organisation, name="Taken")

    answer = api.post(FIELDS, body | {"organisation": organisation.pk}, format="json")

    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_list_needs_an_organisation_and_shows_its_own_shared_fields(api, organisation, project, foreigner):
    field = a_field(organisation)
    a_field(project=project)
    a_field()

    assert api.get(FIELDS).status_code == 400
    assert names(api.get(f"{FIELDS}?organisation={organisation.pk}")) == [field.name]
    assert names(client_of(foreigner).get(f"{FIELDS}?organisation={organisation.pk}")) == []
    assert names(api.get(f"{FIELDS}?organisation=4242")) == []


@pytest.mark.database
def test_a_project_shows_its_fields_and_those_of_the_organisation_that_it_does_not_hide(api, organisation, project):
    own, hidden = a_field(project=project, name="Owner"), a_field(organisation, name="Owner")
    shared = a_field(organisation, name="Link")
    an_attachment(shared, Kind.SEGMENT)
    a_field(project=a_project(organisation))
    path = f"/api/v1/projects/{project.pk}/metadata/fields/"

    def ids(query: str) -> list[int]:
        return [row["id"] for row in api.get(path + query).json()["results"]]

    assert ids("") == [own.pk]
    assert set(ids("?include_organisation=true")) == {own.pk, shared.pk}
    assert ids("?include_organisation=true&entity=segment") == [shared.pk]
    assert ids("?include_organisation=true&entity=feature") == []
    assert api.get(f"{path}?entity=tag").status_code == 400
    assert api.get(f"{path}{own.pk}/").json()["name"] == "Owner"
    assert api.get(f"{path}{hidden.pk}/?include_organisation=true").status_code == 404


@pytest.mark.database
def test_members_read_administrators_write(member, project_admin, organisation, project):
    shared, own = a_field(organisation), a_field(project=project)
    reader = client_of(member)

    for field, expected in ((shared, 403), (own, 200)):
        one = f"{FIELDS}{field.pk}/"
        assert reader.get(one).status_code == 200
        assert reader.patch(one, {"description": "d"}, format="json").status_code == 403
        assert reader.delete(one).status_code == 403
        assert project_admin.patch(one, {"description": "d"}, format="json").status_code == expected
    new = {"name": "New", "organisation": organisation.pk}
    assert reader.post(FIELDS, new, format="json").status_code == 403
    assert project_admin.post(FIELDS, new, format="json").status_code == 403
    assert project_admin.post(FIELDS, new | {"project": project.pk}, format="json").status_code == 201


def test_fields_of_others_look_missing(api, organisation, foreigner, attachments):
    field = a_field(organisation)
    row = an_attachment(field)
    stranger = client_of(foreigner)

    for method in (stranger.get, stranger.put, stranger.patch, stranger.delete):
        assert method(f"{FIELDS}{field.pk}/").content == method(f"{FIELDS}4242/").content
        assert method(f"{attachments}{row.pk}/").status_code == 403
    foreign = an_attachment(a_field())
    missing = api.get(f"{attachments}4242/")
    assert (missing.status_code, missing.content) == (404, api.get(f"{attachments}{foreign.pk}/").content)
    body = {"name": "New", "organisation": organisation.pk}
    for project_id in (a_project().pk, 4242):
        assert api.post(FIELDS, body | {"project": project_id}, format="json").status_code == 403
    for field_id in (foreign.field_id, 4242):
        body = {"field": field_id, "content_type": FEATURE}
        assert api.post(attachments, body, format="json").json() == {
            "field": [f'Invalid pk "{field_id}" - object does not exist.']
        }


def test_fields_of_a_deleted_project_are_gone(api, project, attachments):
    field = a_field(project=project)
    an_attachment(field)

    api.delete(f"/api/v1/projects/{project.pk}/")

    assert api.get(f"{FIELDS}{field.pk}/").status_code == 404
    assert api.get(attachments).json()["count"] == 0


@pytest.mark.database
def test_a_field_is_attached_required_and_detached(api, organisation, project, attachments):
    field = a_field(organisation)
    places = [
        {"content_type": ORGANISATION, "object_id": organisation.pk},
        {"content_type": PROJECT, "object_id": project.pk},
    ]
    body = {"field": field.pk, "content_type": FEATURE, "is_required_for": places}

    made = api.post(attachments, body, format="json")

    assert (made.status_code, made.json()) == (201, {"id": made.json()["id"], **body})
    one = f"{attachments}{made.json()['id']}/"
    nested = {"id": made.json()["id"], "content_type": FEATURE, "is_required_for": places}
    assert api.get(f"{FIELDS}{field.pk}/").json()["model_fields"] == [nested]
    assert api.patch(one, {}, format="json").json()["is_required_for"] == places
    assert api.patch(one, {"is_required_for": places[1:]}, format="json").json()["is_required_for"] == places[1:]
    assert api.put(one, {"field": field.pk, "content_type": FEATURE}, format="json").json()["is_required_for"] == []
    assert api.get(f"{attachments}?content_type={FEATURE}").json()["count"] == 1
    assert api.get(f"{attachments}?content_type=3").json()["count"] == 0
    assert api.delete(one).status_code == 204
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"content_type": PROJECT}, {"content_type": ['Invalid pk "5" - object does not exist.']}),
        ({"field": None}, {"field": ["This field may not be null."]}),
        (
            {"is_required_for": [{"content_type": FEATURE, "object_id": 1}]},
            {"is_required_for": [{"content_type": ['Invalid pk "2" - object does not exist.']}]},
        ),
        (
            {"is_required_for": [{"content_type": ORGANISATION, "object_id": 4242}]},
            {"is_required_for": [{"object_id": ['Invalid pk "4242" - object does not exist.']}]},
        ),
        (
            {"is_required_for": [{"content_type": PROJECT, "object_id": 4242}]},
            {"is_required_for": ['Invalid pk "4242" - object does not exist.']},
        ),
    ],
)
def test_a_wrong_attachment_names_what_is_wrong(api, organisation, attachments, body, error):
    given = {"field": a_field(organisation).pk, "content_type": FEATURE} | body

    answer = api.post(attachments, given, format="json")

    assert (answer.status_code, answer.json()) == (400, error)


@pytest.mark.database
def test_who_may_change_a_field_may_attach_it(member, project_admin, organisation, project, attachments):
    shared, own = a_field(organisation), a_field(project=project)

    def attach(client, field) -> int:
        return client.post(attachments, {"field": field.pk, "content_type": FEATURE}, format="json").status_code

    assert (attach(client_of(member), shared), attach(client_of(member), own)) == (403, 403)
    assert (attach(project_admin, shared), attach(project_admin, own)) == (403, 201)
    one = f"{attachments}{Attachment.objects.get().pk}/"
    assert client_of(member).get(one).status_code == 200
    assert client_of(member).delete(one).status_code == 403
    assert project_admin.patch(one, {"is_required_for": []}, format="json").status_code == 200
    assert project_admin.delete(one).status_code == 204


def test_content_types_are_the_same_everywhere(api, attachments):
    listed = api.get(f"{attachments}supported-content-types/").json()

    assert listed == [
        {"id": 1, "app_label": "environments", "model": "environment"},
        {"id": 2, "app_label": "features", "model": "feature"},
        {"id": 3, "app_label": "segments", "model": "segment"},
        {"id": 4, "app_label": "organisations", "model": "organisation"},
        {"id": 5, "app_label": "projects", "model": "project"},
    ]
    places = f"{attachments}supported-required-for-models/"
    assert api.get(f"{places}?model_name=feature").json() == listed[3:]
    assert api.get(places).status_code == 400
    unknown = api.get(f"{places}?model_name=tag")
    assert (unknown.status_code, list(unknown.json())) == (404, ["message"])


@pytest.mark.database
@pytest.mark.parametrize("listing", ["fields", "project", "attachments"])
def test_lists_cost_the_same_however_long_they_are(
    api, organisation, project, attachments, listing, django_assert_max_num_queries
):
    for number in range(30):
        of_project = number % 2 == 0
        field = a_field(organisation, project=project if of_project else None)
        for kind in Kind:
            an_attachment(field, kind, required=[project])
    path = {
        "fields": f"{FIELDS}?organisation={organisation.pk}",
        "project": f"/api/v1/projects/{project.pk}/metadata/fields/?include_organisation=true",
        "attachments": attachments,
    }[listing]

    with django_assert_max_num_queries(8):
        found = api.get(path).json()

    assert found["count"] == {"fields": 15, "project": 30, "attachments": 90}[listing]


@pytest.mark.database
def test_an_organisation_admin_of_two_organisations_sees_each_apart(admin, organisation):
    other = a_field()
    a_member(other.organisation, admin, "ADMIN")
    own = a_field(organisation)

    assert names(client_of(admin).get(f"{FIELDS}?organisation={organisation.pk}")) == [own.name]
    assert CustomField.objects.count() == 2
