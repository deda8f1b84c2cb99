import pytest

from burgee.control.targeting.models import FeatureState
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

PLACES = "/api/v1/features/feature-segments/"


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


@pytest.fixture
def feature(environment):
    return a_feature(environment.project)


@pytest.fixture
def override(api, environment, feature):
    """Override the feature for a segment in one call."""

    def made(segment=None, **place):
        segment = segment or a_segment(environment.project)
        return api.post(
            f"/api/v1/environments/{environment.api_key}/features/{feature.pk}/create-segment-override/",
            {
                "feature_segment": {"segment": segment.pk} | place,
                "enabled": True,
                "feature_state_value": {"type": "unicode", "string_value": "ov"},
            },
            format="json",
        )

    return made


@pytest.fixture
def order(api, environment, feature):
    def priorities():
        rows = api.get(PLACES, {"environment": environment.pk, "feature": feature.pk}).json()["results"]
        return [(row["segment"], row["priority"]) for row in rows]

    return priorities


def test_an_override_is_made_in_one_call(override, environment, feature):
    segment = a_segment(environment.project)

    answer = override(segment, priority=0)

    assert answer.status_code == 201
    told = answer.json()
    assert (told["feature"], told["enabled"], told["environment"]) == (feature.pk, True, environment.pk)
    assert told["feature_state_value"] == {
        "type": "unicode",
        "string_value": "ov",
        "integer_value": None,
        "boolean_value": None,
    }
    assert (told["feature_segment"]["segment"], told["feature_segment"]["priority"]) == (segment.pk, 0)


def test_a_given_priority_pushes_the_others_down_and_none_goes_last(override, environment, order):
    first, second, third = (a_segment(environment.project) for _ in range(3))
    override(first)
    override(second)

    override(third, priority=0)

    assert order() == [(third.pk, 0), (first.pk, 1), (second.pk, 2)]


def test_the_same_override_again_is_the_same_override(override, environment):
    segment = a_segment(environment.project)

    first, second = override(segment).json(), override(segment).json()

    assert first["feature_segment"] == second["feature_segment"]
    assert FeatureState.objects.of_segments().count() == 1


def test_an_unknown_or_foreign_segment_is_refused(override):
    for segment in (a_segment(), a_segment(deleted_at="2020-01-01T00:00Z")):
        answer = override(segment)
        assert (answer.status_code, answer.json()) == (
            400,
            {"feature_segment": {"segment": [f'Invalid pk "{segment.pk}" - object does not exist.']}},
        )


def test_a_segment_of_another_feature_is_refused(override, environment):
    answer = override(a_segment(environment.project, feature=a_feature(environment.project)))

    assert answer.status_code == 400
    assert "segment" in answer.json()["feature_segment"]


def test_an_override_needs_a_value_and_a_segment(api, environment, feature):
    url = f"/api/v1/environments/{environment.api_key}/features/{feature.pk}/create-segment-override/"

    assert api.post(url, {}, format="json").json() == {"feature_state_value": ["This field is required."]}
    assert api.post(url, {"feature_state_value": {}}, format="json").json() == {
        "feature_segment": ["This field is required."]
    }


@pytest.mark.database
def test_a_place_is_listed_read_and_deleted_and_the_gap_closes(api, override, order, environment):
    segments = [a_segment(environment.project) for _ in range(3)]
    places = [override(segment).json()["feature_segment"] for segment in segments]

    told = api.get(f"{PLACES}{places[0]['id']}/").json()
    assert told == {
        "id": places[0]["id"],
        "uuid": places[0]["uuid"],
        "segment": segments[0].pk,
        "priority": 0,
        "environment": environment.pk,
        "segment_name": segments[0].name,
        "is_feature_specific": False,
    }
    assert api.get(f"{PLACES}get-by-uuid/{places[0]['uuid']}/").json() == told

    assert api.delete(f"{PLACES}{places[0]['id']}/").status_code == 204
    assert order() == [(segments[1].pk, 0), (segments[2].pk, 1)]
    assert FeatureState.objects.of_segments().count() == 2


def test_priorities_move_by_insertion(api, override, order, environment):
    segments = [a_segment(environment.project) for _ in range(3)]
    places = [override(segment).json()["feature_segment"]["id"] for segment in segments]

    answer = api.post(f"{PLACES}update-priorities/", [{"id": places[2], "priority": 0}], format="json")

    assert [row["id"] for row in answer.json()] == [places[2]]
    assert order() == [(segments[2].pk, 0), (segments[0].pk, 1), (segments[1].pk, 2)]


@pytest.mark.parametrize(
    "body", [{}, "x", [1], [{"id": 1}], [{"id": 4242, "priority": 0}], [{"id": 1, "priority": -1}]]
)
def test_wrong_priorities_are_refused(api, body):
    assert api.post(f"{PLACES}update-priorities/", body, format="json").status_code == 400


def test_priorities_of_two_flags_are_not_moved_at_once(api, override, environment):
    other = a_feature(environment.project)
    first = override().json()["feature_segment"]["id"]
    second = api.post(
        PLACES,
        {"feature": other.pk, "segment": a_segment(environment.project).pk, "environment": environment.pk},
        format="json",
    ).json()["id"]
    body = [{"id": first, "priority": 1}, {"id": second, "priority": 0}]

    assert api.post(f"{PLACES}update-priorities/", body, format="json").status_code == 400


def test_a_list_needs_environment_and_feature(api):
    assert api.get(PLACES).json() == {
        "environment": ["This field is required."],
        "feature": ["This field is required."],
    }


def test_a_place_keeps_what_it_is_about(api, override, environment, feature):
    place = override().json()["feature_segment"]
    same = {"feature": feature.pk, "segment": place["segment"], "environment": environment.pk}

    assert api.put(f"{PLACES}{place['id']}/", same, format="json").status_code == 200
    assert api.patch(f"{PLACES}{place['id']}/", {"segment": 4242}, format="json").status_code == 400


def test_foreign_places_look_missing(foreigner, override, environment, feature):
    place = override().json()["feature_segment"]
    stranger = client_of(foreigner)

    assert stranger.get(f"{PLACES}{place['id']}/").status_code == 404
    assert stranger.delete(f"{PLACES}{place['id']}/").status_code == 404
    body = [{"id": place["id"], "priority": 1}]
    assert stranger.post(f"{PLACES}update-priorities/", body, format="json").status_code == 400
    query = {"environment": environment.pk, "feature": feature.pk}
    assert stranger.get(PLACES, query).status_code == 403
    assert stranger.get(PLACES, query | {"environment": 4242}).status_code == 403
