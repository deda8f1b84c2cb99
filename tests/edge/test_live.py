"""The dashboard's stream."""

import json
import time

import pytest

from burgee.edge.settings import EdgeSettings
from burgee.wire.tickets import Ticket, sign
from tests.edge.parts import change, complete, flag, settings
from tests.edge.test_stream import Stream

KEY = b"k" * 32


class LiveStream(Stream):
    def position(self) -> dict[str, dict[str, int]]:
        """What it begins with."""
        first = self.next_event()
        assert first["event"] == "position"
        found: dict[str, dict[str, int]] = json.loads(first["data"])
        return found


def ticket(*environments: int, key: bytes = KEY, seconds: int = 60) -> str:
    return sign(Ticket(int(time.time()) + seconds, environments), key)


def watching(edge, text):
    return edge.client.stream("GET", "/_burgee/live", params={"ticket": text}, headers={"accept": "text/event-stream"})


def test_a_change_of_each_named_environment_is_told_with_its_id(serve):
    edge = serve(settings(), flag(1), live_keys=[KEY])
    edge.store.accept(complete(settings(environment_id=3, client_key="other"), environment_id=3))
    with watching(edge, ticket(2, 3)) as response:
        stream = LiveStream(response)
        stream.position()
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
        stream = LiveStream(response)
        assert stream.position() == {}
        edge.store.accept(change(2, flag(2)))
        edge.store.accept(complete(settings(environment_id=3, client_key="other"), environment_id=3))

        assert json.loads(stream.next_event()["data"])["environment"] == 3


def test_it_begins_with_where_each_environment_stands_and_for_how_long(serve):
    edge = serve(settings(), flag(1), live_keys=[KEY])
    edge.store.accept(complete(settings(environment_id=3, client_key="other"), environment_id=3, revision=7))
    edge.store.accept(complete(settings(environment_id=4, client_key="hidden"), environment_id=4))
    before = time.monotonic()
    edge.store.accept(change(2, flag(2)))
    with watching(edge, ticket(2, 3, 9)) as response:
        position = LiveStream(response).position()
    most = (time.monotonic() - before) * 1_000

    assert {id_: (place["epoch"], place["revision"]) for id_, place in position.items()} == {"2": (1, 2), "3": (1, 7)}
    assert 0 <= position["2"]["age_ms"] <= min(most, position["3"]["age_ms"])


def test_the_end_of_an_environment_is_a_place_where_it_stands(serve):
    edge = serve(settings(), flag(1), live_keys=[KEY])
    edge.store.accept(complete(revision=5))
    with watching(edge, ticket(2)) as response:
        assert LiveStream(response).position()["2"]["revision"] == 5


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
