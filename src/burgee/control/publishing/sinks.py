"""Handing new revisions to whoever serves in this process, in the order in which they were committed."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from burgee.wire.snapshot import Delta

log = logging.getLogger(__name__)

Sink = Callable[[Delta], None]
Moment = tuple[int, int]

PATIENCE_SECONDS: Final = 0.25
"""How long a revision waits for the one before it, which another thread of this process has just committed."""

_sinks: list[Sink] = []
_turn = threading.Condition(threading.RLock())
_coming: set[tuple[int, Moment]] = set()
_delivered: dict[int, Moment] = {}


def subscribe(sink: Sink) -> Callable[[], None]:
    """Call `sink` with every delta that this process publishes; returns what ends that.

    Deltas of an environment come in rising order of (epoch, revision). One whose ``parent`` is not the revision
    before it follows a revision of another process: read the snapshot again.
    """
    with _turn:
        _sinks.append(sink)

    def unsubscribe() -> None:
        with _turn:
            _sinks.remove(sink)

    return unsubscribe


def expect(delta: Delta) -> None:
    """Say, before its commit, that a delta will be delivered or forgotten."""
    with _turn:
        _coming.add(_place(delta))


def forget(delta: Delta) -> None:
    """Say that an expected delta was not committed."""
    with _turn:
        _coming.discard(_place(delta))
        _turn.notify_all()


def deliver(delta: Delta) -> None:
    """Hand a committed delta to all sinks, unless a later one was handed out already."""
    with _turn:
        moment = (delta.epoch, delta.revision)
        _turn.wait_for(lambda: not _awaits(delta), timeout=PATIENCE_SECONDS)
        if moment > _delivered.get(delta.environment_id, (0, 0)):
            _delivered[delta.environment_id] = moment
            for sink in tuple(_sinks):
                _hand(sink, delta)
        forget(delta)


def _awaits(delta: Delta) -> bool:
    return any(
        environment_id == delta.environment_id and moment < (delta.epoch, delta.revision)
        for environment_id, moment in _coming
    )


def _hand(sink: Sink, delta: Delta) -> None:
    try:
        sink(delta)
    except Exception:
        log.exception("a sink failed", extra={"environment_id": delta.environment_id, "revision": delta.revision})


def _place(delta: Delta) -> tuple[int, Moment]:
    return delta.environment_id, (delta.epoch, delta.revision)
