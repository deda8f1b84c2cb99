import pytest

from burgee.control.features.models import TagType
from burgee.control.targeting.models import VariantWeight
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.projects import a_project


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def tags(project):
    return f"/api/v1/projects/{project.pk}/tags/"


@pytest.fixture
def feature(project):
    an_environment(project)
    return a_feature(project, variants={"a": 30, "b": 20})


@pytest.fixture
def options(project, feature):
    return f"/api/v1/projects/{project.pk}/features/{feature.pk}/mv-options/"


@pytest.mark.database
def test_a_tag_is_made_changed_and_deleted(api, project, tags):
    made = api.post(tags, {"label": "ops"}, format="json")

    assert made.status_code == 201
    told = made.json()
    assert told == {
        "id": told["id"],
        "label": "ops",
        "color": "#6837FC",
        "description": None,
        "project": project.pk,
        "uuid": told["uuid"],
        "is_permanent": False,
        "is_system_tag": False,
        "type": "NONE",
    }
    assert api.post(tags, {"label": "ops", "color": "notacolour"}, format="json").status_code == 201
    assert api.patch(f"{tags}{told['id']}/", {"is_permanent": True}, format="json").json()["is_permanent"] is True
    assert api.get(f"{tags}get-by-uuid/{told['uuid']}/").json()["id"] == told["id"]
    assert api.delete(f"{tags}{told['id']}/").status_code == 204
    assert api.get(tags).json()["count"] == 1


def test_a_wrong_tag_is_refused(api, tags):
    assert api.post(tags, {"color": "#123456"}, format="json").json() == {"label": ["This field is required."]}
    assert api.post(tags, {"label": "x" * 101}, format="json").status_code == 400


def test_a_system_tag_stays(api, project, tags):
    tag = a_tag(project, "Unhealthy", is_system_tag=True, type=TagType.UNHEALTHY)

    deleted = api.delete(f"{tags}{tag.pk}/")

    assert (deleted.status_code, deleted.json()) == (400, {"message": "Cannot delete a system tag."})
    assert api.patch(f"{tags}{tag.pk}/", {"label": "x"}, format="json").status_code == 400


def test_tags_of_another_project_look_missing(api, foreigner, tags):
    other = a_tag(a_project())

    assert api.get(f"{tags}{other.pk}/").status_code == 404
    assert client_of(foreigner).get(tags).status_code == 404


@pytest.mark.database
def test_an_option_gets_its_share_in_every_default(api, feature, options):
    body = {"type": "int", "integer_value": 3, "default_percentage_allocation": 10, "feature": feature.pk, "key": "c"}

    answer = api.post(options, body, format="json")

    assert answer.status_code == 201
    told = answer.json()
    assert (told["integer_value"], told["string_value"], told["key"], told["feature"]) == (3, None, "c", feature.pk)
    assert VariantWeight.objects.get(option_id=told["id"]).percentage_allocation == 10
    assert api.get(options).json()["count"] == 3
    assert api.get(f"/api/v1/multivariate/options/get-by-uuid/{told['uuid']}/").json() == told


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"type": "unicode"}, {"feature": ["This field is required."]}),
        ({"default_percentage_allocation": 51}, {"default_percentage_allocation": ["Invalid percentage allocation"]}),
        ({"default_percentage_allocation": 0, "key": "control"}, {"key": ["'control' is a reserved key."]}),
        (
            {"default_percentage_allocation": 0, "key": "not a slug"},
            {"key": ["This value does not match the required pattern."]},
        ),
    ],
)
def test_a_wrong_option_names_the_field(api, feature, options, body, error):
    given = body if body == {"type": "unicode"} else body | {"feature": feature.pk}

    answer = api.post(options, given, format="json")

    assert (answer.status_code, answer.json()) == (400, error)


@pytest.mark.database
def test_keys_of_options_are_unique_within_the_feature(api, feature, options):
    body = {"default_percentage_allocation": 1, "feature": feature.pk, "key": "k"}

    assert api.post(options, body, format="json").status_code == 201
    assert api.post(options, body, format="json").json() == {
        "key": ["An option with this key already exists for this feature."]
    }


def test_an_option_changes_and_goes(api, feature, options):
    first, second = feature.options.order_by("pk")
    body = {"type": "unicode", "string_value": "A", "default_percentage_allocation": 5, "feature": feature.pk}

    assert api.put(f"{options}{first.pk}/", body, format="json").json()["string_value"] == "A"
    assert api.patch(f"{options}{first.pk}/", {"key": "k"}, format="json").json()["string_value"] == "A"
    for option in (first, second):
        assert api.delete(f"{options}{option.pk}/").status_code == 204
    feature.refresh_from_db()
    assert feature.type == "STANDARD"


def test_an_option_of_another_feature_looks_missing(api, project, feature, options):
    other = a_feature(project, variants={"x": 1}).options.get()

    assert api.get(f"{options}{other.pk}/").status_code == 404
    assert api.post(options, {"feature": other.feature_id}, format="json").status_code == 400
