"""What else the settings point to, and what stored data needs attention."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from burgee.cli.checks.finding import Finding, fail, ok, warn
from burgee.serve.settings import ServicesSettings
from burgee.settings_reader import read, read_database
from burgee.settings_reader.reader import mask


def services() -> Iterator[Finding]:
    url = read(ServicesSettings).redis_url
    if url:
        yield _redis(url)
    where = read_database()
    if where.is_server or Path(where.name).exists():
        yield from _patterns()


def _redis(url: str) -> Finding:
    if importlib.util.find_spec("redis") is None:
        return fail("redis", f"{mask(url)} needs a driver that is not installed", "pip install 'burgee[redis]'")
    import redis

    try:
        with redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as client:
            version = client.info("server")["redis_version"]
    except (redis.RedisError, ValueError) as error:
        return fail("redis", f"{mask(url)} does not answer: {error}", "Start it, or correct REDIS_URL.")
    return ok("redis", f"{mask(url)}, version {version}")


def _patterns() -> Iterator[Finding]:
    """Conditions whose pattern has no translation never match; an import may have brought some."""
    from django.apps import apps
    from django.db import Error

    if not apps.ready:
        return
    from burgee.control.segments.models import Segment
    from burgee.control.segments.rules import unusable_patterns

    found = 0
    try:
        for segment in Segment.objects.living().only("id", "name", "rules").iterator():
            for pattern, reason in unusable_patterns(segment.rules).items():
                found += 1
                text = f"segment {segment.pk} ({segment.name}): {pattern!r} never matches: {reason}"
                yield warn("patterns", text, "Edit the condition.")
    except Error:
        return
    if not found:
        yield ok("patterns", "every stored pattern can be matched")
