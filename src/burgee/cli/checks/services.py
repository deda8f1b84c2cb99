"""What else the settings point to, and what stored data needs attention."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import httpx

from burgee.cli.checks.directory import directory
from burgee.cli.checks.finding import Finding, fail, ok, warn
from burgee.edge.peer import FEED_PATH, authorization
from burgee.serve.settings import ServicesSettings, peer_token
from burgee.settings_reader import RedisSettings, known_key_ids, read, read_database
from burgee.settings_reader.reader import mask


def services() -> Iterator[Finding]:
    settings = read(ServicesSettings)
    if redis_url := read(RedisSettings).redis_url:
        yield _redis(redis_url)
    if settings.upstream_url:
        yield _upstream(settings)
    where = read_database()
    if where.is_server or Path(where.name).exists():
        yield from _patterns()
        yield from saml()
        yield from directory()


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


def _upstream(settings: ServicesSettings) -> Finding:
    shown = mask(settings.upstream_url)
    if not settings.peer_token and not known_key_ids():
        fix = "Set BURGEE_PEER_TOKEN, or the secret keys of the upstream."
        return fail("upstream", f"{shown} asks for a token, which this node has not", fix)
    same = "Set BURGEE_PEER_TOKEN to the same text here and on the upstream."
    address = settings.upstream_url.rstrip("/") + FEED_PATH
    headers = {"Authorization": authorization(peer_token())}
    try:
        status = httpx.get(address, params={"heads": ""}, headers=headers, timeout=5).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return fail("upstream", f"{shown} does not answer: {error}", "Start it, or correct BURGEE_UPSTREAM_URL.")
    if status == httpx.codes.FORBIDDEN:
        return fail("upstream", f"{shown} refuses the token of this node", same)
    if status != httpx.codes.OK:
        return fail("upstream", f"{shown} answers {status}, not like a Burgee", "Correct BURGEE_UPSTREAM_URL.")
    return ok("upstream", f"{shown} takes the token of this node")


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


def saml() -> Iterator[Finding]:
    """Connections that were made need the libraries, and metadata that can be read again."""
    from django.apps import apps
    from django.db import Error

    if not apps.ready:
        return
    from burgee.control.saml.models import SamlConfiguration
    from burgee.control.saml.protocol import is_installed

    try:
        rows = list(SamlConfiguration.objects.living().order_by("id"))
    except Error:
        return
    if rows and not is_installed():
        yield fail(
            "SAML", "its libraries are not installed, so nobody can sign in with it", "pip install 'burgee[saml]'"
        )
    elif rows:
        yield ok("SAML", f"{len(rows)} connections")
    for row in rows:
        if row.metadata_problem:
            text = f"the metadata of {row.name} was not read again: {row.metadata_problem}"
            yield warn("SAML", text, "Correct its address in the organisation's settings.")
