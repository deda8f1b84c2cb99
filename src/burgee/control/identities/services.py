"""Identities and traits as people edit them; every trait write is a patch merged on the locked row."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.identities import rules
from burgee.control.identities.errors import IdentityTaken, TooManyTraits, TraitKeyTaken, TraitKeyUnknown, TraitNotFound
from burgee.control.identities.models import Identity, TraitKey, identity_lookup, trait_key_lookup
from burgee.control.identities.queries import having_trait
from burgee.control.identities.rules import Patch, TraitValue
from burgee.control.identities.trait_numbers import number_of
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.targeting.models import FeatureState

BATCH: Final = 500
"""Identities changed in one transaction, so that none lasts long."""


@transaction.atomic
def create_identity(environment: Environment, identifier: str, *, actor: Actor) -> Identity:
    """Make an identity without traits."""
    with on_violation(IdentityTaken(identifier=identifier)):
        identity = Identity.objects.create(
            environment_id=environment.pk,
            identifier=identifier,
            lookup=identity_lookup(environment.pk, identifier),
            created_date=clock.now(),
        )
    _publish(EventType.IDENTITY_CREATED, environment, [_identity_change(identity, "created")], actor)
    return identity


@transaction.atomic
def delete_identity(environment: Environment, identity: Identity, *, actor: Actor) -> None:
    """Forget an identity with its traits and overrides."""
    if not Identity.objects.select_for_update().filter(pk=identity.pk).exists():
        return
    overrides = FeatureState.objects.filter(environment=environment, identity_id=identity.pk)
    changes = [_override_gone(environment, state) for state in overrides.select_related("feature").order_by("pk")]
    overrides.delete()
    changes.append(_identity_change(identity, "deleted"))
    Identity.objects.filter(pk=identity.pk).delete()
    _publish(EventType.IDENTITY_DELETED, environment, changes, actor)


@transaction.atomic
def add_trait(environment: Environment, identity: Identity, key: str, value: TraitValue, *, actor: Actor) -> int:
    """Give an identity a trait that it does not have; returns the number of the key."""
    row = _locked(identity)
    if key in row.traits:
        raise TraitKeyTaken
    return _write(environment, row, Patch(set={key: value}), actor)


@transaction.atomic
def change_trait(environment: Environment, identity: Identity, key: str, value: TraitValue, *, actor: Actor) -> int:
    """Give a trait that an identity has another value; returns the number of the key."""
    row = _locked(identity)
    if key not in row.traits:
        raise TraitNotFound
    return _write(environment, row, Patch(set={key: value}), actor)


@transaction.atomic
def rename_trait(
    environment: Environment, identity: Identity, names: tuple[str, str], value: TraitValue, *, actor: Actor
) -> int:
    """Move a trait from the first to the second of `names`; returns the number of the new key."""
    row = _locked(identity)
    old, new = names
    if old not in row.traits:
        raise TraitNotFound
    if new in row.traits:
        raise TraitKeyTaken
    return _write(environment, row, Patch(delete=(old,), set={new: value}), actor)


@transaction.atomic
def delete_trait(environment: Environment, identity: Identity, key: str, *, actor: Actor) -> None:
    """Take a trait from one identity."""
    row = _locked(identity)
    if key not in row.traits:
        raise TraitNotFound
    row.traits = rules.merged(row.traits, Patch(delete=(key,)))
    row.save(update_fields=["traits"])
    _publish(EventType.IDENTITY_TRAITS_CHANGED, environment, [_traits_change(row, {key})], actor)


def delete_trait_key(environment: Environment, key: str, *, actor: Actor) -> int:
    """Take a trait from every identity of the environment, many at a time; returns from how many.

    It may be interrupted between two steps and asked for again.
    """
    known = TraitKey.objects.filter(lookup=trait_key_lookup(environment.pk, key)).first()
    if known is None:
        raise TraitKeyUnknown(key=key)
    taken = last = 0
    while True:
        last, count = _take_from_batch(environment, key, after=last)
        taken += count
        if not last:
            break
    with transaction.atomic():
        TraitKey.objects.filter(pk=known.pk).update(retired=True)
        change = Change(
            object=ObjectType.IDENTITY,
            action="updated",
            id=0,
            environment_id=environment.pk,
            before={"trait_key": key, "identities": taken},
            after={"identities": 0},
        )
        _publish(EventType.TRAIT_KEY_DELETED, environment, [change], actor)
    return taken


@transaction.atomic
def _take_from_batch(environment: Environment, key: str, *, after: int) -> tuple[int, int]:
    found = having_trait(environment.pk, key).filter(pk__gt=after).order_by("pk").select_for_update()
    rows = list(found[:BATCH])
    having = [row for row in rows if key in row.traits]
    for row in having:
        row.traits = rules.merged(row.traits, Patch(delete=(key,)))
    Identity.objects.bulk_update(having, ["traits"])
    return (rows[-1].pk if len(rows) == BATCH else 0), len(having)


def _locked(identity: Identity) -> Identity:
    row = Identity.objects.select_for_update().filter(pk=identity.pk).first()
    if row is None:
        raise TraitNotFound
    return row


def _write(environment: Environment, row: Identity, patch: Patch, actor: Actor) -> int:
    try:
        after = rules.merged(row.traits, patch)
    except rules.Refused as error:
        raise TooManyTraits(limit=rules.TRAITS_PER_IDENTITY) from error
    (key,) = patch.set
    number = number_of(environment.pk, key)
    if rules.differ(row.traits, after):
        row.traits = after
        row.save(update_fields=["traits"])
        TraitKey.objects.filter(environment_id=environment.pk, number=number, retired=True).update(retired=False)
        change = _traits_change(row, {key, *patch.delete})
        _publish(EventType.IDENTITY_TRAITS_CHANGED, environment, [change], actor)
    return number


def _identity_change(identity: Identity, action: str) -> Change:
    return Change(
        object=ObjectType.IDENTITY,
        action=action,
        id=identity.pk,
        identity_id=identity.pk,
        environment_id=identity.environment_id,
    )


def _traits_change(identity: Identity, keys: set[str]) -> Change:
    """Which traits changed: their keys, never their values."""
    return Change(
        object=ObjectType.IDENTITY,
        action="updated",
        id=identity.pk,
        identity_id=identity.pk,
        environment_id=identity.environment_id,
        after={"trait_keys": sorted(keys)},
    )


def _override_gone(environment: Environment, state: FeatureState) -> Change:
    told: Mapping[str, Any] = {
        "feature": {"id": state.feature_id, "name": state.feature.name},
        "environment": {"id": environment.pk, "name": environment.name},
        "identity": {"id": state.identity_id},
        "enabled": state.enabled,
        "value": state.value,
    }
    return Change(
        object=ObjectType.FEATURE_STATE,
        action="deleted",
        id=state.pk,
        uuid=str(state.uuid),
        feature_id=state.feature_id,
        environment_id=environment.pk,
        identity_id=state.identity_id,
        before=dict(told),
    )


def _publish(event: EventType, environment: Environment, changes: list[Change], actor: Actor) -> None:
    scope = Scope(
        organisation_id=environment.project.organisation_id,
        project_id=environment.project_id,
        environment_id=environment.pk,
    )
    publish(event, scope=scope, changes=changes, actor=actor)
