"""Previews: who flips when a draft is saved, who is in a segment."""

import pytest

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
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_rule, a_segment


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, name="flag", initial_value="old")


@pytest.fixture
def people(environment):
    return [an_identity(environment, f"person-{n}", {"plan": "pro" if n % 2 else "free"}) for n in range(8)]


@pytest.fixture
def preview(api, environment, feature):
    def asked(**draft):
        route = f"/api/v1/environments/{environment.api_key}/features/{feature.pk}/preview/"
        answer = api.post(route, draft, format="json")
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return asked


def test_a_new_default_flips_everybody_who_has_no_override(environment, feature, people, preview):
    pro = a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(pro.pk), enabled=True, value="new")], actor=SYSTEM)
    seen = preview(environment_default={"enabled": True, "value": {"type": "string", "value": "new"}})
    assert (seen["examined"], seen["total"], seen["changed"], seen["changed_enabled"], seen["changed_value"]) == (
        8,
        8,
        4,
        4,
        4,
    )
    (group,) = seen["groups"]
    assert group["from"] == {"enabled": False, "value": "old", "variant": None}
    assert group["to"] == {"enabled": True, "value": "new", "variant": None}
    assert {one["identifier"] for one in group["samples"]} == {"person-0", "person-2", "person-4", "person-6"}
    assert seen["anonymous"]["changed"] is True


def test_a_preview_says_what_saving_then_does(api, environment, feature, people, preview):
    pro = a_segment(environment.project)
    draft = {
        "segment_overrides": [{"segment": {"id": pro.pk}, "enabled": True}],
        "identity_overrides": [{"identity": {"id": people[1].pk}, "enabled": False}],
    }
    seen = preview(**draft)
    names = {one["identifier"] for group in seen["groups"] for one in group["samples"]}
    assert names == {"person-3", "person-5", "person-7"}
    route = f"/api/v1/projects/{environment.project_id}/features/{feature.pk}/save/"
    assert api.post(route, {"environments": {environment.api_key: draft}}, format="json").status_code == 200
    explain = f"/api/v1/environments/{environment.api_key}/explain/"
    on = {
        person.identifier
        for person in people
        if api.post(explain, {"identifier": person.identifier}, format="json").json()["flags"][0]["enabled"]
    }
    assert on == names


def test_a_preview_writes_nothing(environment, feature, people, preview):
    states = list(FeatureState.objects.order_by("pk").values())
    seen = preview(segment_overrides=[{"rollout": {"percentage": 100}, "enabled": True}])
    assert (seen["changed"], seen["estimated"]) == (8, True)
    assert list(FeatureState.objects.order_by("pk").values()) == states
    assert (Event.objects.count(), Segment.objects.count()) == (0, 0)


@pytest.mark.database
def test_whole_numbers_and_booleans_are_different_values(environment, feature, people, preview):
    apply(environment, feature, [Set(target=Everyone(), value=1)], actor=SYSTEM)
    assert preview(environment_default={"value": {"type": "integer", "value": "1"}})["changed"] == 0
    assert preview(environment_default={"value": {"type": "boolean", "value": "true"}})["changed_value"] == 8


def test_samples_need_the_right_to_see_identities(environment, feature, people, member):
    a_grant(member, environment, "VIEW_ENVIRONMENT")
    route = f"/api/v1/environments/{environment.api_key}/features/{feature.pk}/preview/"
    seen = client_of(member).post(route, {"environment_default": {"enabled": True}}, format="json").json()
    assert (seen["changed"], seen["groups"][0]["samples"]) == (8, [])


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"environment_default": {"value": {"type": "integer", "value": "x"}}}, "environment_default"),
        ({"segment_overrides": [{"enabled": True}]}, "segment_overrides"),
        ({"segment_overrides": [{"segment": {"id": 10**9}}]}, "segment"),
        ({"identity_overrides": [{"identity": {"id": 10**9}}]}, "identity_overrides"),
        ({"environment_default": {"variants": [{"id": 1, "weight": 10}]}}, "environment_default"),
    ],
)
def test_a_wrong_draft_is_refused(api, environment, feature, draft, field):
    route = f"/api/v1/environments/{environment.api_key}/features/{feature.pk}/preview/"
    answer = api.post(route, draft, format="json")
    assert (answer.status_code, list(answer.json())) == (400, [field])


@pytest.mark.database
def test_a_segment_tells_who_would_enter_and_leave(api, environment, feature, people):
    pro = a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(pro.pk), enabled=True, value="new")], actor=SYSTEM)
    body = {"rules": a_rule(("EQUAL", "plan", "free")), "environment": environment.api_key, "segment": pro.pk}
    seen = api.post(f"/api/v1/projects/{environment.project_id}/segments/preview/", body, format="json").json()
    assert (seen["examined"], seen["matching"], len(seen["samples"])) == (8, 4, 4)
    segment = seen["segment"]
    assert (segment["matching"], segment["entering"], segment["leaving"]) == (4, 4, 4)
    (flag,) = segment["flags"]
    assert (flag["feature"]["name"], flag["environment"]["id"], flag["value"]) == ("flag", environment.pk, "new")


def test_a_segment_preview_needs_an_environment_of_the_project(api, environment, people):
    other = an_environment()
    route = f"/api/v1/projects/{environment.project_id}/segments/preview/"
    for key, status in ((environment.api_key, 200), (other.api_key, 404), ("nothing", 404)):
        body = {"rules": a_rule(("EQUAL", "plan", "pro")), "environment": key}
        answer = api.post(route, body, format="json")
        assert answer.status_code == status
    assert api.post(route, {"rules": [], "environment": environment.api_key}, format="json").status_code == 400


@pytest.mark.database
def test_numbers_of_a_segment_need_the_right_to_see_identities(environment, feature, people, member):
    """A rule that names one person's address would be answered with one or none."""
    pro = a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(pro.pk), enabled=True, value="new")], actor=SYSTEM)
    a_grant(member, environment.project, "VIEW_PROJECT")
    a_grant(member, environment, "VIEW_ENVIRONMENT")
    body = {"rules": a_rule(("EQUAL", "plan", "free")), "environment": environment.api_key, "segment": pro.pk}
    seen = client_of(member).post(f"/api/v1/projects/{environment.project_id}/segments/preview/", body, format="json")
    told = seen.json()
    segment = told.pop("segment")
    assert told == {"examined": 0, "total": 0, "matching": None, "samples": []}
    assert (segment["matching"], segment["entering"], segment["leaving"]) == (None, None, None)
    assert (segment["entering_samples"], segment["leaving_samples"]) == ([], [])
    assert [flag["feature"]["name"] for flag in segment["flags"]] == ["flag"]


def test_what_one_identity_gets_is_not_drafted_without_the_right_to_see_it(environment, feature, people, member):
    a_grant(member, environment, "VIEW_ENVIRONMENT")
    route = f"/api/v1/environments/{environment.api_key}/features/{feature.pk}/preview/"
    draft = {"identity_overrides": [{"identity": {"id": people[0].pk}, "enabled": True}]}
    assert client_of(member).post(route, draft, format="json").status_code == 403
    a_grant(member, environment, "VIEW_IDENTITIES")
    assert client_of(member).post(route, draft, format="json").status_code == 200
