"""Numbers of trait keys: the low bits of the ids that traits have on the wire."""

from collections.abc import Iterable
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from burgee.control.identities.errors import TooManyTraitKeys
from burgee.control.identities.models import TRAIT_NUMBERS, TraitKey, trait_key_lookup

ATTEMPTS: Final = 10
BATCH: Final = 500


def numbers_of(environment_id: int, names: Iterable[str]) -> dict[str, int]:
    """The numbers of these keys; one that has none yet gets the next."""
    wanted = {trait_key_lookup(environment_id, name): name for name in names}
    found: dict[str, int] = {}
    lookups = sorted(wanted)
    for start in range(0, len(lookups), BATCH):
        found.update(_numbered(lookups[start : start + BATCH]))
    for lookup in lookups:
        if wanted[lookup] not in found:
            found[wanted[lookup]] = _numbered_anew(environment_id, wanted[lookup], lookup)
    return found


def number_of(environment_id: int, name: str) -> int:
    return numbers_of(environment_id, [name])[name]


def split_trait_id(trait_id: int) -> tuple[int, int]:
    """Identity id and key number of a trait's id on the wire."""
    return divmod(trait_id, TRAIT_NUMBERS)


def _numbered(lookups: list[str]) -> dict[str, int]:
    return dict(TraitKey.objects.filter(lookup__in=lookups).values_list("name", "number"))


def _numbered_anew(environment_id: int, name: str, lookup: str) -> int:
    for attempt in range(1, ATTEMPTS + 1):
        last = TraitKey.objects.filter(environment_id=environment_id).aggregate(last=Max("number"))["last"] or 0
        if last + 1 >= TRAIT_NUMBERS:
            raise TooManyTraitKeys
        try:
            with transaction.atomic():
                TraitKey.objects.create(environment_id=environment_id, number=last + 1, name=name, lookup=lookup)
        except IntegrityError:
            # Somebody else took the number, or numbered this very key.
            known = _numbered([lookup])
            if known:
                return known[name]
            if attempt == ATTEMPTS:
                raise
        else:
            return last + 1
    raise TooManyTraitKeys
