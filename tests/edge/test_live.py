"""The dashboard's stream."""

import json
import time

import pytest

from burgee.edge.settings import EdgeSettings
from burgee.wire.tickets import Ticket, sign
from tests.edge.parts import change, complete, flag, settings
from tests.edge.test_stream import Stream

KEY = b"k" * 32


def ticket(*environments: int, key: bytes = KEY, seconds: int = 60) -> str:
    return sign(Ticket(int(time.time()) + seconds, environments), key)


def watching(edge, text):
    return edge.client.stream("GET", "/_burgee/live", params={"ticket": text}, headers={"accept": "text/event-stream"})


def test_a_change_of_each_named_environment_is_told_with_its_id(serve):
    edge = serve(settings(), flag(1), live_keys=[KEY])
    edge.store.accept(complete(settings(environment_id=3, client_key="other"), environment_id=3))
    with watching(edge, ticket(2, 3)) as response:
        stream = Stream(response)
        stream.until_open()
        edge.store.accept(change(2, flag(2)))
        edge.store.accept(complete(settings(environment_id=3, client_key="other"), environment_id=3, revision=4))
        told = [stream.next_event(), stream.next_event()]

    assert response.headers["content-type"] == "text/event-stream"
    assert {one["event"] for one in told} == {"environment_updated"}
    assert [(json.loads(one["data"])["environment"], json.loads(one["data"])["revision"]) for one in told] == [
        (2, 2),
        (3, 4),
    ]


def test_other_environments_are_not_told(serve):
    edge = serve(settings(), flag(1), live_keys=[KEY])
    with watching(edge, ticket(3)) as response:
        stream = Stream(response)
        stream.until_open()
        edge.store.accept(change(2, flag(2)))
        edge.store.accept(complete(settings(environment_id=3, client_key="other"), environment_id=3))

        assert json.loads(stream.next_event()["data"])["environment"] == 3


@pytest.mark.parametrize(
    "made",
    [str, lambda: "x.y", lambda: ticket(2, key=b"x" * 32), lambda: ticket(2, seconds=-1)],
    ids=["none", "nonsense", "of another installation", "expired"],
)
def test_without_a_valid_ticket_there_is_no_stream(serve, made):
    edge = serve(settings(), live_keys=[KEY])
    assert edge.client.get("/_burgee/live", params={"ticket": made()}).status_code == 403


def test_a_watcher_of_several_environments_counts_once_and_is_forgotten(serve):
    edge = serve(settings(), live_keys=[KEY])
    with watching(edge, ticket(2, 3, 4)) as response:
        stream = Stream(response)
        stream.until_open()
        assert edge.app.streams.count == 1

    deadline = time.monotonic() + 5
    while edge.app.streams.count and time.monotonic() < deadline:
        edge.client.get("/health/liveness/")
    assert edge.app.streams.count == 0


def test_too_many_streams_are_sent_away(serve):
    edge = serve(settings(), of=EdgeSettings(stream_connections=1), live_keys=[KEY])
    with watching(edge, ticket(2)) as response:
        stream = Stream(response)
        stream.until_open()
        assert edge.client.get("/_burgee/live", params={"ticket": ticket(2)}).status_code == 503
