import asyncio
import json
import socket
import time
from contextlib import closing, contextmanager

import pytest

from burgee.edge.settings import EdgeSettings
from tests.edge.parts import CLIENT_KEY, complete, flag, settings
from tests.edge.serving import serving

KEY = f"X-Environment-Key: {CLIENT_KEY}\r\n"
FLAGS = f"GET /api/v1/flags/ HTTP/1.1\r\nHost: x\r\n{KEY}\r\n".encode()


def post(body: bytes, *, path: str = "/api/v1/identities/", extra: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{KEY}Content-Type: application/json\r\n{extra}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def talking(edge):
    with (
        closing(socket.create_connection(("127.0.0.1", edge.port), timeout=10)) as connection,
        closing(connection.makefile("rb")) as stream,
    ):
        yield connection, stream


def read_answer(stream, *, bodiless: bool = False) -> tuple[int, dict[str, str], bytes]:
    status = int(stream.readline().split()[1])
    headers: dict[str, str] = {}
    while (line := stream.readline()) not in {b"\r\n", b""}:
        name, _, value = line.decode().strip().partition(": ")
        headers[name.lower()] = value
    length = 0 if bodiless else int(headers.get("content-length", 0))
    return status, headers, stream.read(length)


@pytest.fixture
def edge(serve):
    return serve(settings(), flag(1))


def test_a_connection_is_kept_for_the_next_request(edge):
    with talking(edge) as (connection, stream):
        for _ in range(3):
            connection.sendall(FLAGS)
            status, headers, _ = read_answer(stream)
            assert (status, "connection" in headers) == (200, False)


@pytest.mark.parametrize(
    "request_", [FLAGS.replace(b"Host: x", b"Host: x\r\nConnection: close"), FLAGS.replace(b"HTTP/1.1", b"HTTP/1.0")]
)
def test_a_connection_is_closed_when_the_client_wants_it(edge, request_):
    with talking(edge) as (connection, stream):
        connection.sendall(request_)
        status, headers, body = read_answer(stream)

        assert (status, headers["connection"], bool(body)) == (200, "close", True)
        assert stream.read() == b""


def test_head_has_the_length_but_no_body(edge):
    with talking(edge) as (connection, stream):
        connection.sendall(FLAGS.replace(b"GET", b"HEAD") + FLAGS)
        head = read_answer(stream, bodiless=True)
        whole = read_answer(stream)

    assert head[0] == whole[0] == 200
    assert int(head[1]["content-length"]) == len(whole[2])


def test_answers_come_in_the_order_of_the_requests(edge):
    ask = [
        f"GET /api/v1/identities/?identifier=user-{n}&transient=1 HTTP/1.1\r\nHost: x\r\n{KEY}\r\n" for n in range(50)
    ]
    with talking(edge) as (connection, stream):
        connection.sendall("".join(ask).encode())
        found = [json.loads(read_answer(stream)[2])["identifier"] for _ in ask]

    assert found == [f"user-{n}" for n in range(50)]


def test_an_answer_that_waits_for_the_store_keeps_its_place(edge):
    async def close_gate() -> None:
        edge.traits.gate = asyncio.Event()

    async def open_gate() -> None:
        edge.traits.gate.set()

    asyncio.run_coroutine_threadsafe(close_gate(), edge.loop).result()
    with talking(edge) as (connection, stream):
        other = b"GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n"
        connection.sendall(post(b'{"identifier":"ada"}') + FLAGS + other + post(b'{"identifier":"eve"}') + FLAGS)
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1, socket.MSG_PEEK)
        connection.settimeout(10)
        asyncio.run_coroutine_threadsafe(open_gate(), edge.loop).result()
        first, second, third, fourth, fifth = (read_answer(stream) for _ in range(5))

    assert json.loads(first[2])["identifier"] == "ada"
    assert json.loads(second[2])[0]["id"] == json.loads(fifth[2])[0]["id"] == 10
    assert third[2] == b"GET /elsewhere 0"
    assert json.loads(fourth[2])["identifier"] == "eve"


def test_a_client_that_leaves_while_its_answer_waits_harms_nobody(edge):
    async def close_gate() -> None:
        edge.traits.gate = asyncio.Event()

    asyncio.run_coroutine_threadsafe(close_gate(), edge.loop).result()
    with talking(edge) as (connection, _):
        connection.sendall(post(b'{"identifier":"ada"}'))
    edge.loop.call_soon_threadsafe(lambda: edge.traits.gate.set())

    assert edge.get("/api/v1/flags/").status_code == 200


class TestBodies:
    LIMIT = EdgeSettings(body_limit=1000)

    def test_an_announced_body_over_the_limit_is_refused_before_it_comes(self, serve):
        with talking(serve(settings(), flag(1), of=self.LIMIT)) as (connection, stream):
            connection.sendall(
                post(b"")[:-4].replace(b"Content-Length: 0", b"Content-Length: 5000000000") + b"\r\n\r\n"
            )
            status, _, body = read_answer(stream)

        assert (status, json.loads(body)) == (413, {"detail": "The request body may have at most 1000 bytes."})

    def test_a_chunked_body_over_the_limit_is_refused_on_the_way(self, serve):
        head = post(b"")[:-4].replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        with talking(serve(settings(), flag(1), of=self.LIMIT)) as (connection, stream):
            connection.sendall(head + b"\r\n\r\n" + (b"1f4\r\n" + b"x" * 500 + b"\r\n") * 3)
            status, headers, _ = read_answer(stream)

        assert (status, headers["connection"]) == (413, "close")

    def test_a_refused_sender_gets_to_read_the_refusal(self, serve):
        with talking(serve(settings(), flag(1), of=self.LIMIT)) as (connection, stream):
            connection.sendall(post(b"x" * 900_000))

            assert read_answer(stream)[0] == 413

    def test_a_body_may_come_in_pieces(self, edge):
        message = post(b'{"identifier":"ada"}')
        with talking(edge) as (connection, stream):
            for piece in (message[:30], message[30:-7], message[-7:-1], message[-1:]):
                connection.sendall(piece)
                time.sleep(0.01)
            assert json.loads(read_answer(stream)[2])["identifier"] == "ada"

    def test_a_chunked_body_is_read(self, edge):
        head = post(b"")[:-4].replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        with talking(edge) as (connection, stream):
            connection.sendall(head + b'\r\n\r\n5\r\n{"ide\r\nf\r\nntifier":"ada"}\r\n0\r\n\r\n' + FLAGS)
            assert json.loads(read_answer(stream)[2])["identifier"] == "ada"
            assert read_answer(stream)[0] == 200

    def test_a_careful_sender_is_told_to_continue(self, edge):
        message = post(b'{"identifier":"ada"}', extra="Expect: 100-continue\r\n")
        head, _, body = message.partition(b"\r\n\r\n")
        with talking(edge) as (connection, stream):
            connection.sendall(head + b"\r\n\r\n")
            assert stream.readline() == b"HTTP/1.1 100 Continue\r\n"
            assert stream.readline() == b"\r\n"
            connection.sendall(body)
            assert json.loads(read_answer(stream)[2])["identifier"] == "ada"


@pytest.mark.parametrize(
    "line",
    [b"GET /api/v1/flags/%ff%fe HTTP/1.1", b"GET /api/v1/identities/?identifier=%ff HTTP/1.1", b"GET /%c3%28 HTTP/1.1"],
)
def test_paths_of_any_bytes_get_an_answer(edge, line):
    with talking(edge) as (connection, stream):
        connection.sendall(line + b"\r\nHost: x\r\n" + KEY.encode() + b"\r\n")
        assert read_answer(stream)[0] in {200, 400, 404}


def test_what_is_no_http_is_refused(edge):
    with talking(edge) as (connection, stream):
        connection.sendall(b"hello there\r\n\r\n")
        assert read_answer(stream)[0] == 400


def test_everything_else_reaches_the_control_plane(edge):
    assert edge.get("/api/v1/projects/").text == "GET /api/v1/projects/ 0"
    assert edge.client.post("/admin/", content=b"x" * 2_000_000).text == "POST /admin/ 2000000"


class TestCors:
    ASK = {"origin": "https://app.example.org", "access-control-request-method": "GET"}

    def test_any_page_may_ask_and_call(self, edge):
        asked = edge.client.options("/api/v1/flags/", headers=self.ASK)
        called = edge.get("/api/v1/flags/", headers={"origin": "https://app.example.org"})

        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers["access-control-allow-origin"] == called.headers["access-control-allow-origin"] == "*"
        assert "x-environment-key" in asked.headers["access-control-allow-headers"]
        assert "Retry-After" in called.headers["access-control-expose-headers"]

    def test_pages_can_be_listed(self, serve):
        only = EdgeSettings(cors_allow_all=False, cors_allowed_origins=("https://app.example.org",))
        edge = serve(settings(), flag(1), of=only)

        listed = edge.client.options("/api/v1/flags/", headers=self.ASK)
        stranger = edge.get("/api/v1/flags/", headers={"origin": "https://evil.example.org"})
        written = edge.post("/api/v1/identities/", json={"identifier": "a"}, headers={"origin": self.ASK["origin"]})

        assert listed.headers["access-control-allow-origin"] == "https://app.example.org"
        assert "access-control-allow-origin" not in stranger.headers
        assert written.headers["access-control-allow-origin"] == "https://app.example.org"

    def test_options_without_a_page_describes_the_route(self, edge):
        described = edge.client.options("/api/v1/flags/", headers={"x-environment-key": CLIENT_KEY})

        assert described.json()["name"] == "Sdk Feature States"


def test_a_read_without_the_last_slash_is_sent_on_and_a_write_is_taken(edge):
    sent_on = edge.get("/api/v1/flags?feature=flag_1")
    taken = edge.post("/api/v1/identities", json={"identifier": "a"})

    assert (sent_on.status_code, sent_on.headers["location"]) == (301, "/api/v1/flags/?feature=flag_1")
    assert taken.status_code == 200


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
def test_health_tells_living_from_ready(serve, ready, status):
    edge = serve(settings(), ready=lambda: {"feed": ready})

    assert edge.client.get("/health/liveness/").status_code == 200
    readiness = edge.client.get("/health/readiness/")
    assert (readiness.status_code, readiness.json()["checks"]) == (status, {"feed": ready})


def send_without_reading(connection: socket.socket, size: int) -> None:
    sent = 0
    while sent < size:
        sent += connection.send(FLAGS * 100)


class TestTheShortWay:
    """What plain ASGI servers decide for themselves."""

    @contextmanager
    def serving(self, **limits):
        with serving(complete(settings(), *(flag(n) for n in range(1, 60))), settings=EdgeSettings(**limits)) as edge:
            yield edge

    def test_an_idle_connection_is_closed_in_time(self):
        with self.serving(keep_alive_seconds=0.2) as edge, talking(edge) as (connection, stream):
            connection.sendall(FLAGS)
            read_answer(stream)
            started = time.monotonic()
            assert stream.read() == b""
            assert 0.1 < time.monotonic() - started < 5

    def test_a_busy_connection_outlives_the_idle_time(self):
        with self.serving(keep_alive_seconds=0.3) as edge, talking(edge) as (connection, stream):
            for _ in range(6):
                connection.sendall(FLAGS)
                assert read_answer(stream)[0] == 200
                time.sleep(0.1)

    def test_a_request_that_dawdles_is_refused(self):
        with self.serving(request_seconds=0.2) as edge, talking(edge) as (connection, stream):
            connection.sendall(post(b'{"identifier":"ada"}')[:-3])
            assert read_answer(stream)[0] == 408

    def test_a_client_that_does_not_read_is_not_written_to_for_ever(self):
        with self.serving() as edge, talking(edge) as (connection, stream):
            connection.settimeout(0.3)
            with pytest.raises(TimeoutError):
                send_without_reading(connection, 200_000_000)
            connection.settimeout(10)
            assert read_answer(stream)[0] == 200
            assert edge.get("/api/v1/flags/").status_code == 200

    def test_a_client_that_never_reads_is_dropped(self):
        with self.serving(stalled_reader_seconds=0.2, keep_alive_seconds=0.1) as edge, talking(edge) as (connection, _):
            connection.settimeout(5)
            with pytest.raises(ConnectionError):
                send_without_reading(connection, 200_000_000)
