"""Test as: what somebody gets, with the rule that decided."""

import pytest

from burgee.control.events.models import Event
from burgee.control.identities.models import Identity
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation), name="Production")


@pytest.fixture
def explain(api, environment):
    def asked(**body):
        answer = api.post(f"/api/v1/environments/{environment.api_key}/explain/", body, format="json")
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return asked


def test_the_segment_that_decides_is_named_with_what_was_seen(environment, explain):
    feature = a_feature(environment.project, name="checkout", initial_value="slow")
    staff = a_segment(environment.project, ("EQUAL", "plan", "pro"), name="Staff")
    apply(environment, feature, [Set(target=ForSegment(staff.pk), enabled=True, value="fast")], actor=SYSTEM)
    an_identity(environment, "lena", {"plan": "free", "age": 31})

    told = explain(identifier="lena", traits={"plan": "pro"}, feature="checkout")
    (flag,) = told["flags"]
    assert (flag["enabled"], flag["value"], flag["reason"]) == (True, "fast", "TARGETING_MATCH; segment=Staff")
    named = {"id": staff.pk, "name": "Staff"}
    assert flag["decided_by"] == {"kind": "segment", "segment": named, "priority": 0, "place": None}
    assert flag["overrides"] == [{"segment": named, "priority": 0, "matched": True, "decided": True}]
    (segment,) = told["segments"]
    (condition,) = segment["rules"][0]["rules"][0]["conditions"]
    assert (condition["wanted"], condition["seen"], condition["held"]) == ("pro", "pro", True)
    assert told["identity"]["traits"] == [
        {"key": "age", "value": 31, "origin": "stored"},
        {"key": "plan", "value": "pro", "origin": "given"},
    ]


def test_stored_traits_are_left_out_when_asked(environment, explain):
    feature = a_feature(environment.project)
    staff = a_segment(environment.project, ("EQUAL", "plan", "pro"))
    apply(environment, feature, [Set(target=ForSegment(staff.pk), enabled=True)], actor=SYSTEM)
    an_identity(environment, "lena", {"plan": "pro"})
    assert explain(identifier="lena")["flags"][0]["decided_by"]["kind"] == "segment"
    without = explain(identifier="lena", use_stored=False)
    assert (without["flags"][0]["decided_by"]["kind"], without["identity"]["stored"]) == ("default", False)


def test_an_override_of_the_identity_and_a_share_of_the_default_are_told_apart(environment, explain):
    feature = a_feature(environment.project, name="split", initial_value="none", variants={"all": 100})
    mine = a_feature(environment.project, name="mine")
    lena = an_identity(environment, "lena")
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    apply(environment, mine, [Set(target=ForIdentity(lena.pk), enabled=True, value=7)], actor=SYSTEM)

    flags = {flag["feature"]["name"]: flag for flag in explain(identifier="lena")["flags"]}
    assert (flags["split"]["decided_by"]["kind"], flags["split"]["value"]) == ("split", "all")
    assert 0 <= flags["split"]["decided_by"]["place"] <= 100
    assert (flags["mine"]["decided_by"]["kind"], flags["mine"]["value"]) == ("identity_override", 7)
    nobody = {flag["feature"]["name"]: flag for flag in explain()["flags"]}
    assert (nobody["split"]["decided_by"], nobody["split"]["value"]) == (
        {"kind": "default", "segment": None, "priority": None, "place": None},
        "none",
    )


def test_where_somebody_stands_in_a_percentage_is_told(environment, explain):
    feature = a_feature(environment.project)
    half = a_segment(environment.project, ("PERCENTAGE_SPLIT", None, "50"))
    apply(environment, feature, [Set(target=ForSegment(half.pk), enabled=True)], actor=SYSTEM)
    told = explain(identifier="lena")
    (condition,) = told["segments"][0]["rules"][0]["rules"][0]["conditions"]
    assert condition["held"] == (condition["place"] <= 50)


def test_explaining_writes_nothing(environment, explain):
    a_feature(environment.project)
    explain(identifier="a stranger", traits={"plan": "pro"})
    assert (Identity.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"traits": {"plan": ["pro"]}}, 400),
        ({"traits": []}, 400),
        ({"identifier": "x" * 3000}, 400),
        ({"feature": "nowhere"}, 404),
        ({"feature": "99999999999999999999999"}, 404),
    ],
)
def test_a_wrong_question_is_refused(api, environment, body, status):
    answer = api.post(f"/api/v1/environments/{environment.api_key}/explain/", body, format="json")
    assert answer.status_code == status


def test_foreign_environments_are_not_found(environment, foreigner):
    answer = client_of(foreigner).post(f"/api/v1/environments/{environment.api_key}/explain/", {}, format="json")
    assert answer.status_code == 404
