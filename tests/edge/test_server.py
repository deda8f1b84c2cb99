import asyncio
import socket
import threading

import httpx
import pytest

from burgee.edge.app import build
from burgee.edge.server import server
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from tests.edge.parts import CLIENT_KEY, complete, flag, settings
from tests.edge.serving import CountedUsage, TraitsInMemory


@pytest.fixture
def app():
    store = Store()
    store.accept(complete(settings(), flag(1)))
    return build(EdgeSettings(), store, TraitsInMemory(), CountedUsage())


def test_a_server_ends_streams_and_waiting_answers_before_it_stops(app):
    running = server(app, port=0, graceful_seconds=5)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with httpx.stream("GET", f"http://127.0.0.1:{port}/sse/environments/{CLIENT_KEY}/stream", timeout=10) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry")
            running.should_exit = True
            assert list(lines)[1:] == [""]
    finally:
        running.should_exit = True
        thread.join(10)
    assert not thread.is_alive()


def test_paths_of_nobody_are_not_found_without_a_control_plane(app):
    answers: list[dict] = []

    async def send(message) -> None:
        answers.append(message)

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/admin/",
        "raw_path": b"/admin/",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(app.asgi(scope, receive, send))

    assert (answers[0]["status"], answers[1]["body"]) == (404, b'{"detail":"Not found."}')
