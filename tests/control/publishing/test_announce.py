"""Telling other processes of a new revision."""

import time

import psycopg
import pytest
from django.db import connection
from redis import Redis

from burgee.control.kit.shared_redis import redis_at
from burgee.control.publishing import announce
from burgee.control.publishing.models import Head
from burgee.control.publishing.services import repair
from tests.factories.environments import an_environment
from tests.services.redis import running_redis


def test_redis_carries_the_announcement(settings):
    with running_redis() as url:
        settings.REDIS_URL = url
        with Redis.from_url(url) as client, client.pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(announce.CHANNEL)
            subscription.get_message(timeout=5)
            announce.broadcast(3, 17, 5)
            deadline = time.monotonic() + 10
            while (message := subscription.get_message(timeout=1)) is None:
                assert time.monotonic() < deadline
            assert message["data"] == b"3:17:5"
        redis_at.cache_clear()


def test_a_redis_that_is_away_harms_nobody(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    announce.broadcast(3, 17, 5)
    redis_at.cache_clear()
    assert "redis does not take announcements" in caplog.text


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_postgresql_tells_its_listeners_when_the_revision_is_committed():
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has NOTIFY")
    environment = an_environment()
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as listener:
        listener.execute(f"LISTEN {announce.CHANNEL}")
        repair(environment.pk)
        (note,) = listener.notifies(timeout=10, stop_after=1)
    head = Head.objects.get(pk=environment.pk)
    assert note.payload == f"{environment.pk}:{head.epoch}:1"
