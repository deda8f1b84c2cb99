"""Versions over HTTP: history, drafts and their states, publishing, turning versions on and off."""

from datetime import timedelta

import pytest

from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import Everyone, ForSegment, Set
from burgee.control.targeting.models import FeatureState, FlagVersion
from burgee.control.targeting.services import apply
from burgee.control.worker.runner import Worker
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

NO_NULL = ["This field may not be null."]
REQUIRED = ["This field is required."]
V2 = {"detail": "This environment uses v2 feature versioning. Use the environment feature version endpoint instead."}
UNKNOWN = {"detail": "No EnvironmentFeatureVersion matches the given query."}


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation), use_v2_feature_versioning=True)


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, initial_value="one")


@pytest.fixture
def segment(environment):
    return a_segment(environment.project)


@pytest.fixture
def url(environment, feature):
    return f"/api/v1/environments/{environment.pk}/features/{feature.pk}/versions/"


@pytest.fixture
def make(api, url):
    def made(**body):
        answer = api.post(url, body, format="json")
        assert answer.status_code == 201, answer.content
        return answer.json()

    return made


def text(value):
    return {"type": "unicode", "string_value": value}


def live_values(environment):
    states = FeatureState.objects.live().filter(environment=environment).order_by("feature_segment__priority", "pk")
    return {state.feature_segment and state.feature_segment.segment_id: state.value for state in states}


def test_versions_are_turned_on_and_off(api, organisation):
    environment = an_environment(a_project(organisation))
    base = f"/api/v1/environments/{environment.api_key}/"

    assert api.post(f"{base}disable-v2-versioning/").json() == {"detail": "Environment is not using v2 versioning."}
    assert api.post(f"{base}enable-v2-versioning/").status_code == 202
    assert api.get(base).json()["use_v2_feature_versioning"] is True
    again = api.post(f"{base}enable-v2-versioning/")
    assert (again.status_code, again.json()) == (400, {"detail": "Environment already using v2 versioning."})
    assert api.post(f"{base}disable-v2-versioning/").status_code == 202
    assert api.get(base).json()["use_v2_feature_versioning"] is False


def test_only_an_administrator_turns_them_on(member, environment):
    path = f"/api/v1/environments/{environment.api_key}/disable-v2-versioning/"
    assert client_of(member).post(path).status_code == 404


def test_a_draft_begins_as_the_live_version(api, admin, url, make):
    made = make(description="why")

    assert made == {
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
        "published": False,
        "live_from": None,
        "uuid": made["uuid"],
        "is_live": False,
        "published_by": None,
        "created_by": admin.pk,
        "description": "why",
    }
    (state,) = api.get(f"{url}{made['uuid']}/featurestates/").json()
    assert (state["feature_state_value"]["string_value"], state["live_from"]) == ("one", None)


@pytest.mark.database
def test_the_newest_is_listed_first_and_what_was_served_counts_as_live(api, url, make):
    first = make(publish_immediately=True)
    second = make(publish_immediately=True)
    draft = make()

    def listed(query=""):
        return [row["uuid"] for row in api.get(f"{url}{query}").json()["results"]]

    assert listed()[:3] == [draft["uuid"], second["uuid"], first["uuid"]]
    assert len(listed()) == 4
    assert listed("?is_live=true") == listed()[1:]
    assert listed("?is_live=false") == [draft["uuid"]]
    assert listed("?is_live=perhaps") == listed()
    assert listed("?page_size=1") == [draft["uuid"]]


def test_one_version_tells_the_one_before_it(api, url, make, feature, environment):
    first = make(publish_immediately=True)
    second = make(publish_immediately=True)

    told = api.get(f"/api/v1/environment-feature-versions/{second['uuid']}/").json()

    assert told == second | {
        "previous_version_uuid": first["uuid"],
        "feature": feature.pk,
        "environment": environment.pk,
    }
    assert api.get(f"{url}{second['uuid']}/").status_code == 405


@pytest.mark.database
def test_a_version_is_made_and_published_in_one_call(api, admin, environment, feature, segment, make):
    other = a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(other.pk), value="gone")], actor=SYSTEM)
    count = Event.objects.count()

    made = make(
        publish_immediately=True,
        feature_states_to_update=[
            {"feature_segment": None, "enabled": True, "feature_state_value": {"type": "int", "integer_value": 99}}
        ],
        feature_states_to_create=[
            {"feature_segment": {"segment": segment.pk, "priority": 0}, "feature_state_value": text("seg")}
        ],
        segment_ids_to_delete_overrides=[other.pk, 4242],
    )

    assert (made["published"], made["is_live"], made["published_by"]) == (True, True, admin.pk)
    assert live_values(environment) == {None: 99, segment.pk: "seg"}
    assert [event.type for event in Event.objects.order_by("id")[count:]] == ["flag_version.published"]


@pytest.mark.database
@pytest.mark.parametrize(
    ("part", "state", "reason"),
    [
        ("feature_states_to_create", "there", "Feature state already exists"),
        ("feature_states_to_update", "missing", "There is no such override"),
    ],
)
def test_a_conflict_with_the_live_version_is_told(api, url, environment, feature, segment, part, state, reason):
    if state == "there":
        apply(environment, feature, [Set(target=ForSegment(segment.pk))], actor=SYSTEM)

    body = {part: [{"feature_segment": {"segment": segment.pk}, "feature_state_value": text("x")}]}
    answer = api.post(url, body, format="json")

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(f"An unresolvable conflict occurred: {reason}")
    assert not FlagVersion.objects.filter(status="draft").exists()


@pytest.mark.database
def test_an_override_made_again_in_the_same_call_is_no_conflict(environment, feature, segment, make):
    apply(environment, feature, [Set(target=ForSegment(segment.pk), value="old")], actor=SYSTEM)
    seed = FeatureState.objects.live().of_segments().get().bucketing_seed

    make(
        segment_ids_to_delete_overrides=[segment.pk],
        feature_states_to_create=[{"feature_segment": {"segment": segment.pk}, "feature_state_value": text("new")}],
        publish_immediately=True,
    )

    state = FeatureState.objects.live().of_segments().get()
    assert (state.value, state.bucketing_seed) == ("new", seed)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            {"feature_states_to_create": [{"enabled": True}]},
            {"feature_states_to_create": [{"feature_state_value": REQUIRED}]},
        ),
        (
            {"feature_states_to_create": [{"feature_state_value": {}}]},
            {"feature_states_to_create": [{"feature_segment": REQUIRED}]},
        ),
        (
            {"feature_states_to_create": [{"feature_segment": {"segment": 4242}, "feature_state_value": {}}]},
            {"segment": ['Invalid pk "4242" - object does not exist.']},
        ),
        ({"feature_states_to_create": [None]}, {"feature_states_to_create": [NO_NULL]}),
        ({"feature_states_to_update": [None]}, {"feature_states_to_update": [NO_NULL]}),
        ({"live_from": "soon"}, None),
        ({"segment_ids_to_delete_overrides": "1"}, None),
    ],
)
def test_a_wrong_version_is_refused(api, url, body, error):
    answer = api.post(url, body, format="json")
    assert answer.status_code == 400
    assert error is None or answer.json() == error


@pytest.mark.database
def test_without_versions_there_are_none(api, organisation, url, make, environment):
    plain = an_environment(environment.project)
    feature = a_feature(environment.project)
    base = f"/api/v1/environments/{plain.pk}/features/{feature.pk}/versions/"
    version = FlagVersion.objects.get(environment=plain, feature=feature)

    assert api.get(base).json()["results"] == []
    refused = api.post(base, {}, format="json")
    assert (refused.status_code, refused.json()) == (
        400,
        {"environment": "Environment must use v2 feature versioning."},
    )
    assert api.get(f"{base}{version.uuid}/featurestates/").json() == UNKNOWN
    assert api.get(f"/api/v1/environment-feature-versions/{version.uuid}/").json() == UNKNOWN


@pytest.mark.database
def test_the_states_of_a_draft_are_edited(api, environment, segment, url, make):
    states = f"{url}{make()['uuid']}/featurestates/"
    (default,) = api.get(states).json()

    changed = api.put(
        f"{states}{default['id']}/", {"enabled": True, "feature_state_value": text("in v2")}, format="json"
    )
    assert (changed.status_code, changed.json()["id"]) == (200, default["id"])
    assert changed.json()["feature_state_value"]["string_value"] == "in v2"
    body = {"feature_segment": {"segment": segment.pk, "priority": 0}, "feature_state_value": text("seg")}
    made = api.post(states, body, format="json")
    assert (made.status_code, made.json()["feature_segment"]["segment"]) == (201, segment.pk)
    override = f"{states}{made.json()['id']}/"
    patched = api.patch(override, {"enabled": True}, format="json").json()
    assert (patched["enabled"], patched["feature_state_value"]["string_value"]) == (True, "seg")

    assert api.put(override, {"enabled": False}, format="json").json() == {"feature_state_value": REQUIRED}
    assert api.post(states, body, format="json").status_code == 400
    assert api.post(states, {"feature_state_value": {}}, format="json").json() == {"feature_segment": REQUIRED}
    elsewhere = {"feature_segment": {"segment": a_segment(environment.project).pk}}
    assert api.patch(override, elsewhere, format="json").status_code == 400
    assert api.delete(f"{states}{default['id']}/").status_code == 400
    assert api.delete(override).status_code == 204
    assert [row["id"] for row in api.get(states).json()] == [default["id"]]
    assert live_values(environment) == {None: "one"}


def test_overrides_of_a_draft_are_put_in_order(api, environment, feature, url, make):
    segments = [a_segment(environment.project) for _ in range(3)]
    edits = [Set(target=ForSegment(segment.pk)) for segment in segments]
    apply(environment, feature, edits, actor=SYSTEM)
    states = f"{url}{make()['uuid']}/featurestates/"
    last = next(
        row for row in api.get(states).json() if (row["feature_segment"] or {}).get("segment") == segments[2].pk
    )

    place = {"feature_segment": {"segment": segments[2].pk, "priority": 0}}
    assert api.patch(f"{states}{last['id']}/", place, format="json").status_code == 200

    places = [row["feature_segment"] for row in api.get(states).json() if row["feature_segment"]]
    order = sorted(places, key=lambda place: place["priority"])
    assert [place["segment"] for place in order] == [segments[2].pk, segments[0].pk, segments[1].pk]


def test_a_published_version_is_not_modified(api, url, make):
    states = f"{url}{make(publish_immediately=True)['uuid']}/featurestates/"
    (state,) = api.get(states).json()
    refused = {"detail": "Cannot modify published version."}

    body = {"feature_state_value": text("x")}
    assert api.post(states, body, format="json").json() == refused
    for answer in (
        api.put(f"{states}{state['id']}/", body, format="json"),
        api.patch(f"{states}{state['id']}/", body, format="json"),
        api.delete(f"{states}{state['id']}/"),
    ):
        assert (answer.status_code, answer.json()) == (400, refused)


def test_publishing_twice_says_the_same(api, url, make):
    path = f"{url}{make()['uuid']}/publish/"
    first = api.post(path, {}, format="json")
    second = api.post(path, {}, format="json")
    assert (first.status_code, first.json()) == (200, second.json())
    assert list(first.json()) == ["live_from"]


@pytest.mark.database
def test_a_version_for_later_waits_for_the_worker(api, environment, url, make):
    made = make(feature_states_to_update=[{"feature_state_value": text("later")}])
    moment = (clock.now() + timedelta(hours=1)).isoformat()

    api.post(f"{url}{made['uuid']}/publish/", {"live_from": moment}, format="json")
    (row,) = api.get(f"{url}?is_live=false").json()["results"]
    assert (row["published"], row["is_live"]) == (True, False)
    assert live_values(environment) == {None: "one"}

    FlagVersion.objects.filter(uuid=made["uuid"]).update(live_from=clock.now())
    Worker(consumers=(), kinds=(), recurring=()).tick()
    assert live_values(environment) == {None: "later"}


def test_what_was_never_served_can_be_deleted(api, url, make):
    draft, served = make(), make(publish_immediately=True)
    refused = api.delete(f"{url}{served['uuid']}/")
    assert (refused.status_code, refused.json()) == (400, {"detail": "Cannot delete a live version."})
    assert api.delete(f"{url}{draft['uuid']}/").status_code == 204
    assert api.delete(f"{url}{draft['uuid']}/").json() == UNKNOWN


def test_states_are_not_written_past_versions_but_overrides_of_identities_are(api, environment, feature, segment):
    state = FeatureState.objects.live().get()
    person = an_identity(environment)
    base = f"/api/v1/environments/{environment.api_key}"
    value = {"enabled": True, "feature_state_value": text("x")}
    for answer in (
        api.patch(f"{base}/featurestates/{state.pk}/", {"enabled": True}, format="json"),
        api.put(f"/api/v1/features/featurestates/{state.pk}/", {"enabled": True}, format="json"),
        api.post(
            f"{base}/features/{feature.pk}/create-segment-override/",
            value | {"feature_segment": {"segment": segment.pk}},
            format="json",
        ),
        api.post(
            "/api/v1/features/feature-segments/",
            {"feature": feature.pk, "segment": segment.pk, "environment": environment.pk},
            format="json",
        ),
    ):
        assert (answer.status_code, answer.json()) == (400, V2)

    body = {"feature": feature.pk, "enabled": True}
    made = api.post(f"{base}/identities/{person.pk}/featurestates/", body, format="json")
    assert made.status_code == 201, made.content


def test_a_version_of_another_organisation_is_not_there(foreigner, environment, url, make):
    made = make()
    stranger = client_of(foreigner)
    own = f"/api/v1/environment-feature-versions/{made['uuid']}/"
    assert stranger.get(own).json() == UNKNOWN
    assert stranger.get(url).status_code == 404
    assert stranger.delete(f"{url}{made['uuid']}/").status_code == 404


def test_a_version_is_found_under_its_own_flag_only(api, environment, make):
    made = make()
    other = a_feature(environment.project)
    path = f"/api/v1/environments/{environment.pk}/features/{other.pk}/versions/{made['uuid']}/featurestates/"
    assert api.get(path).json() == UNKNOWN
    deleted = path.replace(f"/features/{other.pk}/", "/features/4242/")
    assert api.get(deleted).status_code == 404


@pytest.mark.parametrize("length", [2, 30])
def test_lists_cost_the_same_however_long_they_are(
    api, environment, feature, url, django_assert_max_num_queries, length
):
    for _ in range(length):
        segment = a_segment(environment.project)
        apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    newest = FlagVersion.objects.get(status="live")

    with django_assert_max_num_queries(8):
        assert api.get(url).json()["count"] == length + 1
    with django_assert_max_num_queries(8):
        assert len(api.get(f"{url}{newest.uuid}/featurestates/").json()) == length + 1


@pytest.mark.database
def test_states_of_the_live_version_are_told_with_it(api, environment, feature):
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    version = FlagVersion.objects.get(status="live")
    (row,) = api.get(f"/api/v1/environments/{environment.api_key}/featurestates/").json()["results"]
    assert row["environment_feature_version"] == str(version.uuid)
