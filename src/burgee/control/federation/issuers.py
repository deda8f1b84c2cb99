"""The public keys of issuers, found by OIDC discovery and remembered for a while."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from burgee.control.kit import outbound

FRESH_SECONDS: Final = 600.0
"""So long may a key go on that the issuer has withdrawn."""

REST_SECONDS: Final = 10.0
"""However many unknown keys are named, an issuer is not asked more often than this."""

MOST_ISSUERS: Final = 256

Key = Mapping[str, Any]
"""A JSON Web Key."""


class IssuerSilent(Exception):
    """The issuer's keys cannot be had; the text says why."""


class _Remembered:
    """What one issuer published, and the lock of those who ask it: a slow issuer holds up nobody else's."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.configuration: Mapping[str, Any] = {}
        self.keys: tuple[Key, ...] = ()
        self.fetched_at = -math.inf
        self.tried_at = -math.inf


class IssuerKeys:
    """What issuers publish, asked for when it is not known yet or not fresh any more, by one thread an issuer."""

    def __init__(self, *, fresh: float = FRESH_SECONDS, rest: float = REST_SECONDS) -> None:
        self._fresh = fresh
        self._rest = rest
        self._known: OrderedDict[str, _Remembered] = OrderedDict()
        self._lock = threading.Lock()

    def keys(self, issuer: str, kid: str | None) -> tuple[Key, ...]:
        """The keys that may have signed a token which names `kid`; a key that is not known yet is asked for."""
        known = self._of(issuer)
        found = self._living(known, kid)
        if found is None:
            with known.lock:
                found = self._living(known, kid) or self._ask(issuer, known)
        return tuple(key for key in found if kid is None or key.get("kid") == kid)

    def configuration(self, issuer: str) -> Mapping[str, Any]:
        """What the issuer says of itself, such as where its users sign in."""
        known = self._of(issuer)
        if self._living(known, None) is None:
            with known.lock:
                if self._living(known, None) is None:
                    self._ask(issuer, known)
        return known.configuration

    def forget(self) -> None:
        with self._lock:
            self._known.clear()

    def _of(self, issuer: str) -> _Remembered:
        with self._lock:
            known = self._known.setdefault(issuer, _Remembered())
            self._known.move_to_end(issuer)
            while len(self._known) > MOST_ISSUERS:
                self._known.popitem(last=False)
            return known

    def _living(self, known: _Remembered, kid: str | None) -> tuple[Key, ...] | None:
        if time.monotonic() - known.fetched_at > self._fresh:
            return None
        names = {key.get("kid") for key in known.keys}
        return known.keys if kid is None or kid in names else None

    def _ask(self, issuer: str, known: _Remembered) -> tuple[Key, ...]:
        now = time.monotonic()
        if now - known.tried_at < self._rest:
            if now - known.fetched_at > self._fresh:
                raise IssuerSilent("it did not answer a moment ago.")
            return known.keys
        try:
            configuration, found = _fetch(issuer)
        finally:
            # From its end: those who waited meanwhile must not each wait for a slow issuer again.
            known.tried_at = time.monotonic()
        known.configuration, known.keys, known.fetched_at = configuration, found, now
        return found


def _fetch(issuer: str) -> tuple[Mapping[str, Any], tuple[Key, ...]]:
    facts = _json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if facts.get("issuer") != issuer:
        raise IssuerSilent("its configuration names another issuer.")
    place = facts.get("jwks_uri")
    if not isinstance(place, str) or urlsplit(place).scheme != "https":
        raise IssuerSilent("its configuration names no https address of its keys.")
    keys = _json(place).get("keys")
    if not isinstance(keys, list):
        raise IssuerSilent("it publishes no keys.")
    return facts, tuple(key for key in keys if isinstance(key, dict) and _is_usable(key))


def _is_usable(key: Key) -> bool:
    return key.get("use", "sig") == "sig" and isinstance(key.get("kid", ""), str)


def _json(url: str) -> dict[str, Any]:
    try:
        reply = outbound.client().get(url, {"Accept": "application/json"})
        facts = msgspec.json.decode(reply.body) if reply.is_success else None
    except (outbound.OutboundError, ValueError, RecursionError) as error:
        raise IssuerSilent(f"{url} cannot be read.") from error
    if not isinstance(facts, dict):
        raise IssuerSilent(f"{url} cannot be read.")
    return facts


ISSUERS: Final = IssuerKeys()
