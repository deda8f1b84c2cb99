"""An identity with its traits, and what it gets: shared by every route that answers about one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
    Tell,
    TraitError,
    TraitNotInteger,
    TraitPatch,
    TraitRefused,
)
from burgee.edge.later import Finish, Later
from burgee.edge.response import EdgeResponse
from burgee.edge.routes import failed
from burgee.edge.view import View
from burgee.wire import fields, sdk
from burgee.wire.fields import Refused
from burgee.wire.sdk import TraitJson, TraitScalar

log = logging.getLogger(__name__)

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
    row, traits, transient = known.row, known.traits, known.transient
    if view.settings.hide_sensitive_data or not traits:
        return b"[]"
    if row is None:
        return sdk.encode([TraitJson(None, key, value, key in transient) for key, value in traits.items()])
    if traits is not row.traits or not row.id:
        return sdk.encode(_some_stored(row, traits, transient))
    base, numbers = row.id << TRAIT_NUMBER_BITS, row.numbers
    try:
        return sdk.encode([TraitJson(base + numbers[key], key, value, False) for key, value in traits.items()])
    except KeyError:  # what waits in the journal has no number yet
        return sdk.encode(_some_stored(row, traits, transient))


def _some_stored(row: IdentityRow, traits: Mapping[str, TraitScalar], transient: AbstractSet[str]) -> list[TraitJson]:
    base, numbers = row.id << TRAIT_NUMBER_BITS, row.numbers
    listed = []
    for key, value in traits.items():
        passing = key in transient
        number = None if passing or not row.id else numbers.get(key)
        listed.append(TraitJson(None if number is None else base + number, key, value, passing))
    return listed


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

    def identified(self, patch: TraitPatch, answer: Callable[[Known], EdgeResponse]) -> Later:
        """The answer about an identity after a durable write of a patch that holds what requests may hold.

        An identity that may not be made is evaluated with the traits of the patch.
        """
        return _Identified(self, patch, answer)

    def submit(self, patch: TraitPatch, tell: Tell[Applied]) -> None:
        self._traits.submit(patch, tell)

    def known(self, patch: TraitPatch, outcome: Applied | TraitError) -> Known:
        """Who the patch was about. Raises EdgeError."""
        if isinstance(outcome, Applied):
            return Known(patch.identifier, outcome.row, DEGRADED if outcome.degraded else b"")
        if not isinstance(outcome, IdentityRefused):
            raise self.refusal(outcome)
        known = Known(patch.identifier, remark=PASSING)
        known.overlay(patch.set, transient=True)
        return known

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


class _Identified(Later):
    """The answer about an identity whose patch is to be written first."""

    __slots__ = ("_answer", "_finish", "_identities", "_patch")

    def __init__(self, identities: Identities, patch: TraitPatch, answer: Callable[[Known], EdgeResponse]) -> None:
        self._identities = identities
        self._patch = patch
        self._answer = answer
        self._finish: Finish

    def then(self, finish: Finish) -> None:
        self._finish = finish
        self._identities.submit(self._patch, self._told)

    def _told(self, outcome: Applied | TraitError) -> None:
        try:
            response = self._answer(self._identities.known(self._patch, outcome))
        except EdgeError as error:
            response = error.response
        except Exception:
            log.exception("edge.handler_failed")
            response = failed()
        self._finish(response)
