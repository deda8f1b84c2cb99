"""One batch: a read of what may be unchanged, and for what changed one upsert that merges in the database.

Rows are locked in the order of their lookups, so that two writers never wait for each other in a circle.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import psycopg
from msgspec import Struct

from burgee.edge.identities import postgresql_statements as sql
from burgee.edge.identities.admission import Admission
from burgee.edge.identities.group_commit import Outcome
from burgee.edge.identities.kept_rows import KEPT_LENGTH, KEPT_ROWS
from burgee.edge.identities.lookups import identity_lookup, trait_key_lookup
from burgee.edge.identities.protocol import IdentityRow, TraitError, TraitPatch, TraitRefused, TraitValue
from burgee.edge.identities.trait_numbers import TraitNumbers, checked_number
from burgee.edge.identities.traits import changes_nothing, check_size, decode_traits, merge

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Probe(TraitPatch, frozen=True, kw_only=True):
    """Only asks for the row; rides in the read that each batch begins with."""


class Missing(TraitError):
    """The probed identity does not exist."""


class _Stored(Struct):
    lookup: str
    id: int
    traits: dict[str, TraitValue]
    legacy_hash_id: int | None
    last_seen: str | None
    created: bool


class _Group(Struct):
    """The patches of one identity, each with its place in the batch, in order of arrival."""

    lookup: str
    patches: list[tuple[int, TraitPatch]]
    given: dict[str, object]

    @property
    def is_done_by_upsert(self) -> bool:
        return len(self.patches) == 1 and not self.patches[0][1].increment


class RecentRows:
    """Rows as the database last told them: good for guesses, as others may have written since. Bounded."""

    def __init__(self) -> None:
        self._rows: dict[str, _Stored] = {}

    def keep(self, row: _Stored, length: int) -> None:
        if length > KEPT_LENGTH:
            self._rows.pop(row.lookup, None)
            return
        if len(self._rows) >= KEPT_ROWS:
            self._rows.clear()
        self._rows[row.lookup] = row

    def changed_by(self, lookup: str, patches: list[tuple[int, TraitPatch]]) -> _Stored | None:
        """The row, if it is known and these patches are one that surely changes it: nobody has to read it first."""
        row = self._rows.get(lookup)
        if row is None or len(patches) > 1:
            return None
        patch = patches[0][1]
        return None if patch.increment or changes_nothing(row.traits, patch) else row


class PostgresqlBatch:
    """psycopg's errors go to the caller."""

    def __init__(
        self, connection: Connection, numbers: TraitNumbers, recent: RecentRows, admission: Admission, today: str
    ) -> None:
        self._connection = connection
        self._numbers = numbers
        self._recent = recent
        self._admission = admission
        self._today = today
        self._outcomes: list[Outcome | None] = []

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        self._outcomes = [None] * len(patches)
        waiting = self._by_lookup(patches)
        guessed = {
            lookup: row
            for lookup, some in waiting.items()
            if (row := self._recent.changed_by(lookup, some)) is not None
        }
        unread = [lookup for lookup in waiting if lookup not in guessed]
        stored = await self._rows(sql.SELECT, (",".join(unread),)) if unread else {}
        groups: list[_Group] = []
        for lookup in sorted(waiting):
            changed, row = waiting[lookup], guessed.get(lookup)
            if row is None:
                row = stored.get(lookup)
                changed = await self._answer_unchanged(changed, row)
            group = await self._prepared(lookup, changed, row)
            if group is not None:
                groups.append(group)
        if groups:
            await self._upsert(groups)
        return [outcome or TraitRefused("the patch got lost in its batch") for outcome in self._outcomes]

    def _by_lookup(self, patches: Sequence[TraitPatch]) -> dict[str, list[tuple[int, TraitPatch]]]:
        waiting: dict[str, list[tuple[int, TraitPatch]]] = {}
        for place, patch in enumerate(patches):
            try:
                lookup = identity_lookup(patch.environment_id, sql.checked_identifier(patch.identifier))
            except TraitRefused as error:
                self._outcomes[place] = error
            else:
                waiting.setdefault(lookup, []).append((place, patch))
        return waiting

    async def _answer_unchanged(
        self, patches: list[tuple[int, TraitPatch]], stored: _Stored | None
    ) -> list[tuple[int, TraitPatch]]:
        """Answer what needs no write, up to the first patch that does; the rest comes back."""
        is_current = stored is not None and stored.last_seen == self._today
        left: list[tuple[int, TraitPatch]] = []
        for place, patch in patches:
            if isinstance(patch, Probe):
                self._outcomes[place] = Missing() if stored is None else await self._row(stored, patch, stored.traits)
            elif stored is not None and is_current and not left and changes_nothing(stored.traits, patch):
                self._outcomes[place] = await self._row(stored, patch, stored.traits)
            else:
                left.append((place, patch))
        return left

    async def _prepared(
        self, lookup: str, patches: list[tuple[int, TraitPatch]], stored: _Stored | None
    ) -> _Group | None:
        """The group of all patches that the database can hold."""
        kept: list[tuple[int, TraitPatch]] = []
        bodies: list[object] = []
        for place, patch in patches:
            try:
                body = sql.writable(patch.set)
                if not kept:
                    self._check_first(patch, stored)
                keys = patch.set.keys() | patch.increment.keys() if patch.increment else patch.set.keys()
                if self._numbers.covering(patch.environment_id, keys) is None:
                    await self._number_keys(patch.environment_id, keys)
            except TraitError as error:
                self._outcomes[place] = error
                continue
            # Numbers are added to the locked row, so the upsert of such a patch only gets or creates it.
            bodies.append({} if patch.increment else body)
            kept.append((place, patch))
        if not kept:
            return None
        patch = kept[0][1]
        return _Group(lookup, kept, {"l": lookup, "e": patch.environment_id, "i": patch.identifier, "s": bodies[0]})

    def _check_first(self, patch: TraitPatch, stored: _Stored | None) -> None:
        """Raise TraitError unless the upsert may take it; the patches behind it are merged into the locked row."""
        # By the row as it was just read: what another process adds meanwhile may lead over the limit by that much.
        check_size({} if stored is None else stored.traits, patch)
        if stored is None:
            self._admission.admit(patch)

    async def _upsert(self, groups: list[_Group]) -> None:
        if all(group.is_done_by_upsert for group in groups):
            # One statement is a transaction by itself and saves two round trips.
            await self._answer(groups, await self._upserted(groups))
            return
        async with self._connection.transaction():
            rows = await self._upserted(groups)
            await self._answer(groups, rows)
            changed = [
                row for group in groups if (row := await self._followed_up(group, rows[group.lookup])) is not None
            ]
            if changed:
                await self._connection.execute(sql.UPDATE, (sql.encode(changed),))

    async def _upserted(self, groups: list[_Group]) -> dict[str, _Stored]:
        deletes: list[dict[str, object]] = [
            {"l": group.lookup, "k": key}
            for group in groups
            if not group.patches[0][1].increment
            for key in group.patches[0][1].delete
        ]
        values: dict[str, object] = {"today": self._today, "rows": sql.encode([group.given for group in groups])}
        if deletes:
            statement, values = sql.UPSERT_WITH_DELETES, values | {"deletes": sql.encode(deletes)}
        else:
            statement = sql.UPSERT
        return await self._rows(statement, values)

    async def _rows(self, statement: str, values: Sequence[object] | dict[str, object]) -> dict[str, _Stored]:
        rows: dict[str, _Stored] = {}
        for found in await (await self._connection.execute(statement, values)).fetchall():
            lookup, identity_id, traits, legacy_hash_id, last_seen, created = found
            row = _Stored(lookup, identity_id, decode_traits(traits), legacy_hash_id, last_seen, created)
            rows[lookup] = row
            self._recent.keep(row, len(traits))
        return rows

    async def _answer(self, groups: list[_Group], rows: dict[str, _Stored]) -> None:
        for group in groups:
            place, patch = group.patches[0]
            row = rows[group.lookup]
            if row.created:
                self._admission.created(patch.environment_id, row.id)
            self._outcomes[place] = await self._row(row, patch, row.traits, created=row.created)

    async def _followed_up(self, group: _Group, stored: _Stored) -> dict[str, object] | None:
        """Merge what the upsert did not into the row that it locked; what is left to write, if anything."""
        first = not group.patches[0][1].increment
        traits = stored.traits
        created = stored.created and not first
        for place, patch in group.patches[first:]:
            try:
                traits = merge(traits, patch)
            except TraitError as error:
                self._outcomes[place] = error
            else:
                self._outcomes[place] = await self._row(stored, patch, traits, created=created)
                created = False
        return None if traits is stored.traits else {"id": stored.id, "s": sql.writable(traits)}

    async def _row(
        self, stored: _Stored, patch: TraitPatch, traits: dict[str, TraitValue], *, created: bool = False
    ) -> Outcome:
        numbers = self._numbers.covering(patch.environment_id, traits.keys())
        if numbers is None:
            try:
                numbers = await self._number_keys(patch.environment_id, traits.keys())
            except TraitError as error:
                return error
        return IdentityRow(
            id=stored.id,
            identifier=patch.identifier,
            # jsonb orders keys by length; the order of their numbers is the order of first use.
            traits={key: traits[key] for key in sorted(traits, key=numbers.__getitem__)},
            numbers=numbers,
            created=created,
            legacy_hash_id=stored.legacy_hash_id,
        )

    async def _number_keys(self, environment_id: int, keys: AbstractSet[str]) -> dict[str, int]:
        numbers = self._numbers.known(environment_id)
        if numbers is None:
            numbers = self._numbers.learn(environment_id, await self._load_numbers(environment_id))
        if not keys <= numbers.keys():
            async with self._connection.transaction():
                await self._connection.execute(sql.NUMBERING_LOCK, (environment_id,))
                known = dict(await self._load_numbers(environment_id))
                for name in keys:
                    if name not in known:
                        known[name] = await self._insert_number(environment_id, name)
            numbers.update(known)
        return numbers

    async def _load_numbers(self, environment_id: int) -> list[tuple[str, int]]:
        return await (await self._connection.execute(sql.NUMBERS, (environment_id,))).fetchall()

    async def _insert_number(self, environment_id: int, name: str) -> int:
        found = await (await self._connection.execute(sql.NEXT_NUMBER, (environment_id,))).fetchone()
        number = checked_number(found[0] if found else 1)
        values = (environment_id, number, name, trait_key_lookup(environment_id, name))
        await self._connection.execute(sql.INSERT_KEY, values)
        return number
