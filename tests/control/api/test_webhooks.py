"""Webhooks over HTTP: the shapes that clients know, refused addresses, deliveries, trying out."""

import hashlib
import hmac

import msgspec
import pytest

from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import Everyone, Set
from burgee.control.targeting.services import apply
from burgee.control.webhooks.models import DeliveryStatus, Webhook, WebhookDelivery
from burgee.control.webhooks.services import pause_webhook
from tests.control.api.conftest import client_of
from tests.control.receiver import OUTSIDE, a_receiver
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature
from tests.factories.grants import a_grant
from tests.factories.projects import a_project

URL = f"{OUTSIDE}/hook"
INWARD = "URLs must not target internal or private network addresses."


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


@pytest.fixture
def of_environment(environment) -> str:
    return f"/api/v1/environments/{environment.api_key}/webhooks/"


@pytest.fixture
def of_organisation(organisation) -> str:
    return f"/api/v1/organisations/{organisation.pk}/webhooks/"


@pytest.fixture(params=["environment", "organisation"])
def hooks(request, of_environment, of_organisation) -> str:
    return of_environment if request.param == "environment" else of_organisation


def test_a_hook_is_made_listed_changed_and_deleted(api, hooks):
    made = api.post(hooks, {"url": URL, "enabled": False, "secret": "s"}, format="json")
    assert made.status_code == 201
    body = made.json()
    assert set(body) >= {"id", "url", "enabled", "created_at", "updated_at", "secret"}
    assert (body["url"], body["enabled"], body["secret"], made.headers["Location"]) == (URL, False, "s", URL)
    one = f"{hooks}{body['id']}/"
    changed = api.put(one, {"url": f"{URL}2", "enabled": False}, format="json").json()
    assert (changed["url"], changed["secret"]) == (f"{URL}2", "s")
    patched = api.patch(one, {"enabled": True, "secret": ""}, format="json").json()
    assert (patched["url"], patched["enabled"], patched["secret"]) == (f"{URL}2", True, "")
    assert api.delete(one).status_code == 204
    assert api.delete(one).status_code == 404
    types = list(Event.objects.order_by("id").values_list("type", flat=True))
    assert types == ["webhook.created", "webhook.changed", "webhook.changed", "webhook.deleted"]


def test_hooks_of_environments_are_a_bare_list_and_those_of_organisations_are_paged(
    api, of_environment, of_organisation
):
    assert api.get(of_environment).json() == []
    empty = {"count": 0, "next": None, "previous": None, "results": []}
    assert api.get(of_organisation).json() == empty
    api.post(of_environment, {"url": URL}, format="json")
    assert len(api.get(of_environment).json()) == 1
    assert api.get(of_organisation).json() == empty


def test_one_hook_of_an_organisation_can_be_read_and_one_of_an_environment_not(api, of_environment, of_organisation):
    made = api.post(of_organisation, {"url": URL}, format="json").json()
    assert api.get(f"{of_organisation}{made['id']}/").json() == made
    assert api.get(f"{of_environment}{made['id']}/").status_code == 405
    assert api.patch(f"{of_environment}{made['id']}/", {}, format="json").status_code == 404


def test_the_secret_and_the_path_of_the_address_are_in_no_event_and_the_secret_is_encrypted(api, hooks):
    made = api.post(hooks, {"url": f"{OUTSIDE}/T0K3N", "secret": "hush"}, format="json").json()
    api.patch(f"{hooks}{made['id']}/", {"secret": "husher", "url": f"{OUTSIDE}/T0K3N2"}, format="json")
    told = str(list(Event.objects.values_list("payload", flat=True)))
    assert "hush" not in told
    assert "T0K3N" not in told
    assert "hush" not in Webhook.objects.get().secret_ciphertext


def test_a_change_that_changes_nothing_is_no_event(api, hooks):
    made = api.post(hooks, {"url": URL, "secret": "s"}, format="json").json()
    api.put(f"{hooks}{made['id']}/", {"url": URL, "enabled": True, "secret": "s"}, format="json")
    assert Event.objects.filter(type="webhook.changed").count() == 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, {"url": ["This field is required."]}),
        ({"url": "not-a-url"}, {"url": ["Enter a valid http(s) URL.", "Enter a valid URL."]}),
        ({"url": f"{OUTSIDE}:65536/x"}, {"url": ["Enter a valid URL."]}),
        ({"url": "http://127.0.0.1:9/x"}, {"url": [INWARD]}),
        ({"url": "http://169.254.169.254/latest"}, {"url": [INWARD]}),
        ({"url": "http://10.0.0.8/x"}, {"url": [INWARD]}),
        ({"url": "http://[::1]/x"}, {"url": [INWARD]}),
        ({"url": f"{OUTSIDE}/{'x' * 200}"}, {"url": ["Ensure this field has no more than 200 characters."]}),
        ({"url": URL, "secret": "s" * 256}, {"secret": ["Ensure this field has no more than 255 characters."]}),
    ],
)
def test_a_wrong_body_is_refused_in_the_words_that_clients_know(api, hooks, body, error):
    response = api.post(hooks, body, format="json")
    assert (response.status_code, response.json()) == (400, error)


def test_a_name_that_cannot_be_resolved_is_accepted(api, hooks):
    assert api.post(hooks, {"url": "https://hooks.invalid/x"}, format="json").status_code == 201


def test_members_and_foreigners_may_not(member, foreigner, hooks):
    for user in (member, foreigner):
        client = client_of(user)
        assert client.post(hooks, {"url": URL}, format="json").status_code == 403
        assert client.get(hooks).status_code == 403


def test_who_only_looks_at_an_environment_sees_no_secret(api, environment, member, of_environment):
    api.post(of_environment, {"url": URL, "secret": "hush"}, format="json")
    a_grant(member, environment.project, "VIEW_PROJECT")
    a_grant(member, environment, "VIEW_ENVIRONMENT")
    ((seen,), (known,)) = (client.get(of_environment).json() for client in (client_of(member), api))
    assert (seen["url"], seen["secret"], known["secret"]) == (URL, "", "hush")


def test_a_hook_whose_secret_nobody_can_read_any_more_is_seen_and_gets_a_new_one(api, hooks):
    made = api.post(hooks, {"url": URL, "secret": "lost"}, format="json").json()
    Webhook.objects.update(secret_ciphertext="under another key")
    assert "lost" not in api.get(hooks).content.decode()
    one = f"{hooks}{made['id']}/"
    assert api.patch(one, {"enabled": False}, format="json").json()["secret"] == ""
    assert Webhook.objects.get().secret_ciphertext == "under another key"
    assert api.patch(one, {"secret": ""}, format="json").json()["secret"] == ""
    assert Webhook.objects.get().secret_ciphertext is None
    assert api.patch(one, {"secret": "found"}, format="json").json()["secret"] == "found"


def a_delivery(api, environment, hooks) -> tuple[str, WebhookDelivery]:
    made = api.post(hooks, {"url": URL}, format="json").json()
    everything_delivered()
    WebhookDelivery.objects.all().delete()
    feature = a_feature(environment.project)
    apply(environment, feature, [Set(target=Everyone(), enabled=True)], actor=SYSTEM)
    everything_delivered()
    return f"{hooks}{made['id']}/", WebhookDelivery.objects.get(event_type="FLAG_UPDATED")


def test_deliveries_are_listed_and_sent_again_when_asked_for(api, environment, hooks):
    one, delivery = a_delivery(api, environment, hooks)
    again = f"{one}deliveries/{delivery.pk}/redeliver/"
    assert api.post(again).status_code == 409
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.DEAD, attempts=3, answer_status=500, milliseconds=12, tried_at=clock.now(), error="500"
    )
    (row,) = api.get(f"{one}deliveries/?status=DEAD").json()["results"]
    assert (row["status"], row["attempts"], row["answer_status"], row["latency_ms"]) == ("DEAD", 3, 500, 12)
    assert row["data"]["new_state"]["enabled"] is True
    response = api.post(again)
    assert (response.status_code, response.json()["status"], response.json()["attempts"]) == (202, "PENDING", 0)
    assert api.get(f"{one}deliveries/?status=DEAD").json()["count"] == 0
    assert api.get(f"{one}deliveries/?status=LOST").status_code == 400
    assert api.post(f"{one}deliveries/4242/redeliver/").status_code == 404


def test_a_paused_hook_says_so_and_is_resumed_on_purpose_or_by_enabling_it(api, hooks):
    made = api.post(hooks, {"url": URL}, format="json").json()
    one = f"{hooks}{made['id']}/"
    hook = Webhook.objects.get()
    pause_webhook(hook, actor=SYSTEM)
    assert api.patch(one, {"secret": "s"}, format="json").json()["paused_at"] is not None
    assert api.post(f"{one}resume/").json()["paused_at"] is None
    pause_webhook(hook, actor=SYSTEM)
    assert api.patch(one, {"enabled": True}, format="json").json()["paused_at"] is None


@pytest.fixture
def receiver(settings):
    with a_receiver() as running:
        settings.OUTBOUND_CONNECT = running.connect
        yield running


def a_trial(environment, **fields) -> dict:
    return {"webhook_url": URL, "scope": {"type": "environment", "id": environment.api_key}} | fields


def test_a_sample_is_sent_signed(api, environment, receiver):
    response = api.post("/api/v1/webhooks/test/", a_trial(environment, secret="s3cret"), format="json")
    assert (response.status_code, response.json()) == (200, {"detail": "Webhook test successful", "status": 200})
    _, headers, body = receiver.requests[0]
    assert headers["X-Flagsmith-Signature"] == hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert receiver.messages[0]["event_type"] == "FLAG_UPDATED"
    assert receiver.messages[0]["data"]["new_state"]["enabled"] is True


def test_the_sample_of_an_organisation_is_a_line_of_the_audit_log(api, organisation, receiver):
    scope = {"type": "organisation", "id": organisation.pk}
    body = {"webhook_url": URL, "scope": scope, "secret": None}
    assert api.post("/api/v1/webhooks/test/", body, format="json").status_code == 200
    assert receiver.messages[0]["event_type"] == "AUDIT_LOG_CREATED"
    assert "X-Flagsmith-Signature" not in receiver.requests[0][1]


def test_a_failing_sample_shows_the_answer(api, environment, receiver):
    receiver.always = 503
    response = api.post("/api/v1/webhooks/test/", a_trial(environment), format="json")
    assert response.status_code == 400
    assert response.json() == {"detail": "Webhook returned error status: 503", "status": 503, "body": "ok"}


def test_a_sample_that_nobody_answers_says_why(api, environment, settings):
    settings.OUTBOUND_CONNECT = lambda _: ("127.0.0.1", 1)
    response = api.post("/api/v1/webhooks/test/", a_trial(environment), format="json")
    assert (response.status_code, response.json()["status"], response.json()["body"]) == (400, 0, None)
    assert "connection failed" in response.json()["detail"]


def test_a_sample_goes_nowhere_inward_and_from_nowhere_foreign(api, member, foreigner, environment, receiver):
    refused = api.post("/api/v1/webhooks/test/", a_trial(environment, webhook_url="http://127.0.0.1/"), format="json")
    assert (refused.status_code, refused.json()) == (400, {"webhook_url": [INWARD]})
    for user in (member, foreigner):
        assert client_of(user).post("/api/v1/webhooks/test/", a_trial(environment), format="json").status_code == 403
    for scope in ({"type": "organisation", "id": "x"}, {"type": "organisation", "id": "9" * 30}):
        body = a_trial(environment, scope=scope)
        assert api.post("/api/v1/webhooks/test/", body, format="json").status_code == 403
    assert api.post("/api/v1/webhooks/test/", {"webhook_url": URL}, format="json").status_code == 400
    assert receiver.requests == []


def test_no_sample_is_sent_where_webhooks_are_switched_off(api, environment, receiver, settings):
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, disable_webhooks=True)
    response = api.post("/api/v1/webhooks/test/", a_trial(environment), format="json")
    assert (response.status_code, receiver.requests) == (400, [])
