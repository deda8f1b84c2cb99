import time
from datetime import datetime

from django.conf import settings

from burgee.wire.tickets import verify
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.projects import a_project


def test_a_ticket_names_the_environments_that_its_bearer_may_view(api, organisation):
    mine = [an_environment(a_project(organisation)).pk for _ in range(2)]
    an_environment()

    answer = api.post("/api/v1/live-tickets/")

    assert answer.status_code == 201
    ticket = verify(answer.json()["ticket"], [settings.LIVE_TICKET_KEY], now=time.time())
    assert ticket is not None
    assert sorted(ticket.environments) == mine
    assert 55 <= ticket.expires_at - time.time() <= 60
    assert datetime.fromisoformat(answer.json()["expires_at"]).timestamp() == ticket.expires_at


def test_nobody_gets_one_without_signing_in():
    assert client_of().post("/api/v1/live-tickets/").status_code == 401
