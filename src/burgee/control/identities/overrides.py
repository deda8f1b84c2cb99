"""Overrides of one identity made like those of another."""

from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.identities.models import Identity
from burgee.control.kit.actor import Actor
from burgee.control.targeting.edits import Edit, ForIdentity, Remove, Set
from burgee.control.targeting.models import FeatureState, VariantWeight
from burgee.control.targeting.services import apply


@transaction.atomic
def copy_overrides(environment: Environment, source: Identity, target: Identity, *, actor: Actor) -> None:
    """Give `target` exactly the overrides of `source`; each flag that changes tells its own event."""
    wanted = _overrides(environment, source)
    held = _overrides(environment, target)
    features = Feature.objects.filter(pk__in=wanted.keys() | held.keys(), deleted_at=None).select_related("project")
    whom = ForIdentity(target.pk)
    for feature in features.order_by("pk"):
        edits: list[Edit] = []
        if feature.pk in held and (feature.pk not in wanted or _shares(held[feature.pk])):
            edits.append(Remove(target=whom))
        if feature.pk in wanted:
            state = wanted[feature.pk]
            edits.append(Set(target=whom, enabled=state.enabled, value=state.value, weights=_shares(state)))
        apply(environment, feature, edits, actor=actor)


def _overrides(environment: Environment, identity: Identity) -> dict[int, FeatureState]:
    states = FeatureState.objects.filter(environment=environment, identity_id=identity.pk)
    return {state.feature_id: state for state in states.prefetch_related("weights")}


def _shares(state: FeatureState) -> dict[int, float]:
    rows: list[VariantWeight] = list(state.weights.all())
    return {row.option_id: row.percentage_allocation for row in rows}
