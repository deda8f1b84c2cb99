import pytest

from burgee.control.events.models import Event
from burgee.control.targeting.models import FeatureState
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.organisations import a_member
from tests.factories.projects import a_project


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def url(project):
    return f"/api/v1/projects/{project.pk}/features/"


def post(api, url, **body):
    return api.post(url, body, format="json")


@pytest.mark.database
def test_a_feature_is_made_with_a_state_in_every_environment(api, admin, project, url):
    here, there = an_environment(project), an_environment(project)

    answer = post(api, url, name="checkout", initial_value="12", default_enabled=True)

    assert answer.status_code == 201
    told = answer.json()
    assert (told["name"], told["initial_value"], told["type"]) == ("checkout", "12", "STANDARD")
    assert [owner["email"] for owner in told["owners"]] == [admin.email]
    states = FeatureState.objects.filter(feature_id=told["id"])
    assert {(state.environment_id, state.enabled, state.value) for state in states} == {
        (here.pk, True, 12),
        (there.pk, True, 12),
    }
    assert list(Event.objects.values_list("type", flat=True)) == ["feature.created"]


@pytest.mark.database
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (True, "True"),
        (0, "0"),
        (1.5, "1.5"),
        ([1], "[1]"),
        (None, None),
        ("", ""),
        ("  x ", "x"),
        ({"a": 1}, "{'a': 1}"),
    ],
)
def test_any_initial_value_that_holds_something_becomes_text(api, url, given, told):
    assert post(api, url, name="f", initial_value=given).json()["initial_value"] == told


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, {"name": ["This field is required."]}),
        ({"name": ""}, {"name": ["This field may not be blank."]}),
        ({"name": "x" * 2001}, {"name": ["Ensure this field has no more than 2000 characters."]}),
        ({"name": "f", "initial_value": False}, {"initial_value": ["Not a valid string."]}),
        (
            {"name": "f", "initial_value": "x" * 20001},
            {"initial_value": ["Ensure this field has no more than 20000 characters."]},
        ),
        ({"name": "f", "default_enabled": "maybe"}, {"default_enabled": ["Must be a valid boolean."]}),
        ({"name": "f", "tags": [999999]}, {"tags": ['Invalid pk "999999" - object does not exist.']}),
        ({"name": "f", "tags": ["x"]}, {"tags": ["Incorrect type. Expected pk value, received str."]}),
        ({"name": "f", "owners": [999999]}, {"owners": ['Invalid pk "999999" - object does not exist.']}),
        (
            {
                "name": "f",
                "multivariate_options": [
                    {"type": "unicode", "string_value": "a", "default_percentage_allocation": 60},
                    {"type": "unicode", "string_value": "b", "default_percentage_allocation": 50},
                ],
            },
            {"multivariate_options": ["Invalid percentage allocation"]},
        ),
        (
            {"name": "f", "multivariate_options": [{}, {"default_percentage_allocation": "nan"}]},
            {"multivariate_options": [{}, {"default_percentage_allocation": ["A valid number is required."]}]},
        ),
        ({"name": "f", "group_owners": [1]}, {"group_owners": ['Invalid pk "1" - object does not exist.']}),
    ],
)
def test_a_wrong_body_names_the_field(api, url, body, error):
    answer = post(api, url, **body)

    assert (answer.status_code, answer.json()) == (400, error)


@pytest.mark.database
def test_a_name_taken_or_against_the_regex_is_said_so(api, project, url):
    project.feature_name_regex = "^[a-z_]+$"
    project.save()
    post(api, url, name="flag")

    assert post(api, url, name="flag").json() == {
        "name": [
            "Feature with that name already exists for this project. Note that feature names are case insensitive."
        ]
    }
    assert post(api, url, name="FLAG").json() == {"name": ["Feature name must match regex: ^[a-z_]+$"]}


def test_a_full_project_says_its_limit(api, project, url):
    project.max_features_allowed = 0
    project.save()

    answer = post(api, url, name="f")

    assert (answer.status_code, answer.json()) == (
        400,
        {"project": ["The project has reached its limit of 0 features."]},
    )


@pytest.mark.database
def test_typed_options_come_back_typed(api, url):
    options = [
        {"type": "int", "integer_value": 5, "default_percentage_allocation": 30.5, "key": "five"},
        {"type": "bool", "boolean_value": True, "default_percentage_allocation": 20},
        {"type": "unicode", "string_value": "a", "default_percentage_allocation": 1},
    ]

    told = post(api, url, name="f", multivariate_options=options).json()

    assert told["type"] == "MULTIVARIATE"
    assert [
        (option["type"], option["integer_value"], option["string_value"], option["boolean_value"])
        for option in told["multivariate_options"]
    ] == [
        ("int", 5, None, None),
        ("bool", None, None, True),
        ("unicode", None, "a", None),
    ]
    assert told["multivariate_options"][0]["key"] == "five"


@pytest.mark.parametrize("method", ["put", "patch"])
def test_name_value_and_default_do_not_change(api, project, url, method):
    feature = a_feature(project, name="flag", initial_value="one", default_enabled=True)
    body = {"name": "renamed", "description": "d", "default_enabled": False, "initial_value": "two", "owners": []}

    told = getattr(api, method)(f"{url}{feature.pk}/", body, format="json").json()

    assert (told["name"], told["initial_value"], told["default_enabled"], told["description"]) == (
        "flag",
        "one",
        True,
        "d",
    )


def test_tags_and_archive_mark_change(api, project, url):
    feature = a_feature(project)
    tags = [a_tag(project, "a").pk, a_tag(project, "b").pk]

    assert api.patch(f"{url}{feature.pk}/", {"tags": tags}, format="json").json()["tags"] == tags
    assert api.patch(f"{url}{feature.pk}/", {"is_archived": True}, format="json").json()["is_archived"] is True
    assert api.get(f"{url}{feature.pk}/").json()["tags"] == tags


def test_a_deleted_feature_is_gone_and_its_name_free(api, url):
    made = post(api, url, name="flag").json()

    assert api.delete(f"{url}{made['id']}/").status_code == 204
    gone = api.get(f"{url}{made['id']}/")
    assert (gone.status_code, gone.json()) == (404, {"detail": "No Feature matches the given query."})
    assert post(api, url, name="flag").status_code == 201


def test_owners_are_added_and_removed(api, organisation, project, url):
    feature, mate = a_feature(project), a_user()
    a_member(organisation, mate)

    added = api.post(f"{url}{feature.pk}/add-owners/", {"user_ids": [mate.pk]}, format="json")
    wrong = api.post(f"{url}{feature.pk}/add-owners/", {"user_ids": [999]}, format="json")
    removed = api.post(f"{url}{feature.pk}/remove-owners/", {"user_ids": [mate.pk]}, format="json")
    groups = api.post(f"{url}{feature.pk}/add-group-owners/", {"group_ids": [1]}, format="json")

    assert [owner["id"] for owner in added.json()["owners"]] == [mate.pk]
    assert (wrong.status_code, wrong.json()) == (400, {"non_field_errors": ["Some users not found"]})
    assert removed.json()["owners"] == []
    assert (groups.status_code, groups.json()) == (400, {"non_field_errors": ["Some groups not found"]})


@pytest.mark.database
def test_a_feature_is_found_by_its_uuid_only_by_those_who_see_it(api, foreigner, project):
    feature = a_feature(project)
    address = f"/api/v1/features/get-by-uuid/{feature.uuid}/"

    assert api.get(address).json()["id"] == feature.pk
    assert client_of(foreigner).get(address).status_code == 404


def test_a_feature_of_another_project_looks_missing(api, organisation, project, url):
    other = a_feature(a_project(organisation))

    for method in ("get", "delete", "put", "patch"):
        assert getattr(api, method)(f"{url}{other.pk}/").status_code == 404
