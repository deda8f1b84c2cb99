"""What the generators send and count, against a server that writes everything down."""

import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.generators import Bundled, Generator, Wrk, lua
from bench.traffic import CHANGED, COUNT, FLAGS, IDENTITY, IDENTITY_GET, Shape, filled


class Diary:
    def __init__(self) -> None:
        self.entries: list[tuple[str, str, bytes]] = []
        self.port = 0


@contextmanager
def a_server(status: int = 200) -> Iterator[Diary]:
    diary = Diary()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            diary.entries.append((self.command, self.path, body))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_GET  # noqa: N815  # the base class's name

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002  # the base class's name

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        diary.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield diary
        server.shutdown()
        thread.join()


@pytest.fixture(params=["bundled", "wrk"])
def generator(request, tmp_path: Path) -> Generator:
    if request.param == "bundled":
        return Bundled()
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not installed")
    return Wrk(tmp_path)


def load(generator: Generator, shape: Shape, port: int, *, seconds: float = 0.2):
    return generator.load(port, shape.texts(), connections=2, seconds=seconds, first=1_000)


def test_it_counts_the_answers_and_times_them(generator):
    with a_server() as diary:
        found = load(generator, FLAGS, diary.port)

    assert found.failed == 0
    assert 0 < found.requests <= len(diary.entries)
    assert 0 < found.p50_ms <= found.p99_ms
    assert {entry[:2] for entry in diary.entries} == {("GET", "/api/v1/flags/")}


def test_bodies_come_in_turn_with_numbers_that_never_repeat(generator):
    shape = Shape(name="x", method="POST", path="/x", bodies=(f'{{"a":"{IDENTITY}-{COUNT}"}}', f'{{"b":"%d{COUNT}"}}'))
    with a_server() as diary:
        load(generator, shape, diary.port)

    bodies = [body for _, _, body in diary.entries]
    assert len(bodies) == len(set(bodies))
    assert {body[:4] for body in bodies} == {b'{"a"', b'{"b"'}
    assert b'{"a":"0000000002-0000001003"}' in bodies
    assert b'{"b":"%d0000001002"}' in bodies


def test_identities_go_round_in_paths_too(generator):
    with a_server() as diary:
        load(generator, IDENTITY_GET, diary.port)

    paths = [path for _, path, _ in diary.entries]
    assert "/api/v1/identities/?identifier=person-0000000002" in paths
    assert "/api/v1/identities/?identifier=person-0000000001" in paths


def test_answers_that_are_errors_count_as_failed(generator):
    with a_server(status=500) as diary:
        found = load(generator, FLAGS, diary.port)

    assert found.failed > 0


def test_the_length_announced_is_the_length_sent():
    head, _, body = filled(CHANGED.texts()[0], 7, 12).partition(b"\r\n\r\n")

    assert f"content-length: {len(body)}".encode() in head.lower()
    assert b"person-0000000007" in body


def test_the_script_keeps_percent_signs_and_quotes():
    script = lua(['GET /?a=%20"\\ HTTP/1.1\r\n\r\n' + COUNT], 5)

    assert 'format("GET /?a=%%20\\"\\\\ HTTP/1.1\\r\\n\\r\\n%010d", c)' in script
