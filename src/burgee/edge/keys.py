"""From an environment key to what it may see."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from burgee.edge.errors import EdgeError, refused
from burgee.edge.request import EdgeRequest
from burgee.edge.store import Store
from burgee.edge.view import View
from burgee.wire import quirks

HEADER: Final = b"x-environment-key"
_SERVER_PREFIX: Final = quirks.SERVER_KEY_PREFIX.encode()
_LONGEST_KEY: Final = 200

OnServerKey = Callable[[str], None]
"""Told the digest of a server key that was used."""

OnUnknownKey = Callable[[], Awaitable[None]]
"""Asks the feed to reconcile: the key may belong to an environment made a moment ago elsewhere."""


class UnknownKey(EdgeError):
    """No environment here has the key; `key` is set when the feed may still know better."""

    def __init__(self, key: bytes | None = None) -> None:
        super().__init__(refused(403, quirks.KEY_UNKNOWN).response)
        self.key = key


class Keys:
    """Looks keys up, remembers the unknown ones for a while and asks the feed about new ones, not too often."""

    def __init__(
        self,
        store: Store,
        *,
        remembered: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        on_server_key: OnServerKey | None = None,
    ) -> None:
        self._store = store
        self._on_server_key = on_server_key
        self._remembered = remembered
        self._seconds = seconds
        self._clock = clock
        self._unknown: OrderedDict[bytes, float] = OrderedDict()
        self._last_question = float("-inf")
        self.on_unknown_key: OnUnknownKey | None = None

    def view(self, request: EdgeRequest) -> View:
        """What the request's key may see. Raises EdgeError."""
        return self.view_of(request.headers.get(HEADER))

    def view_of(self, key: bytes | None) -> View:
        if not key:
            raise refused(403, quirks.KEY_MISSING)
        view = self._store.by_client_key(key)
        if view is None:
            view = self._of_server_key(key)
            if view is None:
                raise self._unknown_key(key)
        if view.settings.stop_serving_flags:
            raise refused(403, quirks.ORGANISATION_STOPPED)
        return view

    def server_view(self, request: EdgeRequest) -> View:
        """As `view`, for routes that take server keys only."""
        key = request.headers.get(HEADER)
        if not key or not key.startswith(_SERVER_PREFIX):
            raise refused(403, quirks.KEY_MISSING)
        return self.view_of(key)

    def environment_named(self, key: bytes) -> View:
        """The environment of a client key that stands in a path."""
        view = self._store.by_client_key(key)
        if view is None:
            raise self._unknown_key(key)
        return view

    async def reconcile(self) -> None:
        if self.on_unknown_key is not None:
            await self.on_unknown_key()

    def _of_server_key(self, key: bytes) -> View | None:
        if not key.startswith(_SERVER_PREFIX) or len(key) > _LONGEST_KEY:
            return None
        digest = hashlib.sha256(key).hexdigest()
        found = self._store.by_server_key_digest(digest)
        if found is None:
            return None
        record, view = found
        expired = record.expires_at is not None and _aware(record.expires_at) <= datetime.now(UTC)
        if expired or not record.active:
            return None
        if self._on_server_key is not None:
            self._on_server_key(digest)
        return view

    def _unknown_key(self, key: bytes) -> UnknownKey:
        now = self._clock()
        refused_until = self._unknown.get(key)
        if (
            self.on_unknown_key is None
            or len(key) > _LONGEST_KEY
            or (refused_until is not None and now < refused_until)
        ):
            return UnknownKey()
        if now - self._last_question < 1:
            return UnknownKey()
        self._last_question = now
        self._unknown[key] = now + self._seconds
        self._unknown.move_to_end(key)
        while len(self._unknown) > self._remembered:
            self._unknown.popitem(last=False)
        return UnknownKey(key)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
