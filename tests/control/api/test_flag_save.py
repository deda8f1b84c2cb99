"""One draft over several environments: all of it or nothing, in one event."""

import pytest

from burgee.control.audit.models import AuditLog
from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.identities.models import Identity
from burgee.control.kit.actor import Actor
from burgee.control.publishing.queries import snapshot
from burgee.control.segments.models import Segment
from burgee.control.targeting.edits import Everyone, ForSegment, Set
from burgee.control.targeting.models import FeatureState, Flag
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature
from tests.factories.grants import a_grant
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

BOB = Actor(kind="api_key", id=7, label="bob@example.com")


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture(params=[False, True], ids=["v1", "v2"])
def places(project, request):
    return [an_environment(project, name=name, use_v2_feature_versioning=request.param) for name in ("Test", "Live")]


@pytest.fixture
def feature(project, places):
    return a_feature(project, name="flag", initial_value="one")


@pytest.fixture
def route(project, feature):
    return f"/api/v1/projects/{project.pk}/features/{feature.pk}/save/"


def string(text):
    return {"type": "string", "value": text}


def overrides(environment):
    states = FeatureState.objects.live().of_segments().filter(environment=environment)
    return list(
        states.order_by("feature_segment__priority").values_list("feature_segment__segment_id", "value", "enabled")
    )


def default(environment):
    return FeatureState.objects.live().defaults().get(environment=environment)


@pytest.mark.database
def test_several_environments_are_saved_in_one_event(api, admin, places, feature, route):
    test, live = places
    body = {
        "note": "Black Friday",
        "environments": {
            test.api_key: {"environment_default": {"enabled": True}},
            live.api_key: {"environment_default": {"value": string("two")}},
        },
    }
    answer = api.post(route, body, format="json")
    assert answer.status_code == 200, answer.json()
    told = answer.json()["environments"]
    assert told[test.api_key]["environment_default"] == {"enabled": True, "value": string("one"), "variants": []}
    assert (told[live.api_key]["environment_default"]["value"], told[live.api_key]["change_number"]) == (
        string("two"),
        1,
    )
    (event,) = Event.objects.all()
    assert {change["environment_id"] for change in event.payload["changes"]} == {test.pk, live.pk}
    assert set(Flag.objects.values_list("changed_by", flat=True)) == {admin.pk}
    everything_delivered()
    lines = AuditLog.objects.filter(object_type="FEATURE_STATE")
    assert {line.environment_id for line in lines} == {test.pk, live.pk}
    note = {"field": "note", "old": None, "new": "Black Friday"}
    assert all(note in line.details and line.feature_id == feature.pk for line in lines)


@pytest.mark.database
def test_overrides_become_exactly_those_of_the_draft_in_their_order(api, project, places, feature, route):
    segments = [a_segment(project) for _ in range(3)]
    edits = [Set(target=ForSegment(segment.pk), enabled=True, value=segment.pk) for segment in segments]
    apply(places[0], feature, edits, actor=BOB)
    wanted = [segments[2].pk, segments[0].pk]
    draft = {"segment_overrides": [{"segment": {"id": pk}} for pk in wanted]}
    answer = api.post(route, {"environments": {places[0].api_key: draft}}, format="json")
    assert answer.status_code == 200, answer.json()
    assert overrides(places[0]) == [(pk, pk, True) for pk in wanted]
    told = answer.json()["environments"][places[0].api_key]["segment_overrides"]
    assert [(one["segment"]["id"], one["priority"], one["rollout"]) for one in told] == [
        (wanted[0], 0, None),
        (wanted[1], 1, None),
    ]


@pytest.mark.database
def test_a_rollout_is_a_segment_that_is_kept_for_the_flag(api, project, places, feature, route):
    test, live = places

    def saved(percentage):
        draft = {"segment_overrides": [{"rollout": {"percentage": percentage}, "enabled": True}]}
        answer = api.post(route, {"environments": {test.api_key: draft, live.api_key: draft}}, format="json")
        assert answer.status_code == 200, answer.json()
        return answer.json()["environments"]

    assert saved(10)[test.api_key]["segment_overrides"][0]["rollout"] == {"percentage": 10.0}
    rollouts = list(Segment.objects.order_by("pk"))
    assert [(one.feature_id, one.managed_by) for one in rollouts] == [
        (feature.pk, f"rollout:{test.pk}"),
        (feature.pk, f"rollout:{live.pk}"),
    ]
    number = Flag.objects.get(environment=test).change_number
    assert saved(12.5)[test.api_key]["change_number"] == number + 1
    assert Segment.objects.count() == 2
    changed = Segment.objects.get(pk=rollouts[0].pk)
    (condition,) = changed.rules[0]["rules"][0]["conditions"]
    assert (condition["operator"], condition["property"], condition["value"]) == ("PERCENTAGE_SPLIT", None, "12.5")
    events = Event.objects.count()
    saved(12.5)
    assert Event.objects.count() == events
    listed = api.get(f"/api/v1/projects/{project.pk}/segments/{changed.pk}/").json()
    assert listed["managed_by"] == "rollout"


@pytest.mark.database
def test_identities_are_given_overrides_and_lose_them(api, places, feature, route):
    lena, tom = (an_identity(places[0], name) for name in ("lena", "tom"))
    on = {"identity_overrides": [{"identity": {"id": one.pk}, "enabled": True} for one in (lena, tom)]}
    off = {"identity_overrides": [{"identity": {"id": tom.pk}, "remove": True}]}
    for draft in (on, off):
        assert api.post(route, {"environments": {places[0].api_key: draft}}, format="json").status_code == 200
    states = FeatureState.objects.of_identities()
    assert list(states.values_list("identity_id", "enabled")) == [(lena.pk, True)]
    assert Identity.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_is_published_before_the_answer(api, places, feature, route):
    body = {place.api_key: {"environment_default": {"enabled": True}} for place in places}
    assert api.post(route, {"environments": body}, format="json").status_code == 200
    for place in places:
        published = snapshot(place.pk)
        assert published is not None
        part = published.parts[f"flag/{feature.pk}"]
        assert part.state.enabled


@pytest.mark.database
def test_one_wrong_environment_refuses_all(api, places, feature, route):
    test, live = places
    body = {
        test.api_key: {"environment_default": {"enabled": True}},
        live.api_key: {"segment_overrides": [{"segment": {"id": 10**9}}]},
    }
    answer = api.post(route, {"environments": body}, format="json")
    message = f'Invalid pk "{10**9}" - object does not exist.'
    assert (answer.status_code, answer.json()) == (400, {"environments": {live.api_key: {"segment": [message]}}})
    assert (default(test).enabled, Event.objects.count()) == (False, 0)
    body[live.api_key] = {"environment_default": {"value": {"type": "integer", "value": "x"}}}
    answer = api.post(route, {"environments": body}, format="json")
    assert (answer.status_code, list(answer.json()["environments"])) == (400, [live.api_key])


@pytest.mark.database
def test_a_draft_of_an_older_flag_is_refused_with_what_changed(api, places, feature, route):
    test, live = places
    apply(test, feature, [Set(target=Everyone(), value="theirs")], actor=BOB)
    body = {
        test.api_key: {"expected": 0, "environment_default": {"value": string("mine")}},
        live.api_key: {"expected": 0, "environment_default": {"value": string("mine")}},
    }
    answer = api.post(route, {"environments": body}, format="json")
    told = answer.json()
    assert (answer.status_code, told["code"], list(told["environments"])) == (409, "stale_edit", [test.api_key])
    missed = told["environments"][test.api_key]
    assert (missed["change_number"], missed["changes"][0]["after"]["value"]) == (1, "theirs")
    assert (default(test).value, default(live).value) == ("theirs", "one")
    body[test.api_key]["expected"] = 1
    assert api.post(route, {"environments": body}, format="json").status_code == 200


def test_each_environment_is_asked_for_its_own_rights(project, places, feature, route, member):
    test, live = places
    a_grant(member, project, "VIEW_PROJECT")
    a_grant(member, test, "VIEW_ENVIRONMENT", "UPDATE_FEATURE_STATE")
    client = client_of(member)
    on = {"environment_default": {"enabled": True}}
    statuses = [
        client.post(route, {"environments": body}, format="json").status_code
        for body in (
            {test.api_key: on},
            {test.api_key: on, live.api_key: on},
            {test.api_key: {"segment_overrides": []}},
        )
    ]
    assert statuses == [200, 404, 403]
    a_grant(member, live, "VIEW_ENVIRONMENT")
    assert client.post(route, {"environments": {live.api_key: on}}, format="json").status_code == 403


def test_where_changes_are_requested_nothing_is_saved(api, places, feature, route):
    Environment.objects.filter(pk=places[1].pk).update(minimum_change_request_approvals=0)
    body = {place.api_key: {"environment_default": {"enabled": True}} for place in places}
    answer = api.post(route, {"environments": body}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "change_requests_enabled")
    assert not default(places[0]).enabled


@pytest.mark.parametrize("body", [{}, {"environments": {}}, {"environments": []}, {"environments": {"nowhere": 5}}])
def test_a_wrong_body_is_refused(api, route, body):
    assert api.post(route, body, format="json").status_code == 400
