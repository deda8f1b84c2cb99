"""Writing the difference of two sheets on the rows that exist, so that their ids stay."""

from collections.abc import Iterable, Mapping

from burgee.control.kit import clock
from burgee.control.targeting.models import FeatureSegment, FeatureState, FlagVersion, VariantWeight
from burgee.control.targeting.records import Pair, paired
from burgee.control.targeting.rows import NewState, insert_places, insert_states, insert_weights, versioned
from burgee.control.targeting.sheet import Place, Sheet, StateSheet, Weight


def write_versioned(version: FlagVersion, before: Sheet, after: Sheet) -> None:
    """Change the rows of a live version: gone overrides first, because their keys may be used again."""
    pairs = dict(paired(before.places, after.places))
    gone = [was.row_id for was, now in pairs.values() if was and now is None]
    stateless = [was.row_id for was, now in pairs.values() if was and was.state and not (now and now.state)]
    if stateless:
        FeatureState.objects.filter(feature_segment_id__in=stateless).delete()
    if gone:
        FeatureSegment.objects.filter(pk__in=gone).delete()
    fresh = insert_places(version, {key: now for key, (_, now) in pairs.items() if now and not now.row_id})
    for was, now in pairs.values():
        if was and now and now.priority != was.priority:
            FeatureSegment.objects.filter(pk=now.row_id).update(priority=now.priority)
    _insert_overrides(version, pairs, fresh)
    states = [(was.state, now.state) for was, now in pairs.values() if was and now]
    _update_states([(before.default, after.default), *states])


def write_identities(version: FlagVersion, before: Sheet, after: Sheet) -> None:
    """Change the identity overrides of the flag that `version` belongs to."""
    pairs = dict(paired(before.identities, after.identities))
    gone = [was.row_id for was, now in pairs.values() if was and now is None]
    FeatureState.objects.filter(pk__in=gone).delete()
    insert_states(
        [
            NewState(
                environment_id=version.environment_id,
                feature_id=version.feature_id,
                identity_id=identity_id,
                sheet=now,
            )
            for identity_id, (_, now) in pairs.items()
            if now and not now.row_id
        ]
    )
    _update_states(pairs.values())


def _insert_overrides(
    version: FlagVersion, pairs: Mapping[int, Pair[Place]], fresh: Mapping[int, FeatureSegment]
) -> None:
    insert_states(
        [
            versioned(version, now.state, fresh.get(segment_id) or FeatureSegment(pk=now.row_id, segment_id=segment_id))
            for segment_id, (_, now) in pairs.items()
            if now and now.state and not now.state.row_id
        ]
    )


def _update_states(pairs: Iterable[Pair[StateSheet]]) -> None:
    moment = clock.now()
    for was, now in pairs:
        if not was or not now or was == now or not now.row_id:
            continue
        FeatureState.objects.filter(pk=now.row_id).update(enabled=now.enabled, value=now.value, updated_at=moment)
        _write_weights(now.row_id, was.weights, now.weights)


def _write_weights(state_id: int, before: Mapping[int, Weight], after: Mapping[int, Weight]) -> None:
    for option_id, (was, now) in paired(before, after):
        row = VariantWeight.objects.filter(state_id=state_id, option_id=option_id)
        if was and now:
            row.update(percentage_allocation=now.percentage)
        elif was:
            row.delete()
    insert_weights([(FeatureState(pk=state_id), {key: now for key, now in after.items() if key not in before})])
