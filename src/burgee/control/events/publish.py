"""`publish` writes one event in the transaction of the change, and arranges what runs right after commit."""

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Final

import msgspec
from django.db import DatabaseError, IntegrityError, transaction
from msgspec import Struct

from burgee.control.events import wakeup
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.models import Delivery, Event
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor

log = logging.getLogger(__name__)

PATIENCE: Final = timedelta(seconds=10)
"""How long the relay leaves an inline delivery to the process that committed it."""

SLOW_SECONDS: Final = 1.0
"""A response does not wait longer than this for its inline consumers."""


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One changed object, with enough of it before and after to be told later.

    ``action`` is created, updated or deleted, for a version also published, for a trust relationship used; values of
    traits and identifiers never stand here.
    """

    object: ObjectType
    action: str
    id: int
    uuid: str | None = None
    feature_id: int | None = None
    environment_id: int | None = None
    segment_id: int | None = None
    identity_id: int | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class Scope(Struct, frozen=True, kw_only=True):
    """Where it happened: whose audit log shows it and which environments it may touch."""

    organisation_id: int | None = None
    project_id: int | None = None
    environment_id: int | None = None


class Unfinished(Exception):
    """An inline consumer gave up because a response waits: the relay finishes."""


Settle = Callable[[], None]
"""Says, in the consumer's last transaction, that nothing is owed any more, which saves a commit of its own."""

InlineConsumer = Callable[[Event, Settle], None]
_inline: dict[str, InlineConsumer] = {}

_until: ContextVar[float | None] = ContextVar("_until", default=None)

publishing_pending: ContextVar[bool] = ContextVar("publishing_pending", default=False)
"""True once a consumer of this request failed or was slow: the response says ``Burgee-Publishing: pending``."""


def register_inline(name: str, consumer: InlineConsumer) -> None:
    """Run `consumer` right after commit for every event; the relay repeats it when it did not finish."""
    _inline[name] = consumer


def publish(
    event_type: EventType, *, scope: Scope, changes: Sequence[Change], actor: Actor, note: str | None = None
) -> Event:
    """Write one event; must be called inside the transaction of the change. No change, no event: never call it then.

    `note` is what its author says about it.
    """
    if not transaction.get_connection().in_atomic_block:
        msg = "events.publish outside a transaction"
        raise RuntimeError(msg)
    event = Event.objects.create(
        organisation_id=scope.organisation_id,
        project_id=scope.project_id,
        environment_id=scope.environment_id,
        type=event_type.value,
        payload={"changes": [msgspec.to_builtins(change) for change in changes]} | ({"note": note} if note else {}),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        request_id=actor.request_id,
        occurred_at=clock.now(),
    )
    _owe(event)
    return event


def repeat(event: Event, organisation_id: int, changes: Sequence[Change]) -> None:
    """Say an event of no organisation again as one of that organisation, with what it may know of the changes.

    Once, however often it is asked for.
    """
    copied = ("type", "schema_version", "actor_kind", "actor_id", "actor_label", "request_id", "occurred_at")
    facts = {name: getattr(event, name) for name in copied}
    facts["payload"] = event.payload | {"changes": [msgspec.to_builtins(change) for change in changes]}
    try:
        with transaction.atomic():
            made = Event.objects.create(
                uuid=uuid.uuid5(event.uuid, str(organisation_id)), organisation_id=organisation_id, **facts
            )
    except IntegrityError:
        return  # It was said before.
    _owe(made)


def changes_of(event: Event) -> list[Change]:
    """The changes an event carries."""
    return msgspec.convert(event.payload["changes"], list[Change])


def note_of(event: Event) -> str | None:
    """What the author of an event said about it."""
    note: str | None = event.payload.get("note")
    return note


def check_patience() -> None:
    """Raise Unfinished when the response that waits for this consumer has waited long enough."""
    until = _until.get()
    if until is not None and time.monotonic() > until:
        raise Unfinished


def _owe(event: Event) -> None:
    due_at = clock.now() + PATIENCE
    Delivery.objects.bulk_create([Delivery(event=event, consumer=name, due_at=due_at) for name in _inline])
    transaction.on_commit(lambda: _drain(event))


def _drain(event: Event) -> None:
    """Run the inline consumers of a committed event. Nothing here may fail the write that is already done."""
    token = _until.set(time.monotonic() + SLOW_SECONDS)
    try:
        for name, consumer in _inline.items():
            _run(name, consumer, event)
    finally:
        _until.reset(token)
    wakeup.nudge()


def _run(name: str, consumer: InlineConsumer, event: Event) -> None:
    mine = Delivery.objects.filter(event=event, consumer=name)
    settled = False

    def settle() -> None:
        nonlocal settled
        mine.update(done_at=clock.now())
        settled = True

    try:
        check_patience()
        consumer(event, settle)
        if not settled:
            settle()
    except Exception as error:
        publishing_pending.set(True)
        facts = {"consumer": name, "event_id": event.pk}
        log.warning("inline consumer is left to the relay", extra=facts, exc_info=not isinstance(error, Unfinished))
        # Its patience is over already. Should the database be away too, the delivery is due soon anyway.
        with suppress(DatabaseError):
            mine.update(due_at=clock.now())
