"""Trait patches over Django's connection, for the engines that the data plane has no statements for.

`apply_patches` is synchronous and knows nothing of the data plane: it takes and returns plain dictionaries. The
composition root wraps it in what the data plane expects. Rows are locked in the order of their lookup hashes, so that
two processes with the same identities never wait for each other in a circle.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import IntegrityError, OperationalError, close_old_connections, transaction
from msgspec import Struct

from burgee.control.identities import rules
from burgee.control.identities.errors import TooManyTraitKeys
from burgee.control.identities.models import Identity, identity_lookup
from burgee.control.identities.rules import NotInteger, Patch, Refused
from burgee.control.identities.trait_numbers import numbers_of
from burgee.control.kit import clock

ATTEMPTS: Final = 5

MayCreate = Callable[[int], str | None]
"""Why the identity of the patch at this place may not be made, or None; asked only when there is none yet."""


class _Wanted(Struct, frozen=True):
    place: int
    environment_id: int
    identifier: str
    lookup: str
    patch: Patch


class _MayNotBeMade(Exception):  # an outcome of asking
    pass


def anybody(place: int) -> None:
    """Every identity may be made."""


def apply_patches(patches: Sequence[dict[str, Any]], *, may_create: MayCreate = anybody) -> list[dict[str, Any]]:
    """Get or create each identity and merge its patch, durably; one outcome for each, in order.

    A patch is ``{environment_id, identifier, set?, delete?, increment?}``. An outcome is a row ``{id, identifier,
    traits, numbers, created, legacy_hash_id}`` or ``{"error": "not_integer", "key": …}`` or ``{"error": "refused" or
    "new", "reason": …}``. Raises DatabaseError when the store cannot be reached: then nothing was acknowledged.
    """
    close_old_connections()
    outcomes: dict[int, dict[str, Any]] = {}
    wanted = []
    for place, given in enumerate(patches):
        try:
            wanted.append(_wanted(place, given))
        except (Refused, TooManyTraitKeys) as error:
            outcomes[place] = {"error": "refused", "reason": str(error)}
    written = _persistently(wanted, may_create)
    for item in wanted:
        # Traits that an import wrote may have no numbers yet; giving them one locks no identity here.
        outcomes[item.place] = _numbered(written[item.place], item.environment_id)
    return [outcomes[place] for place in range(len(patches))]


def read_identity(environment_id: int, identifier: str) -> dict[str, Any] | None:
    """The stored identity as `apply_patches` returns it, or None."""
    close_old_connections()
    identity = Identity.objects.identified(environment_id, identifier)
    return None if identity is None else _numbered(_told(identity, identity.traits, created=False), environment_id)


def _wanted(place: int, given: dict[str, Any]) -> _Wanted:
    patch = Patch(
        set=given.get("set") or {}, delete=tuple(given.get("delete") or ()), increment=given.get("increment") or {}
    )
    environment_id, identifier = given["environment_id"], given["identifier"]
    rules.check(identifier, patch)
    numbers_of(environment_id, [*patch.set, *patch.increment])
    return _Wanted(place, environment_id, identifier, identity_lookup(environment_id, identifier), patch)


def _persistently(wanted: Sequence[_Wanted], may_create: MayCreate) -> dict[int, dict[str, Any]]:
    """Write all at once; another process may make one of the identities meanwhile, or wait for us as we for it."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _write(wanted, may_create)
        except IntegrityError:
            continue
        except OperationalError as error:
            if "deadlock" not in str(error).lower():
                raise
    return _write(wanted, may_create)


@transaction.atomic
def _write(wanted: Sequence[_Wanted], may_create: MayCreate) -> dict[int, dict[str, Any]]:
    lookups = sorted({item.lookup for item in wanted})
    locked = Identity.objects.select_for_update().filter(lookup__in=lookups).order_by("lookup")
    rows = {row.lookup: row for row in locked}
    known = set(rows)
    outcomes: dict[int, dict[str, Any]] = {}
    after: dict[int, dict[str, Any]] = {}
    for item in sorted(wanted, key=lambda item: (item.lookup, item.place)):
        try:
            row = rows.get(item.lookup) or _new(item, may_create)
            traits = rules.merged(row.traits, item.patch)
        except (NotInteger, Refused, _MayNotBeMade) as error:
            outcomes[item.place] = _refusal(error)
        else:
            rows[item.lookup] = row
            row.traits = after[item.place] = traits
    for lookup in sorted({item.lookup for item in wanted if item.place in after}):
        rows[lookup].last_seen = clock.today()
        rows[lookup].save()
    for item in wanted:
        if item.place in after:
            is_new = item.lookup not in known
            outcomes[item.place] = _told(rows[item.lookup], after[item.place], created=is_new)
    return outcomes


def _numbered(outcome: dict[str, Any], environment_id: int) -> dict[str, Any]:
    if "traits" not in outcome:
        return outcome
    return outcome | {"numbers": numbers_of(environment_id, outcome["traits"])}


def _refusal(error: NotInteger | Refused | _MayNotBeMade) -> dict[str, Any]:
    if isinstance(error, NotInteger):
        return {"error": "not_integer", "key": error.key}
    return {"error": "refused" if isinstance(error, Refused) else "new", "reason": str(error)}


def _new(item: _Wanted, may_create: MayCreate) -> Identity:
    reason = may_create(item.place)
    if reason is not None:
        raise _MayNotBeMade(reason)
    return Identity(
        environment_id=item.environment_id,
        identifier=item.identifier,
        lookup=item.lookup,
        traits={},
        created_date=clock.now(),
    )


def _told(row: Identity, traits: dict[str, Any], *, created: bool) -> dict[str, Any]:
    return {
        "id": row.pk,
        "identifier": row.identifier,
        "traits": traits,
        "created": created,
        "legacy_hash_id": row.legacy_hash_id,
    }
