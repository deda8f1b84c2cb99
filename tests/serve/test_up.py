import json
import signal
import socket
import time

import pytest

from tests.serve.running import PATIENCE, an_environment, made, signed_up

pytestmark = pytest.mark.process


def test_the_first_start_says_what_to_do_and_sigterm_ends_it_well(start, tmp_path):
    server = start(empty=True)
    code, out, err = server.stop()
    assert code == 0
    assert "Traceback" not in err
    assert f"is ready: http://localhost:{server.url.rpartition(':')[2]}" in out
    assert "There is no user yet." in out
    assert (tmp_path / "data" / "secrets.json").exists()


def test_interrupting_ends_it_well_too(start):
    code, _, err = start().stop(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in err


def test_a_change_is_seen_by_the_next_read(start):
    server = signed_up(start())
    key, project = an_environment(server)
    for number in range(5):
        feature = {"name": f"banner{number}", "default_enabled": True, "initial_value": f"v{number}"}
        made(server, f"/api/v1/projects/{project}/features/", feature)
        status, flags = server.ask("/api/v1/flags/", **{"X-Environment-Key": key})
        assert status == 200
        assert isinstance(flags, list)
        assert {flag["feature"]["name"] for flag in flags} == {f"banner{earlier}" for earlier in range(number + 1)}


def test_what_was_acknowledged_is_there_after_a_restart(start):
    server = signed_up(start())
    key, _ = an_environment(server)
    identity = {"identifier": "ada", "traits": [{"trait_key": "plan", "trait_value": "gold"}]}
    assert server.ask("/api/v1/identities/", identity, **{"X-Environment-Key": key})[0] == 200
    server.process.kill()
    server.process.communicate()

    again = start()
    status, answer = again.ask("/api/v1/identities/?identifier=ada", **{"X-Environment-Key": key})
    assert status == 200
    assert isinstance(answer, dict)
    assert [(trait["trait_key"], trait["trait_value"]) for trait in answer["traits"]] == [("plan", "gold")]
    code, out, _ = again.stop()
    assert code == 0
    assert "There is no user yet." not in out


def test_a_request_in_flight_is_answered_before_the_end(start):
    server = signed_up(start())
    port = int(server.url.rpartition(":")[2])
    body = json.dumps({"name": "Late"}).encode()
    head = (
        "POST /api/v1/organisations/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: {server.headers['Authorization']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(head.encode() + body)
        server.process.send_signal(signal.SIGTERM)
        answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 201")
    assert server.process.wait(30) == 0


def test_a_separate_edge_follows_the_same_file(start):
    server = signed_up(start())
    edge = start("edge", BURGEE_UPSTREAM_URL=server.url)
    key, project = an_environment(server)
    made(server, f"/api/v1/projects/{project}/features/", {"name": "banner"})
    deadline = time.monotonic() + PATIENCE
    while edge.ask("/api/v1/flags/", **{"X-Environment-Key": key}) != server.ask(
        "/api/v1/flags/", **{"X-Environment-Key": key}
    ):
        assert time.monotonic() < deadline, "the edge never saw the change"
        time.sleep(0.02)
    identity = {"identifier": "ada", "traits": [{"trait_key": "plan", "trait_value": "gold"}]}
    status, answer = edge.ask("/api/v1/identities/", identity, **{"X-Environment-Key": key})
    assert status == 200
    assert edge.ask("/api/v1/identities/?identifier=ada", **{"X-Environment-Key": key}) == (200, answer)
    assert server.ask("/api/v1/identities/?identifier=ada", **{"X-Environment-Key": key}) == (200, answer)
    assert edge.stop()[0] == 0
    assert server.stop()[0] == 0
