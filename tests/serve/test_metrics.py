"""What Prometheus reads."""

import re
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from burgee.serve.tallies import BOUNDS, Tallies, group_of
from tests.serve.running import PATIENCE, an_environment, signed_up
from tests.serve.test_up_on_postgresql import database_url

__all__ = ["database_url"]


def samples(server, path="/metrics/"):
    with urllib.request.urlopen(server.url + path, timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        families = text_string_to_metric_families(answer.read().decode())
        return {
            (sample.name, *(sample.labels.get(name, "") for name in ("plane", "group", "status", "le"))): sample.value
            for family in families
            for sample in family.samples
        }


def count(server, plane, group, status):
    return samples(server).get(("burgee_request_seconds_count", plane, group, status, ""), 0)


def test_a_tally_is_the_sum_over_processes_and_outlives_one_of_them(tmp_path):
    one, other = Tallies(tmp_path, 0), Tallies(tmp_path, 1)
    one.control("features", 200, 0.002)
    other.control("features", 200, 0.3)
    one.save()
    other.save()
    ((key, cell),) = one.rows()
    assert key == ("control", "features", 200)
    assert (sum(cell[:-1]), cell[-1]) == (2, pytest.approx(0.302))
    ((_, again),) = Tallies(tmp_path, 1).rows()
    assert again == cell
    assert len(cell) == len(BOUNDS) + 2


def test_paths_and_patterns_have_few_groups():
    paths = ["/api/v1/flags/", r"/api/v1/flags/([0-9]{1,19})/multivariate-options/", "/ofrep/v1/evaluate/flags"]
    assert [group_of(path) for path in paths] == ["flags", "flags", "ofrep"]


@pytest.mark.process
def test_both_planes_and_the_outbox_are_told_and_paths_do_not_become_labels(start):
    server = signed_up(start(PROMETHEUS_ENABLED="true"))
    key, _ = an_environment(server)
    for _ in range(3):
        assert server.ask("/api/v1/flags/", **{"X-Environment-Key": key})[0] == 200
    assert server.ask("/api/v1/identities/", {"identifier": "a"}, **{"X-Environment-Key": key})[0] == 200
    for number in range(5):
        assert server.ask(f"/api/v1/nowhere/{number}/")[0] == 404
    told = samples(server)
    assert told["burgee_request_seconds_count", "edge", "flags", "200", ""] == 3
    assert told["burgee_request_seconds_bucket", "edge", "flags", "200", "+Inf"] == 3
    assert told["burgee_request_seconds_count", "edge", "identities", "200", ""] == 1
    assert told["burgee_request_seconds_count", "control", "organisations", "201", ""] == 1
    assert told["burgee_outbox_lag_seconds", "", "", "", ""] >= 0
    assert not [key for key in told if re.search(r"nowhere|\d{3,}x", str(key))]
    assert samples(server, "/metrics") is not None


@pytest.mark.process
def test_without_the_setting_there_is_no_such_page(start):
    server = start()
    try:
        with urllib.request.urlopen(server.url + "/metrics/", timeout=30) as answer:
            said = answer.read()
    except urllib.error.HTTPError as error:
        said = error.read()
    assert b"burgee_" not in said


@pytest.mark.process
def test_processes_of_one_port_tell_their_sum(start, database_url):
    server = start("up", "--workers", "2", DATABASE_URL=database_url, PROMETHEUS_ENABLED="true")
    for _ in range(20):
        assert server.ask("/version/")[0] == 200
    deadline = time.monotonic() + PATIENCE
    while count(server, "control", "system", "200") < 20:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert count(server, "control", "system", "200") == 20
