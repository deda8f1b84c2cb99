"""Taking a change back from the line that tells it."""

import pytest

from burgee.control.audit.models import AuditLog
from burgee.control.events.models import Event
from burgee.control.features.rows import NewFeature
from burgee.control.features.services import FeatureChanges, change_feature
from burgee.control.kit.actor import Actor
from burgee.control.segments.rules import ConditionDraft, RuleDraft
from burgee.control.segments.services import SegmentChanges, change_segment
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Remove, Set
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.openings import create_feature, delete_segment
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature, a_tag
from tests.factories.grants import a_grant
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

BOB = Actor(kind="api_key", id=7, label="bob@example.com")


@pytest.fixture(params=[False, True], ids=["v1", "v2"])
def environment(organisation, request):
    return an_environment(a_project(organisation), use_v2_feature_versioning=request.param)


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, name="flag", initial_value="one", variants={"a": 20})


@pytest.fixture
def change(environment, feature):
    def changed(*edits):
        apply(environment, feature, edits, actor=BOB)

    return changed


def latest(**facts):
    everything_delivered()
    return AuditLog.objects.filter(**facts).latest("pk")


def default(environment):
    return FeatureState.objects.live().defaults().get(environment=environment)


def overrides(environment):
    states = FeatureState.objects.live().of_segments().filter(environment=environment)
    return list(states.order_by("feature_segment__priority").values_list("feature_segment__segment_id", "value"))


def reverted(api, line, status=200, **body):
    answer = api.post(f"/api/v1/audit/{line.pk}/revert/", body, format="json")
    assert answer.status_code == status, answer.json()
    return answer.json()


def test_a_state_goes_back_to_what_it_was(api, environment, feature, change):
    option = feature.options.get()
    change(Set(target=Everyone(), enabled=True, value=1, weights={option.pk: 60}))
    told = reverted(api, latest(object_type="FEATURE_STATE"))
    assert (told["changed"], told["object"]) == (True, "FEATURE_STATE")
    assert [(one["field"], one["from"], one["to"]) for one in told["fields"][:2]] == [
        ("enabled", True, False),
        ("value", 1, "one"),
    ]
    state = default(environment)
    assert (state.enabled, state.value) == (False, "one")
    assert state.weights.get().percentage_allocation == 20


def test_only_what_the_line_changed_goes_back(api, environment, change):
    change(Set(target=Everyone(), enabled=True))
    line = latest(object_type="FEATURE_STATE")
    change(Set(target=Everyone(), value="later"))
    reverted(api, line)
    assert (default(environment).enabled, default(environment).value) == (False, "later")


def test_a_later_change_of_the_same_field_is_told_and_can_be_forced(api, environment, change):
    change(Set(target=Everyone(), value="two"))
    line = latest(object_type="FEATURE_STATE")
    change(Set(target=Everyone(), value="three"))
    told = reverted(api, line, status=409)
    assert (told["code"], told["fields"], told["changes"][0]["after"]["value"]) == ("changed_since", ["value"], "three")
    assert told["changes"][0]["author"] == "bob@example.com"
    assert default(environment).value == "three"
    assert reverted(api, line, force=True)["changed"]
    assert default(environment).value == "one"
    assert not reverted(api, line, force=True)["changed"]


def test_a_removed_override_comes_back_to_its_place(api, environment, change):
    segments = [a_segment(environment.project) for _ in range(2)]
    change(*[Set(target=ForSegment(one.pk), value=one.pk) for one in segments])
    before = overrides(environment)
    change(Remove(target=ForSegment(segments[0].pk)))
    reverted(api, latest(object_type="FEATURE_STATE", change_type="DELETE"))
    assert overrides(environment) == before


@pytest.mark.database
def test_an_override_that_was_made_goes(api, environment, change):
    lena, segment = an_identity(environment), a_segment(environment.project)
    change(Set(target=ForIdentity(lena.pk), enabled=True))
    reverted(api, latest(object_type="FEATURE_STATE"))
    change(Set(target=ForSegment(segment.pk), enabled=True))
    reverted(api, latest(object_type="FEATURE_STATE"))
    assert (FeatureState.objects.of_identities().count(), overrides(environment)) == (0, [])


def test_an_order_is_put_back(api, environment, change):
    segments = [a_segment(environment.project) for _ in range(3)]
    change(*[Set(target=ForSegment(one.pk), value=one.pk) for one in segments])
    before = overrides(environment)
    change(Set(target=ForSegment(segments[2].pk, 0)))
    line = latest(object_type="FEATURE")
    assert overrides(environment) != before
    reverted(api, line)
    assert overrides(environment) == before


@pytest.mark.database
def test_the_rules_of_a_segment_go_back(api, environment):
    segment = a_segment(environment.project, name="Staff")
    rules = segment.rules
    draft = RuleDraft(type="ANY", conditions=(ConditionDraft(operator="IS_SET", property="x"),))
    change_segment(segment, SegmentChanges(rules=(draft,), name="People"), actor=BOB)
    told = reverted(api, latest(object_type="SEGMENT"))
    segment.refresh_from_db()
    assert ([one["field"] for one in told["fields"]], segment.name) == (["name", "rules"], "Staff")
    assert segment.rules[0]["type"] == rules[0]["type"]
    assert segment.rules[0]["rules"][0]["conditions"][0]["value"] == "pro"


@pytest.mark.database
def test_a_definition_goes_back(api, environment, feature):
    feature.tags.add(a_tag(environment.project, "shop"))
    change_feature(feature, FeatureChanges(description="new", tag_ids=(), is_archived=True), actor=BOB)
    assert reverted(api, latest(object_type="FEATURE"))["changed"]
    feature.refresh_from_db()
    assert (feature.description, feature.is_archived) == (None, False)
    assert [tag.label for tag in feature.tags.all()] == ["shop"]


@pytest.mark.database
def test_what_has_no_opposite_is_refused_with_the_reason(api, environment, change):
    create_feature(environment.project, NewFeature(name="new"), actor=BOB)
    told = reverted(api, latest(object_type="FEATURE"), status=400)
    assert (told["code"], told["detail"]) == (
        "not_revertible",
        "What was created cannot be brought to what it was before.",
    )
    segment = a_segment(environment.project)
    change(Set(target=ForSegment(segment.pk), enabled=True))
    change(Remove(target=ForSegment(segment.pk)))
    line = latest(object_type="FEATURE_STATE", change_type="DELETE")
    delete_segment(segment, actor=BOB)
    assert reverted(api, line, status=400)["detail"] == "The segment is not there any more."


def test_the_reach_of_a_rollout_is_taken_back_through_its_flag(api, environment, feature):
    route = f"/api/v1/projects/{environment.project_id}/features/{feature.pk}/save/"
    for percentage in (10, 20):
        draft = {"segment_overrides": [{"rollout": {"percentage": percentage}}]}
        api.post(route, {"environments": {environment.api_key: draft}}, format="json")
    assert "percentage" in reverted(api, latest(object_type="SEGMENT"), status=400)["detail"]


def test_a_line_whose_record_is_gone_cannot_be_taken_back(api, environment, change):
    change(Set(target=Everyone(), enabled=True))
    line = latest(object_type="FEATURE_STATE")
    Event.objects.all().delete()
    assert reverted(api, line, status=400)["code"] == "not_revertible"


def test_reverting_needs_what_the_edit_needs(environment, feature, change, member, foreigner):
    change(Set(target=Everyone(), enabled=True))
    line = latest(object_type="FEATURE_STATE")
    client = client_of(member)
    reverted(client_of(foreigner), line, status=404)
    reverted(client, line, status=404)
    a_grant(member, environment.project, "VIEW_PROJECT", "VIEW_AUDIT_LOG")
    reverted(client, line, status=403)
    a_grant(member, environment, "VIEW_ENVIRONMENT", "UPDATE_FEATURE_STATE")
    assert reverted(client, line)["changed"]


def test_reverting_what_an_identity_got_needs_the_right_to_manage_identities(environment, change, member):
    change(Set(target=ForIdentity(an_identity(environment).pk), enabled=True))
    line, client = latest(object_type="FEATURE_STATE"), client_of(member)
    a_grant(member, environment.project, "VIEW_PROJECT", "VIEW_AUDIT_LOG")
    a_grant(member, environment, "VIEW_ENVIRONMENT", "UPDATE_FEATURE_STATE")
    reverted(client, line, status=403)
    a_grant(member, environment, "MANAGE_IDENTITIES")
    assert reverted(client, line)["changed"]


@pytest.mark.database
def test_the_history_of_a_flag_is_listed_with_what_can_be_taken_back(api, environment, feature, change):
    change_feature(feature, FeatureChanges(description="new"), actor=BOB)
    change(Set(target=Everyone(), enabled=True))
    apply(environment, a_feature(environment.project), [Set(target=Everyone(), enabled=True)], actor=BOB)
    everything_delivered()
    route = f"/api/v1/projects/{environment.project_id}/audit/"
    lines = api.get(route, {"feature": feature.pk, "details": "true"}).json()["results"]
    told = {line["related_object_type"]: line["can_revert"] for line in lines}
    assert (told["FEATURE"], told["FEATURE_STATE"]) == (True, True)
    state = next(line for line in lines if line["related_object_type"] == "FEATURE_STATE")
    assert state["change_details"] == [{"field": "enabled", "old": False, "new": True}]
    assert "change_details" not in api.get(route).json()["results"][0]
