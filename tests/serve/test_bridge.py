"""What stands between the event loop and the threads of the control plane."""

import asyncio
import json
import socket

import pytest

from burgee.serve.bridge import WholeRequests
from tests.serve.running import signed_up

LIMIT = 100


async def sent_through(chunks, headers=(), seconds=5.0):
    """What the inner application saw (None when it was not asked), and the status that went out."""
    seen, statuses = [], []
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]

    async def receive():
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def send(message):
        statuses.append(message.get("status"))

    async def inner(scope, receive, send):
        seen.append((dict(scope["headers"]).get(b"content-length"), (await receive())["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    if messages and seconds == 5.0:
        messages[-1]["more_body"] = False
    scope = {"type": "http", "headers": list(headers)}
    await WholeRequests(inner, limit=LIMIT, seconds=seconds)(scope, receive, send)
    return (seen[0] if seen else None), statuses[0]


def test_a_body_in_pieces_goes_on_whole_with_its_length():
    assert asyncio.run(sent_through([b"{", b'"a":1', b"}"])) == ((b"7", b'{"a":1}'), 200)


def test_a_body_over_the_limit_is_not_kept_but_its_length_is_told():
    announced = [(b"content-length", b"%d" % (LIMIT + 1))]
    assert asyncio.run(sent_through([b"x"], announced)) == ((b"101", b""), 200)
    assert asyncio.run(sent_through([b"x" * 60, b"x" * 60, b"x"])) == ((b"120", b""), 200)


def test_a_request_that_does_not_arrive_in_time_is_refused_and_reaches_nobody():
    assert asyncio.run(sent_through([b"{"], seconds=0.05)) == (None, 408)


@pytest.mark.process
def test_clients_that_dawdle_keep_nobody_from_the_management_api(start):
    server = start(BURGEE_REQUEST_SECONDS="3", BURGEE_CONTROL_THREADS="2")
    head = b"POST /api/v1/auth/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    address = ("127.0.0.1", int(server.url.rpartition(":")[2]))
    slow = [socket.create_connection(address, timeout=30) for _ in range(6)]
    for client in slow:
        client.sendall(head + b"Content-Length: 50\r\n\r\n{")
    assert server.ask("/health")[0] == 200
    for client in slow:
        assert client.recv(4096).startswith(b"HTTP/1.1 408 ")
        client.close()


@pytest.mark.process
def test_sign_ins_are_limited_by_the_address_of_the_client(start):
    server = start(LOGIN_THROTTLE_RATE="2/min")
    wrong = {"email": "ada@example.com", "password": "wrong"}
    here = [server.ask("/api/v1/auth/login/", wrong)[0] for _ in range(3)]
    # A proxy on the same machine is believed about whom it speaks for.
    elsewhere = server.ask("/api/v1/auth/login/", wrong, **{"X-Forwarded-For": "192.0.2.7"})[0]
    assert (here, elsewhere) == ([400, 400, 429], 400)


@pytest.mark.process
def test_a_body_without_a_length_is_read(start):
    server = signed_up(start())
    body = json.dumps({"name": "Chunked"}).encode()
    head = (
        "POST /api/v1/organisations/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: {server.headers['Authorization']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    address = ("127.0.0.1", int(server.url.rpartition(":")[2]))
    with socket.create_connection(address, timeout=30) as client:
        client.sendall(head.encode() + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        assert client.recv(65536).startswith(b"HTTP/1.1 201 ")
