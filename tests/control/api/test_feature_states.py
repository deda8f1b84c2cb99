import pytest

from burgee.control.events.models import Event
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import ForIdentity, ForSegment, Set
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

V2 = "This environment uses v2 feature versioning. Use the environment feature version endpoint instead."


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, name="flag", initial_value="one")


@pytest.fixture
def url(environment):
    return f"/api/v1/environments/{environment.api_key}/featurestates/"


@pytest.fixture
def state(environment, feature):
    return FeatureState.objects.get(environment=environment, feature=feature)


@pytest.mark.database
def test_defaults_are_listed_and_found_by_feature(api, environment, feature, state, url):
    a_feature(environment.project)
    person = an_identity(environment)
    apply(environment, feature, [Set(target=ForIdentity(person.pk), value=1)], actor=SYSTEM)

    assert api.get(url).json()["count"] == 2
    (row,) = api.get(url, {"feature": feature.pk}).json()["results"]
    assert row == {
        "id": state.pk,
        "feature_state_value": "one",
        "multivariate_feature_state_values": [],
        "identity": None,
        "deleted_at": None,
        "uuid": str(state.uuid),
        "enabled": False,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "live_from": row["created_at"],
        "version": 1,
        "feature": feature.pk,
        "environment": environment.pk,
        "feature_segment": None,
        "change_request": None,
        "environment_feature_version": None,
    }
    assert [row["id"] for row in api.get(url, {"feature_name": "FLAG"}).json()["results"]] == [state.pk]
    (override,) = api.get(url, {"anyIdentity": "1"}).json()["results"]
    assert override["identity"] == {"id": person.pk, "identifier": person.identifier}


@pytest.mark.database
@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["lena@example.com", "LENA-2", "50%_off"]),
        ("lena", ["lena@example.com", "LENA-2"]),
        ('"LENA-2"', ["LENA-2"]),
        ('"lena"', []),
        ("%_", ["50%_off"]),
        ("nobody", []),
    ],
)
def test_overrides_of_identities_are_found_by_identifier(api, environment, feature, url, q, found):
    for identifier in ("lena@example.com", "LENA-2", "50%_off"):
        person = an_identity(environment, identifier=identifier)
        apply(environment, feature, [Set(target=ForIdentity(person.pk), enabled=True)], actor=SYSTEM)
    elsewhere = an_environment(environment.project, name="Elsewhere")
    stranger = an_identity(elsewhere, identifier="lena@example.com")
    apply(elsewhere, feature, [Set(target=ForIdentity(stranger.pk), enabled=True)], actor=SYSTEM)

    rows = api.get(url, {"anyIdentity": "1", "q": q}).json()["results"]

    assert sorted(row["identity"]["identifier"] for row in rows) == sorted(found)
    assert len(api.get(url, {"q": "nobody"}).json()["results"]) == 1


@pytest.mark.database
@pytest.mark.parametrize(
    ("given", "kept"),
    [("two", "two"), (5, 5), (True, True), (False, False), (None, None), (1.5, "1.5"), ("", ""), (" x ", " x ")],
)
def test_a_bare_value_keeps_its_type(api, state, url, given, kept):
    told = api.put(f"{url}{state.pk}/", {"enabled": True, "feature_state_value": given}, format="json").json()

    assert told["feature_state_value"] == kept
    assert type(told["feature_state_value"]) is type(kept)
    assert told["enabled"] is True


def test_a_put_changes_only_what_it_names(api, state, url):
    told = api.put(f"{url}{state.pk}/", {}, format="json").json()

    assert (told["feature_state_value"], told["enabled"]) == ("one", False)
    assert not Event.objects.exists()


def test_a_patch_answers_with_feature_and_enabled(api, feature, state, url):
    answer = api.patch(f"{url}{state.pk}/", {"enabled": True}, format="json")

    assert (answer.status_code, answer.json()) == (200, {"feature": feature.pk, "enabled": True})
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"enabled": "maybe"}, {"enabled": ["Must be a valid boolean."]}),
        (
            {"feature_state_value": "x" * 20001},
            {"feature_state_value": ["Ensure this field has no more than 20000 characters."]},
        ),
        (
            {"feature_state_value": 2**31},
            {"feature_state_value": ["Ensure this value is between -2147483648 and 2147483647."]},
        ),
        (
            {"multivariate_feature_state_values": [{"multivariate_feature_option": 999, "percentage_allocation": 1}]},
            {
                "multivariate_feature_state_values": [
                    {"multivariate_feature_option": ['Invalid pk "999" - object does not exist.']}
                ]
            },
        ),
    ],
)
def test_a_wrong_state_names_its_part(api, state, url, body, error):
    answer = api.put(f"{url}{state.pk}/", body, format="json")

    assert (answer.status_code, answer.json()) == (400, error)


def test_weights_change_up_to_a_hundred(api, environment, url):
    feature = a_feature(environment.project, variants={"a": 10, "b": 20})
    state = FeatureState.objects.get(feature=feature)
    first, second = feature.options.order_by("pk")

    def put(one, other):
        shares = [
            {"multivariate_feature_option": first.pk, "percentage_allocation": one},
            {"multivariate_feature_option": second.pk, "percentage_allocation": other},
        ]
        return api.put(f"{url}{state.pk}/", {"multivariate_feature_state_values": shares}, format="json")

    told = put(60, 40).json()["multivariate_feature_state_values"]
    assert [(row["multivariate_feature_option"], row["percentage_allocation"]) for row in told] == [
        (first.pk, 60.0),
        (second.pk, 40.0),
    ]
    assert put(60, 41).status_code == 400


def test_the_default_exists_already_and_cannot_be_deleted(api, feature, state, url):
    assert api.post(url, {"feature": feature.pk}, format="json").status_code == 400
    assert api.post(url, {}, format="json").json() == {"detail": "Feature not provided"}
    assert api.delete(f"{url}{state.pk}/").status_code == 400


def test_a_feature_segment_gets_its_state_in_a_second_step(api, environment, feature, url):
    segment = a_segment(environment.project)
    place = api.post(
        "/api/v1/features/feature-segments/",
        {"feature": feature.pk, "segment": segment.pk, "environment": environment.pk},
        format="json",
    ).json()
    body = {"feature": feature.pk, "feature_segment": place["id"], "enabled": True, "feature_state_value": "seg"}

    told = api.post(url, body, format="json")

    assert told.status_code == 201
    assert told.json()["feature_segment"] == place["id"]
    assert api.post(url, body, format="json").status_code == 400
    assert api.delete(f"{url}{told.json()['id']}/").status_code == 204


@pytest.mark.database
def test_the_other_spelling_has_typed_columns_and_all_kinds(api, environment, feature, state):
    person = an_identity(environment)
    apply(environment, feature, [Set(target=ForIdentity(person.pk), value=7)], actor=SYSTEM)

    rows = api.get("/api/v1/features/featurestates/", {"environment": environment.pk}).json()["results"]
    assert [row["feature_state_value"] for row in rows] == [
        {"type": "unicode", "string_value": "one", "integer_value": None, "boolean_value": None},
        {"type": "int", "string_value": None, "integer_value": 7, "boolean_value": None},
    ]
    changed = api.put(
        f"/api/v1/features/featurestates/{state.pk}/",
        {"enabled": True, "feature_state_value": {"type": "bool", "boolean_value": True}},
        format="json",
    ).json()
    assert (changed["enabled"], changed["feature_state_value"]["boolean_value"]) == (True, True)
    by_uuid = api.get(f"/api/v1/features/featurestates/get-by-uuid/{state.uuid}/").json()
    assert by_uuid == changed


def test_an_identity_override_is_made_by_id_or_identifier(api, environment, feature):
    people = [an_identity(environment), an_identity(environment, "ada")]
    base = {"feature": feature.pk, "environment": environment.pk, "feature_state_value": {"string_value": "x"}}

    for whom in ({"identity": people[0].pk}, {"identifier": "ada"}):
        answer = api.post("/api/v1/features/featurestates/", base | whom, format="json")
        assert answer.status_code == 201, answer.json()
    again = api.post("/api/v1/features/featurestates/", base | {"identifier": "ada"}, format="json")

    assert again.status_code == 400
    assert set(FeatureState.objects.of_identities().values_list("identity_id", flat=True)) == {
        person.pk for person in people
    }


@pytest.mark.database
def test_environments_with_versions_refuse_direct_writes_but_for_identities(api, environment, feature, state, url):
    segment, person = a_segment(environment.project), an_identity(environment)
    apply(environment, feature, [Set(target=ForSegment(segment.pk))], actor=SYSTEM)
    place = environment.feature_segments.get()
    environment.use_v2_feature_versioning = True
    environment.save()
    features = "/api/v1/features"

    refused = [
        api.patch(f"{url}{state.pk}/", {"enabled": True}, format="json"),
        api.post(url, {"feature": feature.pk}, format="json"),
        api.put(f"{features}/featurestates/{state.pk}/", {"enabled": True}, format="json"),
        api.delete(f"{features}/feature-segments/{place.pk}/"),
        api.post(f"{features}/feature-segments/update-priorities/", [{"id": place.pk, "priority": 1}], format="json"),
        api.post(
            f"/api/v1/environments/{environment.api_key}/features/{feature.pk}/create-segment-override/",
            {"feature_segment": {"segment": segment.pk}, "feature_state_value": {}},
            format="json",
        ),
    ]
    override = api.post(
        f"/api/v1/environments/{environment.api_key}/identities/{person.pk}/featurestates/",
        {"feature": feature.pk, "enabled": True},
        format="json",
    )

    assert [(answer.status_code, answer.json()) for answer in refused] == [(400, {"detail": V2})] * len(refused)
    assert override.status_code == 201
    assert api.get(f"{url}{state.pk}/").json()["environment_feature_version"] is not None


def test_foreign_states_look_missing(foreigner, environment, state, url):
    stranger = client_of(foreigner)

    assert stranger.get(url).status_code == 403
    assert stranger.get(f"/api/v1/features/featurestates/{state.pk}/").status_code == 404
    assert stranger.get("/api/v1/features/featurestates/", {"environment": environment.pk}).status_code == 403
    assert stranger.get("/api/v1/features/featurestates/", {"environment": 4242}).status_code == 403


@pytest.mark.parametrize("count", [5, 80])
def test_the_number_of_queries_does_not_grow(api, environment, url, count, django_assert_num_queries):
    for _ in range(count):
        a_feature(environment.project, variants={"a": 5})

    with django_assert_num_queries(6):
        assert len(api.get(url).json()["results"]) == count
