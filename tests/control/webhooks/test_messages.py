"""What hooks are told: the payloads that Flagsmith's receivers know, and to whom each goes."""

import json
import re
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from burgee.control.api.v1.environment_shape import present_environment
from burgee.control.api.v1.projects import present_project
from burgee.control.features.rows import NewFeature
from burgee.control.identities.services import delete_identity
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.targeting.drafts import NewVersion, create_version
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Remove, Set
from burgee.control.targeting.models import FlagVersion
from burgee.control.targeting.openings import create_feature, delete_feature, delete_segment
from burgee.control.targeting.services import apply, publish_due
from burgee.control.webhooks.couriers import with_identifiers
from burgee.control.webhooks.models import WebhookDelivery
from burgee.control.webhooks.services import create_webhook
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db

URL = "https://93.184.216.34/hook"


@pytest.fixture
def hook(environment):
    return create_webhook(environment, URL, actor=SYSTEM)


@pytest.fixture
def organisation_hook(environment):
    return create_webhook(environment.project.organisation, URL, actor=SYSTEM)


def told(hook) -> list[tuple[str, dict]]:
    everything_delivered()
    return [(row.event_type, row.data) for row in WebhookDelivery.objects.filter(webhook=hook).order_by("id")]


@pytest.mark.database
def test_a_changed_state_is_told_whole(environment, hook):
    user = a_user("ada@example.com")
    feature = a_feature(environment.project, name="checkout", description="pays", variants={"red": 30})
    option = feature.options.get()
    edit = Set(target=Everyone(), enabled=True, value="blue", weights={option.pk: 55.5})
    state = apply(environment, feature, [edit], actor=Actor.user(user.pk, user.email)).state(Everyone())
    ((event_type, data),) = told(hook)
    assert event_type == "FLAG_UPDATED"
    assert data["changed_by"] == "ada@example.com"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", data["timestamp"])
    created = data["new_state"]["feature"].pop("created_date")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", created)
    assert data["new_state"] == {
        "feature": {
            "id": feature.pk,
            "default_enabled": False,
            "description": "pays",
            "initial_value": None,
            "name": "checkout",
            "project": {"id": environment.project_id, "name": environment.project.name},
            "type": "MULTIVARIATE",
        },
        "environment": {"id": environment.pk, "name": "Production"},
        "identity": None,
        "identity_identifier": None,
        "feature_segment": None,
        "enabled": True,
        "feature_state_value": "blue",
        "multivariate_feature_state_values": [
            {
                "id": state.weights.get().pk,
                "multivariate_feature_option": {"id": option.pk, "value": "red"},
                "percentage_allocation": 55.5,
            }
        ],
    }
    assert data["previous_state"]["enabled"] is False
    assert data["previous_state"]["multivariate_feature_state_values"][0]["percentage_allocation"] == 30


@pytest.mark.database
def test_a_new_override_of_a_segment_has_no_previous_state(environment, hook):
    feature = a_feature(environment.project)
    segment = a_segment(environment.project, name="beta", description="early birds")
    apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    ((event_type, data),) = told(hook)
    assert (event_type, "previous_state" in data) == ("FLAG_UPDATED", False)
    assert data["new_state"]["feature_segment"] == {
        "segment": {"id": segment.pk, "name": "beta", "description": "early birds"},
        "priority": 0,
    }
    assert data["changed_by"] == ""


@pytest.mark.database
def test_an_override_is_told_with_the_priority_that_it_had_then(environment, hook):
    feature, segment = a_feature(environment.project), a_segment(environment.project)
    target = ForSegment(segment.pk)
    for edit in (Set(target=target, enabled=True), Set(target=target, enabled=False), Remove(target=target)):
        apply(environment, feature, [edit], actor=SYSTEM)
    states = [data["new_state"] or data["previous_state"] for _, data in told(hook)]
    assert [state["feature_segment"]["priority"] for state in states] == [0, 0, 0]


@pytest.mark.database
def test_an_override_that_goes_with_its_segment_is_told_with_its_priority(environment, hook):
    feature, segments = a_feature(environment.project), [a_segment(environment.project) for _ in range(2)]
    for segment in segments:
        apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    delete_segment(segments[1], actor=SYSTEM)
    event_type, data = told(hook)[-1]
    assert event_type == "FLAG_DELETED"
    assert data["previous_state"]["feature_segment"]["priority"] == 1


@pytest.mark.database
def test_an_override_of_an_identity_is_told_with_its_identifier_only_while_it_is_known(environment, hook):
    feature, identity = a_feature(environment.project), an_identity(environment, "ann@example.com")
    target = ForIdentity(identity.pk)
    apply(environment, feature, [Set(target=target, enabled=True)], actor=SYSTEM)
    apply(environment, feature, [Remove(target=target)], actor=SYSTEM)
    (made, first), (gone, second) = told(hook)
    assert (made, gone) == ("FLAG_UPDATED", "FLAG_DELETED")
    assert second["new_state"] is None
    assert "ann@example.com" not in str([first, second])
    assert with_identifiers(first)["new_state"]["identity_identifier"] == "ann@example.com"
    assert with_identifiers(second)["previous_state"]["identity_identifier"] == "ann@example.com"
    delete_identity(environment, identity, actor=SYSTEM)
    assert with_identifiers(first)["new_state"]["identity_identifier"] is None


@pytest.mark.database
def test_a_deleted_feature_is_told_once_for_each_environment_with_what_it_served(environment, organisation_hook, hook):
    other = an_environment(environment.project)
    feature = a_feature(environment.project, name="checkout")
    apply(other, feature, [Set(target=Everyone(), value="last")], actor=SYSTEM)
    delete_feature(feature, actor=SYSTEM)
    assert [event_type for event_type, _ in told(hook)] == ["FLAG_DELETED"]
    deleted = [data for event_type, data in told(organisation_hook) if event_type == "FLAG_DELETED"]
    assert [data["previous_state"]["environment"]["id"] for data in deleted] == [environment.pk, other.pk]
    assert [data["previous_state"]["feature_state_value"] for data in deleted] == [None, "last"]
    assert all(data["new_state"] is None for data in deleted)


def test_a_published_version_is_told_after_its_states_and_not_to_the_organisation(environment, hook, organisation_hook):
    user = a_user("ada@example.com")
    environment.use_v2_feature_versioning = True
    environment.save()
    feature = a_feature(environment.project, name="checkout")
    new = NewVersion(edits=[Set(target=Everyone(), value="blue")], publish=True)
    version = create_version(environment, feature, new, actor=Actor.user(user.pk, user.email))
    (updated, _), (published, data) = told(hook)
    assert (updated, published) == ("FLAG_UPDATED", "NEW_VERSION_PUBLISHED")
    assert data == {
        "uuid": str(version.uuid),
        "feature": {"id": feature.pk, "name": "checkout"},
        "published_by": {"id": user.pk, "email": "ada@example.com"},
        "feature_states": [{"enabled": False, "value": "blue", "multivariate_feature_state_values": []}],
    }
    assert "NEW_VERSION_PUBLISHED" not in {event_type for event_type, _ in told(organisation_hook)}


@pytest.mark.database
def test_a_version_whose_time_has_come_is_told_as_by_whom_it_was_published(environment, hook):
    user = a_user("ada@example.com")
    environment.use_v2_feature_versioning = True
    environment.save()
    feature = a_feature(environment.project)
    edits = [Set(target=Everyone(), value="blue")]
    later = clock.now() + timedelta(hours=1)
    create_version(
        environment,
        feature,
        NewVersion(edits=edits, publish=True, live_from=later),
        actor=Actor.user(user.pk, user.email),
    )
    assert told(hook) == []
    FlagVersion.objects.filter(status="scheduled").update(live_from=clock.now())
    assert publish_due(actor=SYSTEM) == 1
    (_, updated), (_, published) = told(hook)
    assert updated["changed_by"] == "ada@example.com"
    assert published["published_by"] == {"id": user.pk, "email": "ada@example.com"}


def test_the_organisation_hears_the_lines_of_the_audit_log(environment, hook, organisation_hook):
    user = a_user("ada@example.com", first_name="Ada")
    create_feature(environment.project, NewFeature(name="checkout"), actor=Actor.user(user.pk, user.email))
    assert told(hook) == []
    event_type, data = told(organisation_hook)[-1]
    assert event_type == "AUDIT_LOG_CREATED"
    assert data["log"] == "New Flag / Remote Config created: checkout"
    assert data["author"] == {
        "id": user.pk,
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "",
        "last_login": None,
    }
    assert (data["project"]["id"], data["environment"]) == (environment.project_id, None)
    assert (data["related_object_type"], data["is_system_event"]) == ("FEATURE", False)


def test_lines_tell_the_place_as_the_log_of_the_api_does(environment, organisation_hook):
    apply(environment, a_feature(environment.project), [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    data = next(data for _, data in reversed(told(organisation_hook)) if data.get("environment"))
    api = json.loads(json.dumps(present_environment(environment), cls=DjangoJSONEncoder))
    assert data["environment"] == {name: api[name] for name in api.keys() - {"metadata", "is_protected"}}
    assert data["project"] == json.loads(json.dumps(present_project(environment.project), cls=DjangoJSONEncoder))


def test_other_environments_and_other_organisations_hear_nothing(environment):
    feature = a_feature(environment.project)
    foreign = an_environment()
    others = [
        create_webhook(place, URL, actor=SYSTEM)
        for place in (an_environment(environment.project), foreign, foreign.project.organisation)
    ]
    everything_delivered()
    WebhookDelivery.objects.all().delete()
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    assert [told(other) for other in others] == [[], [], []]


def test_a_hook_does_not_hear_what_happened_before_it_was_made_nor_while_it_was_disabled(environment, toggle):
    feature = a_feature(environment.project)
    toggle(feature, "before")
    hook = create_webhook(environment, URL, actor=SYSTEM)
    disabled = create_webhook(environment, URL, enabled=False, actor=SYSTEM)
    toggle(feature, "after")
    assert [data["new_state"]["feature_state_value"] for _, data in told(hook)] == ["after"]
    assert told(disabled) == []
