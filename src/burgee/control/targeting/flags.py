"""Opening flags: a feature that meets an environment gets a row, a live version and a default state."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.events.publish import Change
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.features.rules import typed_value
from burgee.control.kit import clock
from burgee.control.targeting.models import Flag, FlagVersion, VersionStatus, version_key
from burgee.control.targeting.records import Names, state_change
from burgee.control.targeting.rows import BATCH, created, insert_states, versioned
from burgee.control.targeting.sheet import StateSheet, Weight


class NewFlag(Struct, frozen=True, kw_only=True):
    environment: Environment
    feature: Feature
    default: StateSheet


def opening_state(feature: Feature, options: Sequence[MultivariateOption]) -> StateSheet:
    """The default state that a feature has in a new environment; its project must be loaded."""
    bare = feature.project.prevent_flag_defaults
    return StateSheet(
        enabled=False if bare else feature.default_enabled,
        value=None if bare else typed_value(feature.initial_value),
        weights={option.pk: Weight(percentage=option.default_percentage_allocation) for option in options},
    )


def open_flags(news: Sequence[NewFlag]) -> list[Change]:
    """Make the rows of new flags, many at a time, and tell of their default states."""
    versions = insert_flags([(new.environment, new.feature) for new in news])
    states = insert_states([versioned(version, new.default) for version, new in zip(versions, news, strict=True)])
    return [
        state_change((None, _with_row(new.default, state.pk)), _names(new))
        for new, state in zip(news, states, strict=True)
    ]


def insert_flags(pairs: Sequence[tuple[Environment, Feature]]) -> list[FlagVersion]:
    """Make flags, each with an empty live version."""
    Flag.objects.bulk_create(
        [Flag(environment=environment, feature=feature) for environment, feature in pairs], batch_size=BATCH
    )
    now = clock.now()
    return created(
        FlagVersion,
        [
            FlagVersion(
                environment=environment,
                feature=feature,
                number=1,
                status=VersionStatus.LIVE,
                live_key=version_key(environment.pk, feature.pk),
                live_from=now,
                published_at=now,
            )
            for environment, feature in pairs
        ],
    )


def options_of(feature_ids: Sequence[int]) -> Mapping[int, list[MultivariateOption]]:
    """Options by feature id, oldest first."""
    found: dict[int, list[MultivariateOption]] = {}
    for option in MultivariateOption.objects.filter(feature_id__in=feature_ids).order_by("id"):
        found.setdefault(option.feature_id, []).append(option)
    return found


def _with_row(state: StateSheet, row_id: int) -> StateSheet:
    return StateSheet(enabled=state.enabled, value=state.value, weights=state.weights, row_id=row_id)


def _names(new: NewFlag) -> Names:
    return Names(
        feature_id=new.feature.pk,
        feature=new.feature.name,
        environment_id=new.environment.pk,
        environment=new.environment.name,
        segments={},
    )
