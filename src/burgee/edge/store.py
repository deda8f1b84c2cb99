"""The environments that this process serves, by id and by key; fed from any thread, read from the loop."""

import threading
from collections.abc import Callable
from enum import Enum
from typing import Final

from msgspec import Struct

from burgee.edge.environment import Environment, Version
from burgee.edge.view import View
from burgee.wire import snapshot
from burgee.wire.snapshot import Delta, Part, ServerKey


class Verdict(Enum):
    """What became of a delta."""

    ACCEPTED = "accepted"
    STALE = "stale"
    """What is served is as new or newer."""
    GAP = "gap"
    """The delta continues a revision that is not here: ask for a complete snapshot."""


class Changed(Struct, frozen=True):
    """What listeners are told, after the new state is in place; no environment when it was removed."""

    environment_id: int
    version: Version
    environment: Environment | None
    previous: Environment | None


Listener = Callable[[Changed], None]


class _Tables:
    """Every lookup at one moment; a new one takes its place, this one is never edited after that."""

    __slots__ = ("clients", "environments", "removed", "servers")

    def __init__(self, before: "_Tables | None" = None) -> None:
        self.environments: dict[int, Environment] = {} if before is None else before.environments.copy()
        self.removed: dict[int, Version] = {} if before is None else before.removed.copy()
        self.clients: dict[bytes, View] = {} if before is None else before.clients.copy()
        self.servers: dict[str, tuple[ServerKey, View]] = {} if before is None else before.servers.copy()

    def drop(self, environment: Environment | None) -> None:
        if environment is None:
            return
        self.environments.pop(environment.id, None)
        key = environment.settings.client_key.encode()
        known = self.clients.get(key)
        if known is not None and known.environment_id == environment.id:
            del self.clients[key]
        for server_key in environment.settings.server_keys:
            self.servers.pop(server_key.digest, None)

    def add(self, environment: Environment, gzip_bytes: int) -> None:
        self.environments[environment.id] = environment
        self.removed.pop(environment.id, None)
        self.clients[environment.settings.client_key.encode()] = View(environment, server=False, gzip_bytes=gzip_bytes)
        view = View(environment, server=True, gzip_bytes=gzip_bytes)
        for server_key in environment.settings.server_keys:
            self.servers[server_key.digest] = (server_key, view)


class Store:
    """`accept` may be called from any thread and has taken effect when it returns."""

    def __init__(self, *, gzip_bytes: int = 1_400) -> None:
        self._gzip_bytes: Final = gzip_bytes
        self._lock = threading.Lock()
        self._tables = _Tables()
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> None:
        """Have `listener` told of every change, in the thread that brought it; it must not block or fail."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def accept(self, delta: Delta) -> Verdict:
        """Take a delta or a complete snapshot; only changed parts are compiled."""
        with self._lock:
            current = self._tables.environments.get(delta.environment_id)
            verdict = self._judge(delta, current)
            if verdict is not Verdict.ACCEPTED:
                return verdict
            incoming = self._compiled(delta, current)
            tables = _Tables(self._tables)
            tables.drop(current)
            if incoming is None:
                tables.removed[delta.environment_id] = (delta.epoch, delta.revision)
            else:
                tables.add(incoming, self._gzip_bytes)
            self._tables = tables
            # Within the lock, so that listeners hear of revisions in their order.
            changed = Changed(delta.environment_id, (delta.epoch, delta.revision), incoming, current)
            for listener in self._listeners:
                listener(changed)
        return Verdict.ACCEPTED

    def _judge(self, delta: Delta, current: Environment | None) -> Verdict:
        version = self.version(delta.environment_id)
        if version is not None and (delta.epoch, delta.revision) <= version:
            return Verdict.STALE
        if delta.parent is not None and (current is None or current.version != (delta.epoch, delta.parent)):
            return Verdict.GAP
        return Verdict.ACCEPTED

    @staticmethod
    def _compiled(delta: Delta, current: Environment | None) -> Environment | None:
        parts: dict[str, Part] = {}
        if current is not None and not delta.complete:
            parts.update(current.parts)
        known = {} if current is None else current.parts
        for name, part in delta.parts.items():
            if part is None:
                parts.pop(name, None)
            else:
                # An equal part keeps its object, and with it everything that was made of it.
                old = known.get(name)
                parts[name] = old if old is not None and old == part else part
        return Environment(delta, parts, current) if snapshot.SETTINGS in parts else None

    def version(self, environment_id: int) -> Version | None:
        """The newest revision seen, also of a removed environment."""
        tables = self._tables
        environment = tables.environments.get(environment_id)
        return tables.removed.get(environment_id) if environment is None else environment.version

    def versions(self) -> dict[int, Version]:
        """What is served now; feeds reconcile against this."""
        return {id_: environment.version for id_, environment in self._tables.environments.items()}

    def environment(self, environment_id: int) -> Environment | None:
        return self._tables.environments.get(environment_id)

    def environments(self) -> tuple[Environment, ...]:
        return tuple(self._tables.environments.values())

    def by_client_key(self, key: bytes) -> View | None:
        return self._tables.clients.get(key)

    def by_server_key_digest(self, digest: str) -> tuple[ServerKey, View] | None:
        return self._tables.servers.get(digest)
