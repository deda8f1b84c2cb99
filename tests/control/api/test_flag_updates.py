"""Newer writes of a flag: by name or id, in one piece, and guarded by the flag's change number."""

import pytest

from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.kit.actor import Actor
from burgee.control.targeting.edits import Everyone, ForSegment, Set
from burgee.control.targeting.models import FeatureState, Flag, FlagVersion
from burgee.control.targeting.openings import delete_segment
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

REQUIRED = ["This field is required."]
BOB = Actor(kind="api_key", id=7, label="bob@example.com")


@pytest.fixture(params=[False, True], ids=["v1", "v2"])
def environment(organisation, request):
    return an_environment(a_project(organisation), use_v2_feature_versioning=request.param)


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, name="flag", initial_value="one")


@pytest.fixture
def segments(environment):
    return [a_segment(environment.project) for _ in range(3)]


@pytest.fixture
def old(environment):
    return f"/api/experiments/environments/{environment.api_key}"


@pytest.fixture
def new(environment, feature):
    return f"/api/__future__/environments/{environment.api_key}/features/{feature.pk}/"


def value(kind, text):
    return {"type": kind, "value": text}


def default(environment):
    return FeatureState.objects.live().defaults().get(environment=environment)


def overrides(environment):
    states = FeatureState.objects.live().of_segments().filter(environment=environment)
    rows = states.order_by("feature_segment__priority").values_list("feature_segment__segment_id", "value", "enabled")
    return list(rows)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (value("string", "42"), "42"),
        (value("string", ""), ""),
        (value("integer", "42"), 42),
        (value("integer", -7), -7),
        (value("boolean", "true"), True),
        (value("boolean", False), False),
    ],
)
def test_a_flag_is_updated_by_name(api, environment, feature, old, given, kept):
    body = {"feature": {"name": "flag"}, "enabled": True, "value": given}
    answer = api.post(f"{old}/update-flag-v1/", body, format="json")
    state = default(environment)
    assert (answer.status_code, answer.content, state.enabled) == (204, b"", True)
    assert (state.value, type(state.value)) == (kept, type(kept))


@pytest.mark.parametrize("given", [value("integer", "x"), value("integer", str(2**31)), value("boolean", "perhaps")])
def test_a_value_that_is_not_of_its_type_is_refused(api, feature, old, given):
    body = {"feature": {"id": feature.pk}, "enabled": True, "value": given}
    answer = api.post(f"{old}/update-flag-v1/", body, format="json")
    assert (answer.status_code, list(answer.json())) == (400, ["value"])


def test_a_segment_override_is_written_and_deleted(api, environment, feature, segments, old):
    for segment, priority in ((segments[0], None), (segments[1], 0)):
        named = {"id": segment.pk} | ({} if priority is None else {"priority": priority})
        body = {"feature": {"id": feature.pk}, "segment": named, "enabled": True, "value": value("integer", "1")}
        assert api.post(f"{old}/update-flag-v1/", body, format="json").status_code == 204
    assert overrides(environment) == [(segments[1].pk, 1, True), (segments[0].pk, 1, True)]

    body = {"feature": {"id": feature.pk}, "segment": {"id": segments[1].pk}}
    assert api.post(f"{old}/delete-segment-override/", body, format="json").status_code == 204
    assert overrides(environment) == [(segments[0].pk, 1, True)]
    assert api.post(f"{old}/delete-segment-override/", body, format="json").status_code == 404


def test_default_and_overrides_are_updated_in_one_edit(api, environment, feature, segments, old):
    body = {
        "feature": {"id": feature.pk},
        "environment_default": {"enabled": True, "value": value("string", "v2")},
        "segment_overrides": [
            {"segment_id": segments[0].pk, "priority": 1, "enabled": False, "value": value("boolean", "true")},
            {"segment_id": segments[1].pk, "priority": 0, "enabled": True, "value": value("integer", "3")},
        ],
    }
    assert api.post(f"{old}/update-flag-v2/", body, format="json").status_code == 204
    assert (default(environment).value, default(environment).enabled) == ("v2", True)
    assert overrides(environment) == [(segments[1].pk, 3, True), (segments[0].pk, True, False)]
    assert [event.type for event in Event.objects.all()] == ["flag.changed"]
    body["segment_overrides"] *= 2
    assert api.post(f"{old}/update-flag-v2/", body, format="json").status_code == 400


@pytest.mark.parametrize(
    ("route", "body", "status", "error"),
    [
        ("update-flag-v1", {}, 400, {"feature": REQUIRED, "enabled": REQUIRED, "value": REQUIRED}),
        ("update-flag-v2", {}, 400, {"feature": REQUIRED, "environment_default": REQUIRED}),
        ("delete-segment-override", {}, 400, {"feature": REQUIRED, "segment": REQUIRED}),
        (
            "delete-segment-override",
            {"feature": {"name": "nowhere"}, "segment": {"id": 1}},
            404,
            {"detail": "No Feature matches the given query."},
        ),
        (
            "delete-segment-override",
            {"feature": {"name": "flag", "id": 1}, "segment": {"id": 1}},
            400,
            {"feature": {"non_field_errors": ["Name the feature by either its name or its id."]}},
        ),
    ],
)
def test_a_wrong_update_is_refused(api, feature, old, route, body, status, error):
    answer = api.post(f"{old}/{route}/", body, format="json")
    assert (answer.status_code, answer.json()) == (status, error)


def test_where_changes_are_requested_nothing_is_written_directly(api, environment, feature, old, new):
    Environment.objects.filter(pk=environment.pk).update(minimum_change_request_approvals=0)
    body = {"feature": {"id": feature.pk}, "enabled": True, "value": value("string", "x")}
    assert api.post(f"{old}/update-flag-v1/", body, format="json").status_code == 403
    for answer in (api.patch(new, {}, format="json"), api.delete(f"{new}segment-overrides/1/")):
        assert (answer.status_code, answer.json()["code"]) == (409, "change_requests_enabled")


def test_a_flag_is_read_in_one_piece(api, environment, segments, new, feature):
    edits = [Set(target=ForSegment(segments[n].pk, 0), enabled=True, value=n) for n in (0, 1)]
    apply(environment, feature, edits, actor=BOB)

    answer = api.get(new)

    def override(segment, priority, kept):
        told = {"segment": {"id": segment.pk}, "priority": priority, "enabled": True}
        return told | {"value": value("integer", kept), "variants": []}

    assert answer.json() == {
        "environment_default": {"enabled": False, "value": value("string", "one"), "variants": []},
        "segment_overrides": [override(segments[1], 0, "1"), override(segments[0], 1, "0")],
    }
    assert answer["ETag"] == '"1"'


def test_what_is_read_can_be_written_back(api, environment, segments):
    feature = a_feature(environment.project, variants={"a": 30, "b": 20}, initial_value=None)
    apply(environment, feature, [Set(target=ForSegment(segments[0].pk), value=True)], actor=BOB)
    path = f"/api/__future__/environments/{environment.api_key}/features/{feature.pk}/"
    told = api.get(path).json()
    assert told["environment_default"]["value"] is None
    assert [variant["weight"] for variant in told["segment_overrides"][0]["variants"]] == [0, 0]

    for write in (api.patch, api.put):
        answer = write(path, told, format="json")
        assert (answer.status_code, answer.json()) == (200, told)


def test_a_patch_merges(api, environment, feature, segments, new):
    apply(environment, feature, [Set(target=ForSegment(segments[0].pk), enabled=True, value="kept")], actor=BOB)
    body = {
        "environment_default": {"enabled": True},
        "segment_overrides": [
            {"segment": {"id": segments[1].pk}, "value": value("string", "first")},
            {"segment": {"id": segments[0].pk}, "enabled": False},
        ],
    }
    told = api.patch(new, body, format="json").json()

    assert told["environment_default"] == {"enabled": True, "value": value("string", "one"), "variants": []}
    assert overrides(environment) == [(segments[1].pk, "first", False), (segments[0].pk, "kept", False)]
    assert api.patch(new, {"enabled": True}, format="json").json() == told


def test_a_put_replaces_the_parts_that_it_names(api, environment, feature, segments, new):
    edits = [Set(target=ForSegment(segment.pk), enabled=True, value="old") for segment in segments[:2]]
    apply(environment, feature, [Set(target=Everyone(), enabled=True, value="x"), *edits], actor=BOB)

    told = api.put(new, {"environment_default": {}}, format="json").json()
    assert told["environment_default"] == {"enabled": False, "value": value("string", "one"), "variants": []}
    assert len(told["segment_overrides"]) == 2

    body = {"segment_overrides": [{"segment": {"id": segments[1].pk}}]}
    assert api.put(new, body, format="json").status_code == 200
    assert overrides(environment) == [(segments[1].pk, "one", False)]
    assert api.put(new, {"segment_overrides": []}, format="json").json()["segment_overrides"] == []


def test_a_put_gives_left_out_variants_their_shares_back(api, environment, segments):
    feature = a_feature(environment.project, variants={"a": 30})
    option = feature.options.get()
    edits = [Set(target=target, weights={option.pk: 70}) for target in (Everyone(), ForSegment(segments[0].pk))]
    apply(environment, feature, edits, actor=BOB)
    path = f"/api/__future__/environments/{environment.api_key}/features/{feature.pk}/"

    body = {"environment_default": {}, "segment_overrides": [{"segment": {"id": segments[0].pk}}]}
    told = api.put(path, body, format="json").json()

    assert told["environment_default"]["variants"] == [{"id": option.pk, "weight": 30}]
    assert told["segment_overrides"][0]["variants"] == [{"id": option.pk, "weight": 0}]


@pytest.mark.parametrize(
    "override",
    [
        [{"segment": {"id": 4242}}],
        [{"segment": {"id": "{0}"}}, {"segment": {"id": "{0}"}}],
        [{"segment": {"id": "{0}"}, "priority": 1}, {"segment": {"id": "{1}"}, "priority": 1}],
        [{"segment": {"id": "{0}"}, "priority": -1}],
        [{"segment": {"id": "{0}"}, "variants": [{"id": 4242, "weight": 5}]}],
        [{"segment": {"id": "{0}"}, "value": value("float", "1")}],
        [{}],
    ],
)
def test_a_wrong_list_of_overrides_is_refused_as_a_whole(api, environment, segments, new, override):
    for item in override:
        if "segment" in item and isinstance(item["segment"]["id"], str):
            item["segment"] = {"id": segments[int(item["segment"]["id"][1])].pk}
    answer = api.patch(new, {"environment_default": {"enabled": True}, "segment_overrides": override}, format="json")
    assert answer.status_code == 400, answer.content
    assert not default(environment).enabled


@pytest.mark.parametrize("weights", [[60], [60, 50], [10, 10, 10]])
def test_variants_name_every_option_and_stay_within_a_hundred(api, environment, weights):
    feature = a_feature(environment.project, variants={"a": 10, "b": 10})
    ids = [*feature.options.order_by("pk").values_list("pk", flat=True), 4242]
    path = f"/api/__future__/environments/{environment.api_key}/features/{feature.pk}/"
    variants = [{"id": id_, "weight": weight} for id_, weight in zip(ids, weights, strict=False)]
    answer = api.patch(path, {"environment_default": {"variants": variants}}, format="json")
    assert answer.status_code == 400, answer.content


def test_one_override_is_deleted(api, environment, feature, segments, new):
    apply(environment, feature, [Set(target=ForSegment(segments[0].pk))], actor=BOB)
    path = f"{new}segment-overrides/{segments[0].pk}/"
    assert api.get(path).status_code == 405
    assert api.delete(path).json()["segment_overrides"] == []
    assert api.delete(path).status_code == 404


def test_the_flags_of_others_are_not_there(foreigner, member, new, old):
    for stranger in (client_of(foreigner), client_of(member)):
        for answer in (stranger.get(new), stranger.patch(new, {}), stranger.post(f"{old}/update-flag-v1/", {})):
            assert answer.status_code == 404


def test_a_stale_write_learns_what_it_missed(api, environment, feature, segments, new):
    tag = api.get(new)["ETag"]
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=BOB)
    apply(environment, feature, [Set(target=ForSegment(segments[0].pk), value="bob's")], actor=BOB)

    refused = api.patch(new, {"environment_default": {"enabled": False}}, format="json", HTTP_IF_MATCH=tag)

    told = refused.json()
    assert (refused.status_code, told["code"], told["change_number"]) == (409, "stale_edit", 2)
    assert {change["author"] for change in told["changes"]} == {"bob@example.com"}
    states = [change for change in told["changes"] if change["object"] == "feature_state"]
    assert (states[0]["before"]["enabled"], states[0]["after"]["enabled"]) == (False, True)
    assert (states[1]["before"], states[1]["after"]["value"]) == (None, "bob's")
    assert default(environment).enabled


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"0", "1"', "*"])
def test_a_write_for_the_current_number_passes_and_tells_the_next(api, environment, feature, new, tag):
    apply(environment, feature, [Set(target=Everyone(), value="x")], actor=BOB)
    answer = api.patch(new, {"environment_default": {"enabled": True}}, format="json", HTTP_IF_MATCH=tag)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("tag", ['"7"', "", "nonsense", '"²"', '"' + "9" * 50 + '"'])
def test_a_tag_that_is_not_the_current_number_writes_nothing(api, environment, new, tag):
    for answer in (
        api.put(new, {"environment_default": {"enabled": True}}, format="json", HTTP_IF_MATCH=tag),
        api.delete(f"{new}segment-overrides/1/", HTTP_IF_MATCH=tag),
    ):
        assert (answer.status_code, answer.json()["changes"]) == (409, [])
    assert not default(environment).enabled


def test_without_a_tag_the_last_write_wins(api, environment, feature, new):
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=BOB)
    assert api.patch(new, {"environment_default": {"enabled": False}}, format="json").status_code == 200
    assert not default(environment).enabled


def test_classic_states_are_guarded_too(api, organisation):
    environment = an_environment(a_project(organisation))
    feature = a_feature(environment.project)
    segment = a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(segment.pk))], actor=BOB)
    base = f"/api/v1/environments/{environment.api_key}/featurestates/"
    path = f"{base}{default(environment).pk}/"
    override = FeatureState.objects.live().of_segments().get()

    assert api.get(path)["ETag"] == '"1"'
    stale = {"HTTP_IF_MATCH": '"0"'}
    for answer in (
        api.put(path, {"enabled": True}, format="json", **stale),
        api.patch(path, {"enabled": True}, format="json", **stale),
        api.delete(f"{base}{override.pk}/", **stale),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "stale_edit")
        assert len(answer.json()["changes"]) == 2
    assert api.patch(path, {"enabled": True}, format="json", HTTP_IF_MATCH='"1"')["ETag"] == '"2"'


def test_a_segment_that_is_deleted_changes_the_number_of_its_flags(environment, feature, segments):
    apply(environment, feature, [Set(target=ForSegment(segments[0].pk))], actor=BOB)
    delete_segment(segments[0], actor=BOB)
    assert Flag.objects.get().change_number == 2


def test_each_update_with_versions_is_one_version(api, organisation):
    environment = an_environment(a_project(organisation), use_v2_feature_versioning=True)
    feature = a_feature(environment.project)
    path = f"/api/__future__/environments/{environment.api_key}/features/{feature.pk}/"
    api.patch(path, {"environment_default": {"enabled": True}}, format="json")
    assert FlagVersion.objects.count() == 2
