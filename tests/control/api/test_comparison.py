"""Two environments side by side, and carrying flags over."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burgee.control.environments.models import Environment
from burgee.control.events.models import Event
from burgee.control.kit.actor import SYSTEM
from burgee.control.segments.models import Segment
from burgee.control.targeting.edits import Everyone, ForSegment, Set
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.grants import a_grant
from tests.factories.projects import a_project
from tests.factories.segments import a_segment


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def staging(project):
    return an_environment(project, name="Staging")


@pytest.fixture(params=[False, True], ids=["v1", "v2"])
def production(project, staging, request):
    return an_environment(project, name="Production", use_v2_feature_versioning=request.param)


@pytest.fixture
def feature(project, production):
    return a_feature(project, name="flag", initial_value="one", variants={"a": 20})


@pytest.fixture
def compared(api, project, staging, production):
    def asked(**query):
        query = {"from": staging.api_key, "to": production.api_key, **query}
        answer = api.get(f"/api/v1/projects/{project.pk}/compare/", query)
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return asked


@pytest.fixture
def promoted(api, staging, production, feature):
    def asked(**facts):
        body = {"from": staging.api_key, "features": [feature.pk], **facts}
        answer = api.post(f"/api/v1/environments/{production.api_key}/promote/", body, format="json")
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return asked


def differences(flag):
    return [(one["part"], (one["segment"] or {}).get("id"), one["field"], one["from"], one["to"]) for one in flag]


def default(environment):
    return FeatureState.objects.live().defaults().get(environment=environment)


def test_what_is_served_alike_is_not_told(feature, compared):
    told = compared()
    assert (told["compared"], told["features"]) == (1, [])
    assert told["from"]["name"] == "Staging"


def test_differences_are_told_field_by_field(project, staging, production, feature, compared):
    option = feature.options.get()
    both, only = a_segment(project), a_segment(project)
    apply(staging, feature, [Set(target=Everyone(), enabled=True, value=1, weights={option.pk: 50})], actor=SYSTEM)
    apply(production, feature, [Set(target=Everyone(), value=True)], actor=SYSTEM)
    apply(staging, feature, [Set(target=ForSegment(s.pk), enabled=True) for s in (only, both)], actor=SYSTEM)
    apply(production, feature, [Set(target=ForSegment(both.pk))], actor=SYSTEM)
    (flag,) = compared()["features"]
    assert differences(flag["differences"]) == [
        ("enabled", None, "enabled", True, False),
        ("value", None, "value", 1, True),
        ("multivariate", None, f"weight of variant {option.pk}", 50.0, 20.0),
        ("segment_overrides", only.pk, "override", True, False),
        ("segment_overrides", both.pk, "priority", 1, 0),
        ("segment_overrides", both.pk, "enabled", True, False),
    ]
    assert flag["from"]["environment_default"]["value"] == {"type": "integer", "value": "1"}
    assert flag["to"]["segment_overrides"][0]["segment"] == {"id": both.pk, "name": both.name}


def test_comparing_takes_as_many_queries_for_many_features(api, project, staging, production, feature, compared):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            compared()
        return len(captured)

    apply(staging, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    first = queries()
    for _ in range(8):
        apply(staging, a_feature(project), [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    assert queries() == first


def test_a_dry_run_tells_the_differences_and_writes_nothing(staging, production, feature, promoted):
    apply(staging, feature, [Set(target=Everyone(), enabled=True, value="two")], actor=SYSTEM)
    events = Event.objects.count()
    told = promoted(dry_run=True, parts=["enabled"])
    assert differences(told["features"][0]["differences"]) == [("enabled", None, "enabled", True, False)]
    assert (default(production).enabled, Event.objects.count()) == (False, events)


def test_chosen_parts_are_carried_over(staging, production, feature, promoted):
    apply(staging, feature, [Set(target=Everyone(), enabled=True, value="two")], actor=SYSTEM)
    promoted(parts=["enabled"])
    assert (default(production).enabled, default(production).value) == (True, "one")


def test_everything_is_carried_over_in_one_event(project, staging, production, feature, promoted, compared):
    other = a_feature(project, name="other")
    first, second, own = a_segment(project), a_segment(project), a_segment(project, feature=feature)
    targets = [ForSegment(one.pk) for one in (own, first)]
    apply(staging, feature, [Set(target=one, enabled=True, value=one.segment_id) for one in targets], actor=SYSTEM)
    apply(staging, other, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    apply(production, feature, [Set(target=ForSegment(one.pk)) for one in (first, second)], actor=SYSTEM)
    events = Event.objects.count()
    promoted(features=[feature.pk, other.pk], note="Release 12")
    assert compared()["features"] == []
    assert (Event.objects.count(), Event.objects.latest("pk").payload["note"]) == (events + 1, "Release 12")
    promoted(features=[feature.pk, other.pk])
    assert Event.objects.count() == events + 1


def test_a_rollout_is_carried_over_as_one_of_its_own_with_the_same_people(
    api, project, staging, production, feature, promoted, compared
):
    draft = {"segment_overrides": [{"rollout": {"percentage": 10}, "enabled": True}]}
    body = {"environments": {staging.api_key: draft}}
    api.post(f"/api/v1/projects/{project.pk}/features/{feature.pk}/save/", body, format="json")
    promoted()
    source, target = Segment.objects.order_by("pk")
    assert (target.managed_by, target.split_key) == (f"rollout:{production.pk}", source.pk)
    assert compared()["features"] == []
    body["environments"][staging.api_key]["segment_overrides"][0]["rollout"]["percentage"] = 30
    api.post(f"/api/v1/projects/{project.pk}/features/{feature.pk}/save/", body, format="json")
    assert differences(compared()["features"][0]["differences"]) == [
        ("segment_overrides", source.pk, "rollout", 30.0, 10.0)
    ]


def test_promoting_needs_rights_where_it_writes(project, staging, production, feature, member):
    a_grant(member, project, "VIEW_PROJECT")
    a_grant(member, production, "VIEW_ENVIRONMENT")
    client, route = client_of(member), f"/api/v1/environments/{production.api_key}/promote/"
    body = {"from": staging.api_key, "features": [feature.pk], "parts": ["enabled"]}
    assert client.post(route, body, format="json").status_code == 404
    a_grant(member, staging, "VIEW_ENVIRONMENT")
    assert client.post(route, body, format="json").status_code == 403
    assert client.post(route, body | {"dry_run": True}, format="json").status_code == 200
    a_grant(member, production, "UPDATE_FEATURE_STATE")
    assert client.post(route, body, format="json").status_code == 200
    overrides = body | {"parts": ["segment_overrides"]}
    assert client.post(route, overrides, format="json").status_code == 403


@pytest.mark.database
def test_where_changes_are_requested_nothing_is_promoted(api, staging, production, feature):
    Environment.objects.filter(pk=production.pk).update(minimum_change_request_approvals=1)
    body = {"from": staging.api_key, "features": [feature.pk]}
    answer = api.post(f"/api/v1/environments/{production.api_key}/promote/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "change_requests_enabled")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"features": []}, 400),
        ({"features": [10**9]}, 400),
        ({"parts": ["name"]}, 400),
        ({"parts": []}, 400),
        ({"from": "nowhere"}, 404),
    ],
)
def test_a_wrong_promotion_is_refused(api, staging, production, feature, change, status):
    body = {"from": staging.api_key, "features": [feature.pk]} | change
    answer = api.post(f"/api/v1/environments/{production.api_key}/promote/", body, format="json")
    assert answer.status_code == status


def test_environments_of_other_projects_are_not_found(api, project, staging, feature):
    foreign = an_environment()
    route = f"/api/v1/projects/{project.pk}/compare/"
    assert api.get(route, {"from": staging.api_key, "to": foreign.api_key}).status_code == 404
    assert api.get(route, {"from": staging.api_key}).status_code == 400
