import asyncio
import json
import time

import pytest

from burgee.edge.settings import EdgeSettings
from tests.edge.parts import CLIENT_KEY, change, complete, flag, settings

PATH = f"/sse/environments/{CLIENT_KEY}/stream"
TOKEN = EdgeSettings(sse_authentication_token="s3cret")


class Stream:
    """An open stream, read event by event."""

    def __init__(self, response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next_event(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self._lines:
            if not line:
                if "event" in found:
                    return found
                found = {}
            else:
                name, _, value = line.partition(": ")
                found[name] = value
        raise AssertionError("the stream ended")

    def until_open(self) -> None:
        for line in self._lines:
            if line.startswith("retry: "):
                return


def streaming(edge, **headers):
    return edge.client.stream("GET", PATH, headers=headers)


def test_a_change_is_told_at_once(serve):
    edge = serve(settings(), flag(1))
    took = []
    with streaming(edge) as response:
        stream = Stream(response)
        stream.until_open()
        for revision in range(2, 8):
            before = time.monotonic()
            edge.store.accept(change(revision, flag(1, enabled=revision % 2 == 1)))
            told = stream.next_event()
            took.append(time.monotonic() - before)
            assert (told["event"], told["id"]) == ("environment_updated", f"1.{revision}")
            assert json.loads(told["data"]) == {"updated_at": 1795289908.853386}

    assert response.headers["content-type"] == "text/event-stream"
    # The best of several: a busy machine may hold up one or the other.
    assert min(took) < 0.1


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json, text/event-stream", "*/*"])
def test_browsers_and_sdks_may_open_it(serve, accept):
    edge = serve(settings(), flag(1))
    with streaming(edge, accept=accept) as response:
        assert response.status_code == 200


def test_other_environments_are_not_told(serve):
    edge = serve(settings(), flag(1))
    with streaming(edge) as response:
        stream = Stream(response)
        stream.until_open()
        edge.store.accept(complete(settings(environment_id=3, client_key="other"), environment_id=3))
        edge.store.accept(change(2, flag(2)))

        assert stream.next_event()["id"] == "1.2"


def test_whoever_missed_a_revision_is_told_when_coming_back(serve):
    edge = serve(settings(), flag(1))
    edge.store.accept(change(2, flag(2)))

    with streaming(edge, **{"last-event-id": "1.1"}) as response:
        assert Stream(response).next_event()["id"] == "1.2"


def test_a_stream_begins_with_what_is_known_so_that_nothing_is_missed_before_its_first_event(serve):
    edge = serve(settings(), flag(1))
    with streaming(edge) as response:
        opening = dict(line.partition(": ")[::2] for line in iter(response.iter_lines().__next__, ""))
    edge.store.accept(change(2, flag(2)))

    with streaming(edge, **{"last-event-id": opening["id"]}) as response:
        assert Stream(response).next_event()["id"] == "1.2"


def test_heartbeats_keep_the_stream_open(serve):
    edge = serve(settings(), flag(1), of=EdgeSettings(stream_heartbeat_seconds=0.05))
    with streaming(edge) as response:
        lines = response.iter_lines()
        beats = [line for line, _ in zip(lines, range(12), strict=False) if line.startswith(":")]

    assert len(beats) >= 2


def test_the_stream_of_a_removed_environment_ends(serve):
    edge = serve(settings(), flag(1))
    with streaming(edge) as response:
        stream = Stream(response)
        stream.until_open()
        edge.store.accept(complete(revision=2))

        with pytest.raises(AssertionError, match="ended"):
            stream.next_event()


def test_a_client_that_left_is_forgotten(serve):
    edge = serve(settings(), flag(1))
    with streaming(edge) as response:
        stream = Stream(response)
        stream.until_open()
        assert edge.app.streams.count == 1

    deadline = time.monotonic() + 5
    while edge.app.streams.count and time.monotonic() < deadline:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), edge.loop).result()
    assert edge.app.streams.count == 0


def test_too_many_streams_are_sent_away_for_a_while(serve):
    edge = serve(settings(), flag(1), of=EdgeSettings(stream_connections=1))
    with streaming(edge) as response:
        stream = Stream(response)
        stream.until_open()
        refused = edge.client.get(PATH)

    assert refused.status_code == 503
    assert 1 <= int(refused.headers["retry-after"]) <= 10


def test_an_unknown_environment_has_no_stream(serve):
    assert serve(settings()).client.get("/sse/environments/unknown/stream").status_code == 404


class TestQueueChange:
    PATH = f"/sse/environments/{CLIENT_KEY}/queue-change"
    KEY = {"authorization": "Token s3cret"}

    def test_it_tells_the_streams(self, serve):
        edge = serve(settings(), flag(1), of=TOKEN)
        with streaming(edge) as response:
            stream = Stream(response)
            stream.until_open()
            answer = edge.client.post(self.PATH, json={"updated_at": "2026-11-21T19:38:28Z"}, headers=self.KEY)
            told = stream.next_event()

        assert answer.status_code == 200
        assert json.loads(told["data"]) == {"updated_at": 1795289908.0}

    @pytest.mark.parametrize("headers", [{}, {"authorization": "Token wrong"}, {"authorization": "s3cret"}])
    def test_it_needs_the_token(self, serve, headers):
        assert serve(settings(), of=TOKEN).client.post(self.PATH, json={}, headers=headers).status_code == 401

    def test_it_is_not_there_without_one(self, serve):
        assert serve(settings()).client.post(self.PATH, json={}, headers=self.KEY).status_code == 404

    @pytest.mark.parametrize("body", [b"{}", b"[]", b'{"updated_at": "soon"}', b"{"])
    def test_it_needs_a_moment(self, serve, body):
        edge = serve(settings(), of=TOKEN)
        headers = {**self.KEY, "content-type": "application/json"}

        assert edge.client.post(self.PATH, content=body, headers=headers).status_code == 400
