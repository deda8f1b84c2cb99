"""A separate `burgee control` against clients that dawdle."""

import socket
import time

import pytest

from tests.serve.running import signed_up
from tests.serve.test_up_on_postgresql import database_url

__all__ = ["database_url"]

pytestmark = pytest.mark.process

SECONDS = 2


def connected(server):
    return socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=30)


def everything_from(client):
    received = b""
    while piece := client.recv(65536):
        received += piece
    return received


def test_headers_and_bodies_that_do_not_arrive_are_refused_and_idle_connections_closed(start, database_url):
    server = start(
        "control",
        ready="/health",
        DATABASE_URL=database_url,
        BURGEE_REQUEST_SECONDS=str(SECONDS),
        BURGEE_KEEP_ALIVE_SECONDS="3",
    )
    began = time.monotonic()
    half_a_head, half_a_body, silent, second = [connected(server) for _ in range(4)]
    half_a_head.sendall(b"GET /version/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    half_a_body.sendall(b"POST /api/v1/auth/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
    second.sendall(b"GET /version/ HTTP/1.1\r\nHost: localhost\r\n\r\nGET /version/ HTTP/1.1\r\nX-Slow: ")
    assert everything_from(half_a_head).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began >= SECONDS
    assert everything_from(half_a_body).startswith(b"HTTP/1.1 408 ")
    answers = everything_from(second)
    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answers
    assert everything_from(silent) == b""
    for client in (half_a_head, half_a_body, silent, second):
        client.close()
    assert signed_up(server).headers["Authorization"]
    assert server.stop()[0] == 0
