"""Feature states as the wire has them, with their variants, many at a time."""

from collections.abc import Iterable

from django.db.models import QuerySet

from burgee.control.targeting.models import FeatureState, VariantWeight
from burgee.wire.snapshot import State, Variant


def wire_states(rows: QuerySet[FeatureState]) -> Iterable[tuple[FeatureState, State]]:
    """Each row with its state on the wire, in two queries."""
    variants: dict[int, list[Variant]] = {}
    weights = VariantWeight.objects.filter(state__in=rows.order_by()).select_related("option")
    for weight in weights.order_by("position", "id"):
        variants.setdefault(weight.state_id, []).append(_variant(weight))
    return [(row, _state(row, variants.get(row.pk, []))) for row in rows]


def _variant(weight: VariantWeight) -> Variant:
    return Variant(
        id=weight.pk,
        uuid=str(weight.uuid),
        position=weight.position,
        option_id=weight.option_id,
        option_key=weight.option.key,
        value=weight.option.value,
        weight=weight.percentage_allocation,
    )


def _state(row: FeatureState, variants: Iterable[Variant]) -> State:
    return State(
        id=row.pk,
        uuid=str(row.uuid),
        enabled=row.enabled,
        value=row.value,
        seed=row.bucketing_seed,
        variants=tuple(variants),
    )
