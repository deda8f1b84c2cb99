"""Requests are counted once however many processes serve them."""

import time

import pytest

from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.api.base.windows import LocalWindows, SharedWindows
from burgee.control.kit.shared_redis import redis_at
from tests.services.redis import running_redis


@pytest.fixture(scope="module")
def redis_url():
    with running_redis() as url:
        yield url
    redis_at.cache_clear()


def test_processes_with_a_redis_count_as_one(redis_url):
    here, there = SharedWindows(redis_url, LocalWindows()), SharedWindows(redis_url, LocalWindows())

    assert [here.enter("together", 3, 60), there.enter("together", 3, 60), here.enter("together", 3, 60)] == [0, 0, 0]
    assert 55 < there.enter("together", 3, 60) <= 60
    assert here.enter("together", 3, 60) > 0
    assert there.enter("another", 3, 60) == 0


def test_without_one_each_process_counts_for_itself():
    here, there = LocalWindows(), LocalWindows()

    assert (here.enter("x", 1, 60), there.enter("x", 1, 60)) == (0, 0)
    assert 55 < here.enter("x", 1, 60) <= 60


@pytest.mark.parametrize("shared", [False, True])
def test_a_window_slides(redis_url, shared):
    windows = SharedWindows(redis_url, LocalWindows()) if shared else LocalWindows()
    key = f"slides {shared}"

    assert windows.enter(key, 2, 0.2) == 0
    assert windows.enter(key, 2, 0.2) == 0
    assert 0 < windows.enter(key, 2, 0.2) <= 0.2
    deadline = time.monotonic() + 10
    while windows.enter(key, 2, 0.2) > 0:
        assert time.monotonic() < deadline


def test_what_is_over_is_forgotten_by_redis(redis_url):
    SharedWindows(redis_url, LocalWindows()).enter("over", 5, 60)

    (name,) = redis_at(redis_url).keys("burgee_window:over")
    assert 0 < redis_at(redis_url).ttl(name) <= 60


def test_while_redis_is_away_this_process_counts(caplog):
    windows = SharedWindows("redis://127.0.0.1:1/0", LocalWindows())

    assert windows.enter("away", 1, 60) == 0
    assert windows.enter("away", 1, 60) > 0
    assert "redis does not count requests" in caplog.text


@pytest.mark.django_db
def test_throttles_use_the_redis_that_is_there(redis_url, settings, anybody):
    settings.REDIS_URL = redis_url
    for number in range(20):
        assert sign_in(anybody, f"x{number}@example.com") == 400
    LoginThrottle.forget()  # what this process knows

    assert sign_in(anybody, "x@example.com") == 429


def sign_in(anybody, email):
    return anybody.post("/api/v1/auth/login/", {"email": email}, format="json").status_code
