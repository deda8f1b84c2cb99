"""Clients that write traits as fast as they are answered, and keep a list of what was acknowledged."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from tests.clients.burgee import Burgee
from tests.clients.shop import as_traits


class Load:
    """Each client writes keys of its own to identities that all of them share."""

    def __init__(self, servers: Sequence[Burgee], key: str, *, identities: int, prefix: str = "") -> None:
        self._servers = servers
        self._key = key
        self._identities = identities
        self._prefix = prefix
        self._stopped = threading.Event()
        self.acknowledged: dict[tuple[str, str], int] = {}
        self.count = 0
        self.degraded = 0

    @contextmanager
    def running(self, clients: int) -> Iterator["Load"]:
        threads = [threading.Thread(target=self._write, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()

    def _write(self, client: int) -> None:
        server = self._servers[client % len(self._servers)]
        with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as http:
            number = 0
            while not self._stopped.is_set():
                identifier, trait = f"shared-{number % self._identities}", f"{self._prefix}k{client}-{number % 60}"
                body = {"identifier": identifier, "traits": as_traits({trait: number})}
                try:
                    answer = http.post("/api/v1/identities/", json=body, headers={"X-Environment-Key": self._key})
                except httpx.TransportError:
                    return
                assert answer.status_code == 200, answer.text
                self.acknowledged[identifier, trait] = number
                self.count += 1
                self.degraded += "burgee-degraded" in answer.headers
                number += 1

    def missing(self, stored: dict[str, dict[str, Any]]) -> list[tuple[str, str, int, Any]]:
        """What was acknowledged and is not there; a later value may have been stored without an answer."""
        return [
            (identifier, trait, value, found)
            for (identifier, trait), value in self.acknowledged.items()
            if (found := stored.get(identifier, {}).get(trait, -1)) < value
        ]


def stored_traits(server: Burgee, key: str, identities: int) -> dict[str, dict[str, Any]]:
    """What the server says that it has, of every shared identity."""
    found = {}
    for number in range(identities):
        identifier = f"shared-{number}"
        path = f"/api/v1/identities/?identifier={identifier}"
        answer = server.call("GET", path, **{"X-Environment-Key": key})
        found[identifier] = {one["trait_key"]: one["trait_value"] for one in answer["traits"]}
    return found
