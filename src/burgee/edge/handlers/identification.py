"""An identity with its traits, and what it gets: shared by every route that answers about one."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Final

from burgee import engine
from burgee.edge.counting import Counted
from burgee.edge.errors import EdgeError, invalid, refused, unavailable
from burgee.edge.identities.protocol import (
    Applied,
    DurableTraitsStore,
    IdentityRefused,
    IdentityRow,
    StoreUnavailable,
    TraitError,
    TraitNotInteger,
    TraitPatch,
    TraitRefused,
)
from burgee.edge.view import View
from burgee.wire import fields, sdk
from burgee.wire.fields import Refused
from burgee.wire.sdk import TraitJson, TraitScalar

DEGRADED: Final = b"burgee-degraded: traits\r\n"
"""Tells that the answer was given without the store: traits may be missing, and writes wait in the journal."""

PASSING: Final = b"burgee-transient: new-identity\r\n"
"""Tells that the identity would have been a new one and is not stored, as too many come."""

TRAIT_NUMBER_BITS: Final = 20

_NOBODY_ID: Final = "None"
"""What environments without composite keys hash for an identity that is not stored."""
_NOBODY: Final[frozenset[str]] = frozenset()


class Known:
    """Who asks: identifier, the row if there is one, and the traits that hold for this evaluation."""

    __slots__ = ("identifier", "remark", "row", "traits", "transient")

    def __init__(self, identifier: str, row: IdentityRow | None = None, remark: bytes = b"") -> None:
        """`remark` is a header line that the answer must carry."""
        self.identifier = identifier
        self.row = row
        self.remark = remark
        self.traits: dict[str, TraitScalar] = {} if row is None else row.traits
        self.transient = _NOBODY

    def overlay(self, traits: Mapping[str, TraitScalar | None], *, transient: bool) -> None:
        """Lay traits over the stored ones for this evaluation; null takes one away."""
        if not traits:
            return
        merged = {**self.traits, **traits}
        self.traits = {key: value for key, value in merged.items() if value is not None}
        if transient:
            self.transient = self.transient.union(traits)


def identity_of(known: Known, view: View) -> engine.Identity:
    return engine.Identity(known.identifier, "" if view.composite else _legacy_key(known.row), known.traits)


def _legacy_key(row: IdentityRow | None) -> str:
    if row is None or row.id == 0:
        return _NOBODY_ID
    return str(row.legacy_hash_id or row.id)


def flags_of(known: Known, view: View, recent: engine.RecentDraws[bytes]) -> tuple[list[bytes], Sequence[Counted]]:
    """The flags that the identity gets, hidden ones left out, and what counts of them."""
    flags, plan = view.rules.evaluate_by_plan(identity_of(known, view), view.overrides_of(known.identifier), recent)
    counted: Sequence[Counted]
    counted = counted_of(flags, known, view) if plan is None else (plan, *plan.drawn(flags))
    return (list(filter(None, flags)) if view.hides_disabled else flags), counted


def counted_of(flags: list[bytes], known: Known, view: View) -> list[bytes]:
    if view.settings.hide_sensitive_data and known.identifier in view.overridden:
        # They do not say for whom they were set, and what was set for one identity is not counted by its value.
        choices = (view.overrides_of(known.identifier) or {}).values()
        own = {flag for choice in choices for flag in (choice.control, *choice.shares)}
        return [flag for flag in flags if flag not in own]
    return flags


def flag_of(known: Known, view: View, name: str) -> bytes | None:
    """One flag; None when it does not exist or is hidden."""
    if name not in view.rules.flags:
        return None
    return view.rules.evaluate_one(name, identity_of(known, view), view.overrides_of(known.identifier)) or None


def traits_json(known: Known, view: View) -> bytes:
    """The traits as clients see them: stored ones with their wire id, transient ones without."""
    if view.settings.hide_sensitive_data or not known.traits:
        return b"[]"
    row, transient = known.row, known.transient
    if row is None:
        return sdk.encode([TraitJson(None, key, value, key in transient) for key, value in known.traits.items()])
    numbers = {} if row.id == 0 else row.numbers
    base = row.id << TRAIT_NUMBER_BITS
    listed = []
    for key, value in known.traits.items():
        passing = key in transient
        number = None if passing else numbers.get(key)
        listed.append(TraitJson(None if number is None else base + number, key, value, passing))
    return sdk.encode(listed)


def checked_identifier(text: str) -> str:
    """An identifier from a path or a query. Raises EdgeError."""
    try:
        fields.text(fields.IDENTIFIER_LIMIT)(text)
    except Refused as refusal:
        raise invalid({"identifier": refusal.errors}) from None
    return text


class Identities:
    """The traits store as handlers use it: errors are answers."""

    def __init__(self, traits: DurableTraitsStore, retry_after: int, *, need_task: bool = False) -> None:
        self._traits = traits
        self._retry_after = retry_after
        self._need_task = need_task

    def find(self, view: View, identifier: str) -> "Known | Awaitable[Known]":
        """What the store knows; without the store only what the request says."""
        if self._need_task:
            return self.stored(view, identifier)
        try:
            found = self._traits.find(view.environment_id, identifier)
        except StoreUnavailable:
            return Known(identifier, remark=DEGRADED)
        if found is None or isinstance(found, IdentityRow):
            return Known(identifier, found)
        return self._awaited(identifier, found)

    async def stored(self, view: View, identifier: str) -> Known:
        """As `find`."""
        if self._need_task:
            await asyncio.sleep(0)
        return await self._awaited(identifier, self._traits.read(view.environment_id, identifier))

    @staticmethod
    async def _awaited(identifier: str, found: Awaitable[IdentityRow | None]) -> Known:
        try:
            return Known(identifier, await found)
        except StoreUnavailable:
            return Known(identifier, remark=DEGRADED)

    async def identified(self, patch: TraitPatch) -> Known:
        """As `patched`; an identity that may not be made is evaluated with the traits of the patch."""
        if self._need_task:
            await asyncio.sleep(0)
        try:
            applied = await self._traits.apply(patch)
        except IdentityRefused:
            known = Known(patch.identifier, remark=PASSING)
            known.overlay(patch.set, transient=True)
            return known
        except TraitError as error:
            raise self.refusal(error) from None
        return Known(patch.identifier, applied.row, DEGRADED if applied.degraded else b"")

    async def patched(self, patch: TraitPatch) -> Known:
        """The identity after a durable write. Raises EdgeError."""
        (applied,) = await self.patched_all([patch])
        return Known(patch.identifier, applied.row, DEGRADED if applied.degraded else b"")

    async def patched_all(self, patches: list[TraitPatch]) -> list[Applied]:
        """As `patched` for several identities; the first refusal speaks for all."""
        if self._need_task:
            await asyncio.sleep(0)
        outcomes = await self._traits.apply_many(patches)
        applied: list[Applied] = []
        for outcome in outcomes:
            if isinstance(outcome, TraitError):
                raise self.refusal(outcome)
            applied.append(outcome)
        return applied

    def refusal(self, error: TraitError) -> EdgeError:
        if isinstance(error, TraitNotInteger):
            return invalid(["Trait is not an integer."])
        if isinstance(error, IdentityRefused):
            return refused(429, "Too many new identities.", headers=b"retry-after: 60\r\n")
        if isinstance(error, TraitRefused):
            return invalid({"traits": [error.reason]})
        retry_after = error.retry_after if isinstance(error, StoreUnavailable) else self._retry_after
        return unavailable("Traits cannot be stored at the moment.", retry_after)
