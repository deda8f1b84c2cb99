import pytest

from burgee.control.audit.wording import lines_of
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.feature_health.models import HealthProvider
from burgee.control.features.models import Tag, TagType
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.grants import a_grant
from tests.factories.projects import a_project


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def feature(project):
    return a_feature(project, name="checkout")


@pytest.fixture
def environment(project):
    return an_environment(project, name="Production")


@pytest.fixture
def health(project):
    return f"/api/v1/projects/{project.pk}/feature-health"


@pytest.fixture
def address(api, health):
    """Make a provider; the path that it reports to."""

    def made(name="Webhook") -> str:
        answer = api.post(f"{health}/providers/", {"name": name}, format="json")
        assert answer.status_code == 201, answer.json()
        return answer.json()["webhook_url"].removeprefix("http://localhost:8000")

    return made


@pytest.fixture
def listed(api, health):
    def events() -> list[tuple]:
        return [(row["type"], row["environment"]) for row in api.get(f"{health}/events/").json()]

    return events


def report(client, path, **body):
    return client.post(path, {"feature": "checkout", "status": "unhealthy"} | body, format="json")


def tags_of(feature) -> list[str]:
    return list(feature.tags.values_list("type", flat=True))


@pytest.mark.database
def test_a_provider_is_made_listed_and_deleted(api, admin, project, health):
    made = api.post(f"{health}/providers/", {"name": "Grafana"}, format="json")

    assert made.status_code == 201
    told = made.json()
    assert told == {
        "created_by": admin.email,
        "name": "Grafana",
        "project": project.pk,
        "webhook_url": told["webhook_url"],
    }
    assert api.get(f"{health}/providers/").json() == [told]
    again = api.post(f"{health}/providers/", {"name": "Grafana"}, format="json")
    assert (again.status_code, list(again.json())) == (400, ["name"])
    assert api.post(f"{health}/providers/", {"name": "Nagios"}, format="json").status_code == 400
    assert api.delete(f"{health}/providers/grafana/").status_code == 204
    assert api.delete(f"{health}/providers/grafana/").status_code == 404
    assert api.get(f"{health}/providers/").json() == []


@pytest.mark.database
def test_the_secret_of_an_address_is_not_stored_in_clear(address):
    token = address().rpartition("/")[2]

    stored = HealthProvider.objects.get()
    assert len(token) >= 40
    assert token not in f"{stored.digest} {stored.ciphertext}"


def test_a_report_marks_a_feature_until_it_is_healthy_again(anybody, address, feature, environment, listed):
    path = address()
    reason = {"text_blocks": [{"text": "too slow", "title": "p95"}], "url_blocks": [{"url": "https://example.com"}]}

    assert report(anybody, path, environment="Production", reason=reason).status_code == 200
    assert listed() == [("UNHEALTHY", environment.pk)]
    assert tags_of(feature) == ["UNHEALTHY"]

    assert report(anybody, path, environment="Production", status="healthy").status_code == 200
    assert listed() == [("HEALTHY", environment.pk)]
    assert tags_of(feature) == []


def test_an_event_shows_the_reason(api, anybody, address, feature, health):
    reason = {"text_blocks": [{"text": "too slow", "title": "p95"}], "url_blocks": []}
    report(anybody, address(), reason=reason)

    (event,) = api.get(f"{health}/events/").json()

    assert event == {
        "id": event["id"],
        "created_at": event["created_at"],
        "environment": None,
        "feature": feature.pk,
        "provider_name": "Webhook",
        "reason": reason,
        "type": "UNHEALTHY",
    }


def test_one_healthy_environment_does_not_heal_another(anybody, address, project, feature, environment, listed):
    an_environment(project, name="Staging")
    path = address()
    for name in ("Production", "Staging"):
        report(anybody, path, environment=name)

    report(anybody, path, environment="Staging", status="healthy")

    assert [kind for kind, _ in listed()] == ["UNHEALTHY", "HEALTHY"]
    assert tags_of(feature) == ["UNHEALTHY"]


@pytest.mark.database
def test_saying_it_again_tells_nobody(anybody, address, feature):
    path = address()

    for _ in range(3):
        report(anybody, path)

    told = Event.objects.filter(type="feature.health_changed").order_by("pk")
    (line,) = [line for event in told for line in lines_of(event.type, changes_of(event))]
    assert line.log == "Webhook reported unhealthy: checkout"
    assert (line.object_type, line.change_type) == ("FEATURE_HEALTH", "UPDATE")
    assert Tag.objects.filter(type=TagType.UNHEALTHY, is_system_tag=True).count() == 1
    assert told.get().actor_kind == "system"
    assert feature.tags.count() == 1


@pytest.mark.database
def test_a_dismissed_event_counts_as_healthy(api, anybody, address, feature, health, listed):
    report(anybody, address())
    event = api.get(f"{health}/events/").json()[0]["id"]

    assert api.post(f"{health}/events/{event}/dismiss/").status_code == 204
    assert api.post(f"{health}/events/{event}/dismiss/").status_code == 204

    assert listed() == [("HEALTHY", None)]
    assert tags_of(feature) == []
    assert Event.objects.filter(type="feature.health_changed").count() == 2
    assert api.post(f"{health}/events/4242/dismiss/").status_code == 404


def test_a_deleted_provider_takes_its_marks_along(api, anybody, address, feature, health, listed):
    path = address()
    report(anybody, path)

    api.delete(f"{health}/providers/Webhook/")

    assert listed() == []
    assert tags_of(feature) == []
    assert report(anybody, path).status_code == 404


def alert(status="firing", **labels):
    return {
        "status": status,
        "labels": {"alertname": "Slow", "flagsmith_feature": "checkout"} | labels,
        "annotations": {"summary": "p95 over 1 s", "runbook_url": "javascript:alert(1)"},
        "fingerprint": "f1",
        "generatorURL": "https://grafana.example.com/alert",
        "silenceURL": "",
        "startsAt": "2026-01-01T00:00:00Z",
    }


def test_alerts_of_grafana_are_understood(api, anybody, address, feature, environment, health, listed):
    path = address("Grafana")
    body = {"status": "firing", "receiver": "burgee", "alerts": [alert(flagsmith_environment="Production")]}

    assert anybody.post(path, body, format="json").status_code == 200

    (event,) = api.get(f"{health}/events/").json()
    assert event["reason"] == {
        "text_blocks": [{"text": "Slow", "title": "Alert"}, {"text": "p95 over 1 s", "title": "Summary"}],
        "url_blocks": [{"url": "https://grafana.example.com/alert", "title": "Alert"}],
    }
    assert tags_of(feature) == ["UNHEALTHY"]
    resolved = {"alerts": [alert("resolved", flagsmith_environment="Production")]}
    anybody.post(path, resolved, format="json")
    assert listed() == [("HEALTHY", environment.pk)]


@pytest.mark.database
def test_alerts_about_other_things_are_passed_over(anybody, address, feature, listed):
    strangers = [
        alert(flagsmith_feature="unknown"),
        alert(flagsmith_environment="Nowhere"),
        alert(flagsmith_feature=""),
    ]

    answer = anybody.post(address("Grafana"), {"alerts": [*strangers, alert()]}, format="json")

    assert answer.status_code == 200
    assert listed() == [("UNHEALTHY", None)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"feature": "unknown"}, "feature"),
        ({"environment": "Nowhere"}, "environment"),
        ({"status": "poorly"}, "status"),
        ({"reason": "slow"}, "reason"),
        ({"reason": {"url_blocks": [{"url": "javascript:alert(1)"}]}}, "reason"),
    ],
)
def test_a_wrong_report_names_the_field(anybody, address, feature, wrong, field):
    answer = report(anybody, address(), **wrong)

    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_an_address_that_nobody_was_given_is_not_there(anybody, feature):
    assert report(anybody, "/api/v1/feature-health/guess").status_code == 404


def test_a_feature_of_another_project_is_out_of_reach(anybody, address, organisation, feature):
    a_feature(a_project(organisation), name="elsewhere")

    assert report(anybody, address(), feature="elsewhere").status_code == 400


def test_members_without_rights_change_nothing(member, project, health):
    outside = client_of(member)

    assert outside.get(f"{health}/events/").status_code == 404
    assert outside.post(f"{health}/providers/", {"name": "Webhook"}, format="json").status_code == 404


def test_only_administrators_see_the_address_that_is_reported_to(api, member, project, health, address):
    path = address()
    a_grant(member, project, "VIEW_PROJECT")
    (own,), (seen,) = (client.get(f"{health}/providers/").json() for client in (api, client_of(member)))
    assert own["webhook_url"].endswith(path)
    assert seen == own | {"webhook_url": None}


@pytest.mark.parametrize("features", [2, 20])
def test_events_cost_the_same_however_many_there_are(
    api, anybody, address, project, health, features, django_assert_num_queries
):
    path = address()
    for number in range(features):
        a_feature(project, name=f"f{number}")
        report(anybody, path, feature=f"f{number}")

    with django_assert_num_queries(LIST_QUERIES):
        assert len(api.get(f"{health}/events/").json()) == features


LIST_QUERIES = 4
