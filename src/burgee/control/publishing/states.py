"""Feature states as the wire has them, with their variants, many at a time."""

from collections.abc import Iterable, Sequence
from typing import Final

from burgee.control.kit.prepared import Prepared
from burgee.control.targeting.models import FeatureState, VariantWeight
from burgee.wire.snapshot import State, Variant

BATCH: Final = 1024

_WEIGHTS = Prepared(
    lambda state_ids: (
        VariantWeight.objects.filter(state_id__in=state_ids).select_related("option").order_by("position", "id")
    )
)


def wire_states(rows: Sequence[FeatureState]) -> Iterable[tuple[FeatureState, State]]:
    """Each row with its state on the wire."""
    variants: dict[int, list[Variant]] = {}
    for start in range(0, len(rows), BATCH):
        for weight in _WEIGHTS.all(state_ids=[row.pk for row in rows[start : start + BATCH]]):
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
