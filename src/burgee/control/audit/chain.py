"""The chain of hashes: pure. Whoever alters, drops or re-orders lines must know every later hash, or is found."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from burgee.control.audit.models import AuditLog
from burgee.control.audit.positions import outside, runs_in
from burgee.control.events.catalog import EventType
from burgee.control.events.models import INSTALLATION

START: Final = "0" * 64
"""What the first line follows."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "what": (
        "organisation_id",
        "event_uuid",
        "event_type",
        "occurred_at",
        "project_id",
        "environment_id",
        "change_type",
        "object_type",
        "object_id",
        "object_uuid",
        "is_system_event",
    ),
    "who": ("author_kind", "author_id", "author_label"),
    "log": ("log",),
    "details": ("details",),
}

ERASABLE: Final = ("who", "log", "details")

POSITIONS: Final = "positions"
"""Under this a line of an erasure tells which lines it emptied."""


class Finding(Struct, frozen=True):
    """Something wrong with a chain, and where."""

    organisation_id: int
    position: int
    problem: str
    line_id: int | None = None

    def __str__(self) -> str:
        named = f" (line {self.line_id})" if self.line_id is not None else ""
        whose = f"organisation {self.organisation_id}" if self.organisation_id != INSTALLATION else "installation"
        return f"{whose}, position {self.position}{named}: {self.problem}"


class End(Struct, frozen=True):
    """Where a chain is known to have stood."""

    organisation_id: int
    position: int
    hash: str


def seal(line: AuditLog, previous_hash: str) -> None:
    """Digest the fields of a new line under new salts and hang it behind `previous_hash`."""
    line.salts = {group: secrets.token_hex(16) for group in GROUPS}
    line.digests = {group: _digest(line, group, line.salts[group]) for group in GROUPS}
    line.previous_hash = previous_hash
    line.hash = _hash(line)


def erase(line: AuditLog, groups: Iterable[str]) -> None:
    """Empty the fields of `groups` and forget their salts; the digests and so the chain stay."""
    for group in groups:
        for field in GROUPS[group]:
            setattr(line, field, None)
    line.salts = {group: salt for group, salt in line.salts.items() if group not in groups}


def findings(
    lines: Iterable[AuditLog], end: End, known: Mapping[int, str], untold: Iterable[range] = ()
) -> Iterator[Finding]:
    """What is wrong with `lines`, all lines of a chain by position.

    `end` is where the chain says that it ends, `known` are hashes by position that were written down elsewhere.
    Whose fields are empty must stand in a line that tells of an erasure; `untold` are places that one will tell of.
    """
    expected, previous, order = 1, START, (0, -1)
    emptied: dict[int, int] = {}
    told = list(untold)
    for line in lines:
        yield from _gap(end.organisation_id, expected, line.position)
        if line.position < expected:
            yield _found(line, "put in before the beginning")
        yield from _wrong_in(line, previous if line.position == expected else None, order)
        if known.get(line.position, line.hash) != line.hash:
            yield _found(line, "differs from the checkpoint")
        told += _runs_told(line)
        if not _mapping(line.salts).keys() >= set(ERASABLE):
            emptied[line.position] = line.pk
        expected, previous, order = line.position + 1, line.hash, (line.seq, line.index)
    last = max([end.position, *known])
    yield from _gap(end.organisation_id, expected, last + 1)
    if expected == end.position + 1 and previous != end.hash:
        yield Finding(end.organisation_id, end.position, "the end of the chain has another hash")
    if expected > end.position + 1:
        yield Finding(end.organisation_id, end.position, "there are lines behind the end of the chain")
    for position in outside(emptied, told):
        yield Finding(end.organisation_id, position, "emptied, and no erasure tells of it", emptied[position])


def _runs_told(line: AuditLog) -> list[range]:
    if line.event_type != EventType.PERSON_ERASED or not isinstance(line.details, list):
        return []
    items = [item for item in line.details if isinstance(item, dict) and item.get("field") == POSITIONS]
    return [run for item in items for run in runs_in(item.get("new"))]


def _gap(organisation_id: int, expected: int, position: int) -> Iterator[Finding]:
    if position > expected:
        reach = f"{expected} to {position - 1}" if position - 1 > expected else f"{expected}"
        yield Finding(organisation_id, expected, f"missing: {reach}")


def _wrong_in(line: AuditLog, previous: str | None, order: tuple[int, int]) -> Iterator[Finding]:
    for group in GROUPS:
        problem = _wrong_group(line, group)
        if problem:
            yield _found(line, problem)
    if line.hash != _hash(line):
        yield _found(line, "altered: its place or its hashes")
    elif previous is not None and line.previous_hash != previous:
        yield _found(line, "does not follow the line before it")
    if (line.seq, line.index) <= order:
        yield _found(line, "re-ordered: it is older than the line before it")


def _wrong_group(line: AuditLog, group: str) -> str | None:
    salt = _mapping(line.salts).get(group)
    if salt is None:
        if group not in ERASABLE or any(getattr(line, field) is not None for field in GROUPS[group]):
            return f"altered: {group}"
        return None
    return None if _digest(line, group, salt) == _mapping(line.digests).get(group) else f"altered: {group}"


def _found(line: AuditLog, problem: str) -> Finding:
    return Finding(line.organisation_id, line.position, problem, line.pk)


def _digest(line: AuditLog, group: str, salt: str) -> str:
    fields = {field: _plain(getattr(line, field)) for field in GROUPS[group]}
    return _sha256({"salt": salt, group: fields})


def _hash(line: AuditLog) -> str:
    digests = {group: _mapping(line.digests).get(group) for group in GROUPS}
    return _sha256([line.previous_hash, line.organisation_id, line.position, line.seq, line.index, digests])


def _mapping(value: Any) -> Mapping[str, Any]:
    """Nothing when somebody wrote something else there."""
    return value if isinstance(value, dict) else {}


def _sha256(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as every engine gives it back."""
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
