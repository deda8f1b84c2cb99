"""Events become lines: in order, each once, in plain words, without anybody's identifiers."""

import random

import pytest
from django.db.models import Value

from burgee.control.accounts.models import User
from burgee.control.audit.models import AuditChain, AuditLog
from burgee.control.audit.queries import ends, verify
from burgee.control.audit.services import erase_person, record
from burgee.control.audit.wording import lines_of
from burgee.control.environments.services import change_environment
from burgee.control.events import relay
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change
from burgee.control.features.rows import NewFeature
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.targeting.edits import AddSegment, Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.openings import create_environment, create_feature, delete_feature
from burgee.control.targeting.services import apply
from burgee.control.worker.consumers import CONSUMERS
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db


def logs() -> list[str]:
    everything_delivered()
    return list(AuditLog.objects.order_by("id").values_list("log", flat=True))


def ada() -> Actor:
    user = a_user("ada@example.com")
    return Actor.user(user.pk, user.email)


def test_a_feature_in_three_environments_is_one_line():
    project = a_project()
    for _ in range(3):
        an_environment(project)
    create_feature(project, NewFeature(name="checkout"), actor=SYSTEM)
    assert logs() == ["New Flag / Remote Config created: checkout"]


@pytest.mark.database
def test_lines_say_what_was_done_to_what():
    project = a_project()
    environment = create_environment(project, "Production", actor=SYSTEM)
    feature = create_feature(project, NewFeature(name="checkout"), actor=SYSTEM)
    segment, identity = a_segment(project, name="beta"), an_identity(environment)
    apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    apply(environment, feature, [Set(target=ForIdentity(identity.pk), value="blue")], actor=SYSTEM)
    change_environment(environment, actor=SYSTEM, hide_disabled_flags=True)
    delete_feature(feature, actor=SYSTEM)
    assert logs() == [
        "New Environment created: Production",
        "New Flag / Remote Config created: checkout",
        "Override created for feature: checkout and segment: beta in environment: Production",
        f"Override created for feature: checkout and identity: #{identity.pk} in environment: Production",
        "Environment updated: Production",
        "Flag / Remote Config deleted: checkout",
    ]
    assert identity.identifier not in str(list(AuditLog.objects.values()))


def test_a_line_carries_author_place_object_and_fields():
    environment = an_environment(name="Production")
    feature = a_feature(environment.project, name="checkout")
    actor = ada()
    applied = apply(environment, feature, [Set(target=Everyone(), enabled=True, value="blue")], actor=actor)
    assert logs() == ["Flag state updated for feature: checkout in environment: Production"]
    line = AuditLog.objects.get()
    assert (line.author_kind, line.author_id, line.author_label) == ("user", actor.id, "ada@example.com")
    assert (line.organisation_id, line.project_id) == (environment.project.organisation_id, environment.project_id)
    assert (line.environment_id, line.object_type) == (environment.pk, "FEATURE_STATE")
    assert line.object_id == applied.changes[0].id
    assert (line.change_type, line.is_system_event) == ("UPDATE", False)
    assert line.details == [
        {"field": "enabled", "old": False, "new": True},
        {"field": "feature_state_value", "old": None, "new": "blue"},
    ]


def test_a_new_order_of_overrides_is_one_line():
    changes = [
        Change(
            object=ObjectType.FEATURE_SEGMENT,
            action="updated",
            id=number,
            feature_id=1,
            environment_id=2,
            segment_id=number,
            before=named | {"priority": number},
            after=named | {"priority": 5 - number},
        )
        for number in (3, 4)
        for named in [
            {
                "feature": {"id": 1, "name": "checkout"},
                "environment": {"id": 2, "name": "Production"},
                "segment": {"id": number, "name": f"segment {number}"},
            }
        ]
    ]
    (line,) = lines_of(EventType.FLAG_CHANGED, changes)
    assert line.log == "Segment rules updated for flag: checkout in environment: Production"
    assert [item["field"] for item in line.details] == ["segment 3: priority", "segment 4: priority"]


@pytest.mark.database
def test_null_and_the_empty_text_do_not_differ_in_details():
    environment = an_environment()
    feature = a_feature(environment.project)
    apply(environment, feature, [Set(target=Everyone(), value="")], actor=SYSTEM)
    logs()
    assert AuditLog.objects.get().details == []


@pytest.mark.parametrize(
    ("kind", "action", "told", "words"),
    [
        (
            "role_assignment",
            "created",
            {"role": {"id": 3, "name": "Releases"}, "user": {"id": 7}},
            "Role Releases given to user #7",
        ),
        (
            "role_assignment",
            "deleted",
            {"role": {"id": 3, "name": "Releases"}, "api_key": {"id": 1, "name": "CI"}},
            "Role Releases taken from API key CI",
        ),
        (
            "grant",
            "updated",
            {"group": {"id": 2, "name": "Web"}, "project": {"id": 4, "name": "Shop"}},
            "Permissions updated for group Web in project: Shop",
        ),
        ("grant", "created", {"user": {"id": 7}}, "Permissions created for user #7 in the organisation"),
        (
            "group_membership",
            "created",
            {"group": {"id": 2, "name": "Web"}, "user": {"id": 7}, "is_admin": False},
            "User #7 joined group Web",
        ),
        (
            "group_membership",
            "updated",
            {"group": {"id": 2, "name": "Web"}, "user": {"id": 7}, "is_admin": True},
            "User #7 is now admin of group Web",
        ),
    ],
)
def test_lines_about_rights_say_whose_and_where(kind, action, told, words):
    sides = {"before": told} if action == "deleted" else {"after": told}
    [line] = lines_of(EventType.ROLE_GIVEN, [Change(object=ObjectType(kind), action=action, id=1, **sides)])
    assert line.log == words
    assert {"field": "user", "old": None, "new": "#7"} in line.details or "user" not in told


def test_every_kind_of_object_has_a_line_whatever_is_known_of_it():
    for kind in ObjectType:
        for action in ("created", "updated", "deleted"):
            change = Change(object=kind, action=action, id=5)
            (line,) = lines_of("anything", [change])
            assert "None" not in line.log
            assert len(line.object_type) <= 20


def test_an_override_that_is_added_with_its_place_is_one_line():
    environment = an_environment()
    feature, segment = a_feature(environment.project), a_segment(environment.project)
    apply(environment, feature, [AddSegment(segment_id=segment.pk)], actor=SYSTEM)
    assert len(logs()) == 1


@pytest.mark.database
def test_deliveries_out_of_order_and_repeated_make_the_same_lines_once():
    project = a_project()
    for number in range(30):
        create_feature(project, NewFeature(name=f"feature_{number:02}"), actor=SYSTEM)
    relay.dispatch(CONSUMERS)
    events = list(Event.objects.all()) * 2
    random.Random(4).shuffle(events)
    for event in events:
        record(event)
    written = list(AuditLog.objects.order_by("position").values_list("seq", "position", "log"))
    assert written == [(n, n, f"New Flag / Remote Config created: feature_{n - 1:02}") for n in range(1, 31)]
    assert list(verify()) == []


@pytest.mark.database
def test_each_organisation_has_a_chain_of_its_own():
    for _ in range(2):
        create_feature(a_project(), NewFeature(name="checkout"), actor=SYSTEM)
    logs()
    assert [end.position for end in ends()] == [1, 1]
    assert list(verify()) == []


@pytest.mark.database
@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda rows: rows.filter(position=3).update(log="nothing to see"), "altered: log"),
        (lambda rows: rows.filter(position=3).update(author_label="eve@example.com"), "altered: who"),
        (lambda rows: rows.filter(position=3).update(details=None), "altered: details"),
        (lambda rows: rows.filter(position=3).update(details=Value("no JSON")), "altered: details"),
        (lambda rows: rows.filter(position=3).update(salts=Value("{")), "altered: what"),
        (lambda rows: rows.filter(position=3).update(digests=[]), "altered: log"),
        (lambda rows: rows.filter(position=3).delete(), "missing: 3"),
        (lambda rows: rows.filter(position__gte=3).delete(), "missing: 3 to 6"),
    ],
)
def test_harm_in_the_database_is_found_and_named(harm, problem):
    project = a_project()
    for number in range(6):
        create_feature(project, NewFeature(name=f"feature_{number}"), actor=ada() if not number else SYSTEM)
    logs()
    harm(AuditLog.objects.all())
    assert any(fault.position == 3 and fault.problem == problem for fault in verify())
    assert list(verify([project.organisation_id])) == list(verify())


@pytest.mark.database
def test_a_whole_chain_that_vanished_is_found_by_its_checkpoint():
    create_feature(a_project(), NewFeature(name="checkout"), actor=SYSTEM)
    logs()
    known = ends()
    AuditLog.objects.all().delete()
    AuditChain.objects.all().delete()
    assert list(verify()) == []
    assert next(fault.problem for fault in verify(known=known)) == "missing: 1"


@pytest.mark.database
def test_an_erased_person_is_nowhere_and_the_chain_verifies():
    project, actor = a_project(), ada()
    create_feature(project, NewFeature(name="checkout"), actor=actor)
    create_feature(project, NewFeature(name="about_ada@example.com"), actor=SYSTEM)
    create_feature(project, NewFeature(name="other"), actor=Actor.api_key(actor.id or 0, "robot"))
    logs()
    assert erase_person(User.objects.get(), actor=SYSTEM) == 2
    assert list(verify()) == []
    everything_delivered()
    assert "ada@example.com" not in str(list(AuditLog.objects.values())) + str(
        list(Event.objects.values("actor_label"))
    )
    assert AuditLog.objects.get(object_type="FEATURE", log__endswith="other").author_label == "robot"
    assert AuditLog.objects.filter(event_type=EventType.PERSON_ERASED).count() == 1
    assert list(verify()) == []
