"""Telling events into the log, in ``seq`` order and each once, and erasing people from it.

Each organisation has a chain, and the installation has one for what happens to accounts and rules of signing in.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from msgspec import structs

from burgee.control.accounts.models import User
from burgee.control.accounts.records import NOBODY, address_in
from burgee.control.audit.chain import POSITIONS, START, erase, seal
from burgee.control.audit.models import AuditChain, AuditLog
from burgee.control.audit.positions import positions_text
from burgee.control.audit.wording import lines_of
from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.models import INSTALLATION, Event
from burgee.control.events.publish import Change, Scope, changes_of, note_of, publish
from burgee.control.kit.actor import Actor
from burgee.control.kit.prepared import Prepared
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project

BATCH: Final = 20
"""Events told in one transaction, so that none lasts long."""

NAMED: Final = {
    ObjectType.ENVIRONMENT: Environment,
    ObjectType.PROJECT: Project,
    ObjectType.ORGANISATION: Organisation,
}

_TOLD = Prepared(
    lambda organisation_id, seq: AuditChain.objects.filter(pk=organisation_id, last_seq__gte=seq).values_list("pk")
)


def record(event: Event) -> None:
    """Tell `event` and whatever came before it and is not told yet."""
    organisation_id = event.organisation_id or INSTALLATION
    if event.seq is None or _TOLD.first(organisation_id=organisation_id, seq=event.seq):
        return
    _open(organisation_id)
    while not _tell_some(organisation_id, event.seq):
        continue


def lines_about(event: Event) -> list[AuditLog]:
    """The lines of `event`, told first if need be."""
    record(event)
    return list(AuditLog.objects.filter(event_uuid=event.uuid).order_by("index"))


def erase_person(user: User, *, actor: Actor) -> int:
    """Forget who `user` was: as author of lines and of events, and in lines about them; returns how many lines.

    The digests of what is forgotten stay, so the chains verify. Each log in which lines were says that it happened.
    """
    spellings = {user.email, address_in(user.email) or user.email}
    about = Q()
    for spelling in spellings:
        about |= Q(log__contains=spelling) | Q(details__contains=spelling)
    mine = AuditLog.objects.filter(Q(author_kind="user", author_id=user.pk) | about).order_by("id")
    reached = list(mine.values_list("pk", "organisation_id", "position"))
    # Told first: of a line that is empty a record must stand, also when this is broken off.
    _tell_erasure(user.pk, address_in(user.email), [place for _, *place in reached], actor)
    for line_id, *_ in reached:
        _erase_line(line_id, user.pk, spellings)
    return len(reached)


def erase_stranger(typed: str, *, actor: Actor) -> int:
    """Forget the address of somebody who has no account, in lines that say that it was typed; returns how many."""
    address = address_in(typed)
    told = {"field": "address", "old": None, "new": address}
    failures = AuditLog.objects.filter(organisation_id=INSTALLATION, event_type=EventType.SIGN_IN_FAILED)
    rows = failures.filter(log__contains=address).order_by("id") if address else []
    reached = [line for line in rows if told in line.details]
    _tell_erasure(NOBODY, address, [(line.organisation_id, line.position) for line in reached], actor)
    for line in reached:
        _erase_line(line.pk, None, {address})
    return len(reached)


@transaction.atomic
def _erase_line(line_id: int, user_id: int | None, spellings: set[str]) -> None:
    line = AuditLog.objects.select_for_update().get(pk=line_id)
    is_author = line.author_kind == "user" and line.author_id == user_id
    is_about = any(spelling in f"{line.log} {line.details}" for spelling in spellings)
    groups = [*(["who"] if is_author else []), *(["log", "details"] if is_about else [])]
    erase(line, groups)
    line.save()


@transaction.atomic
def _tell_erasure(user_id: int, address: str, reached: Iterable[Sequence[int]], actor: Actor) -> None:
    """One line in each log in which lines are emptied, with their places: `reached` are organisations and positions."""
    Event.objects.filter(actor_kind="user", actor_id=user_id).update(actor_label=None)
    _forget_typed(address)
    places: dict[int, list[int]] = {}
    for organisation_id, position in reached:
        places.setdefault(organisation_id, []).append(position)
    for organisation_id, positions in places.items():
        after = {"erased_lines": len(positions), POSITIONS: positions_text(positions)}
        change = Change(object=ObjectType.USER, action="deleted", id=user_id, after=after)
        scope = Scope(organisation_id=organisation_id or None)
        publish(EventType.PERSON_ERASED, scope=scope, changes=[change], actor=actor)


def _forget_typed(address: str) -> None:
    """Events of sign-ins of nobody have the address that was typed."""
    rows = Event.objects.filter(organisation_id=None, type=EventType.SIGN_IN_FAILED, payload__contains=address)
    for event in rows if address else []:
        for change in event.payload["changes"]:
            told = change.get("after") or {}
            if told.get("address") == address:
                del told["address"]
        event.save(update_fields=["payload"])


def _open(organisation_id: int) -> None:
    if AuditChain.objects.filter(pk=organisation_id).exists():
        return
    try:
        with transaction.atomic():
            AuditChain.objects.create(organisation_id=organisation_id, hash=START)
    except IntegrityError:
        return  # Another worker opened it.


@transaction.atomic
def _tell_some(organisation_id: int, seq: int) -> bool:
    """Tell the next few events up to `seq`; True when that one is told."""
    chain = AuditChain.objects.select_for_update().get(pk=organisation_id)
    if chain.last_seq >= seq:
        return True
    events = _following(chain, seq)
    lines = [line for event in events for line in _sealed(event, chain)]
    AuditLog.objects.bulk_create(lines)
    # Numbers have no gaps, so an event that is not there was deleted, and nobody can tell it any more.
    chain.last_seq = events[-1].seq or seq if events else seq
    chain.save()
    return chain.last_seq >= seq


def _following(chain: AuditChain, seq: int) -> list[Event]:
    rows: QuerySet[Event] = Event.objects.filter(organisation_id=chain.organisation_id or None, seq__gt=chain.last_seq)
    return list(rows.filter(seq__lte=seq).order_by("seq")[:BATCH])


def _sealed(event: Event, chain: AuditChain) -> list[AuditLog]:
    sealed = []
    note = note_of(event)
    said = [{"field": "note", "old": None, "new": note}] if note else []
    for index, line in enumerate(lines_of(event.type, _named(changes_of(event)))):
        chain.position += 1
        row = AuditLog(
            organisation_id=chain.organisation_id,
            position=chain.position,
            seq=event.seq or 0,
            index=index,
            event_uuid=event.uuid,
            event_type=event.type,
            occurred_at=event.occurred_at,
            project_id=event.project_id,
            environment_id=line.environment_id or event.environment_id,
            change_type=line.change_type,
            object_type=line.object_type,
            object_id=line.object_id,
            object_uuid=line.object_uuid,
            feature_id=line.feature_id,
            is_system_event=event.actor_kind == "system",
            author_kind=event.actor_kind,
            author_id=event.actor_id,
            author_label=event.actor_label or None,
            log=line.log,
            details=[*line.details, *said],
        )
        seal(row, chain.hash)
        chain.hash = row.hash
        sealed.append(row)
    return sealed


def _named(changes: Sequence[Change]) -> list[Change]:
    """The changes, with names for what is told by its id alone."""
    return [_with_name(change) for change in changes]


def _with_name(change: Change) -> Change:
    model: Any = NAMED.get(change.object)
    told = (change.before or {}) | (change.after or {})
    if model is None or "name" in told:
        return change
    name = model.objects.filter(pk=change.id).values_list("name", flat=True).first()
    named = {"name": name}
    return structs.replace(change, before=named | (change.before or {}), after=named | (change.after or {}))
