"""Identities and trait keys as lists ask for them."""

import json
from typing import Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from burgee.control.environments.models import Environment
from burgee.control.identities.models import Identity, TraitKey, identity_lookup
from burgee.control.targeting.models import FeatureState

LOOKED_THROUGH: Final = 1000
"""How many candidates are read to see whether a retired trait key is in use again."""


def identities_in(environment: Environment, *, search: str = "") -> QuerySet[Identity]:
    """The identities of an environment, oldest first, to be listed: without their traits.

    A search in double quotes finds the one with that identifier.
    """
    found = Identity.objects.in_environment(environment.pk).only("environment_id", "identifier").order_by("pk")
    if len(search) > 1 and search[0] == search[-1] == '"':
        return found.filter(lookup=identity_lookup(environment.pk, search[1:-1]))
    return found.filter(identifier__icontains=search) if search else found


def having_trait(environment_id: int, key: str) -> QuerySet[Identity]:
    """The identities that may have a trait: all that have it, and perhaps some that do not."""
    found = Identity.objects.in_environment(environment_id)
    spelled = json.dumps(key, ensure_ascii=False)
    # Every writer of JSON spells a key without escapes alike, so that the database can look for it.
    return found if "\\" in spelled else found.filter(traits__contains=spelled)


def trait_keys_of(environment: Environment) -> list[str]:
    """The names of all traits of an environment's identities."""
    keys = list(TraitKey.objects.filter(environment_id=environment.pk).order_by("name"))
    return [key.name for key in keys if not key.retired or _is_back(key)]


def _is_back(key: TraitKey) -> bool:
    candidates = having_trait(key.environment_id, key.name).order_by("pk")
    return any(key.name in row.traits for row in candidates[:LOOKED_THROUGH])


def with_trait(found: QuerySet[Identity], key: str, value: str | None = None) -> QuerySet[Identity]:
    """Those of `found` that have a trait or, with `value`, have it with this value, as text or as what it reads like.

    Some engines take capital and small letters for the same.
    """
    spelled = json.dumps(key, ensure_ascii=False)
    if value is None:
        return found.filter(Q(traits__contains=f"{spelled}:") | Q(traits__contains=f"{spelled} :"))
    wanted = [json.dumps(value, ensure_ascii=False)]
    if _is_plain(value):
        wanted.append(value)
    condition = Q()
    for text in wanted:
        for space in ("", " "):  # writers of JSON differ
            for end in (",", "}"):
                condition |= Q(traits__contains=f"{spelled}:{space}{text}{end}")
    return found.filter(condition)


def with_override_counts(found: QuerySet[Identity], environment: Environment) -> QuerySet[Identity]:
    """Each with its ``override_count``: how many living features have a state of its own."""
    states = FeatureState.objects.filter(
        environment=environment, identity_id=OuterRef("pk"), feature__deleted_at=None
    ).order_by()
    count = states.values("identity_id").annotate(count=Count("pk")).values("count")
    return found.annotate(override_count=Coalesce(Subquery(count), 0))


def _is_plain(text: str) -> bool:
    """Whether a number, true, false or null is spelled so in JSON."""
    try:
        return not isinstance(json.loads(text), str | list | dict)
    except (ValueError, RecursionError):
        return False
