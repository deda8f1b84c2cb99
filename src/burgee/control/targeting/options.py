"""Multivariate options: adding or removing one changes the default state of the feature in every environment."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.features.models import Feature, FeatureType, MultivariateOption
from burgee.control.features.rows import NewOption, OptionChanges, insert_option, update_option
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.targeting import rules
from burgee.control.targeting.errors import FlagNotFound, InvalidOptionAllocation
from burgee.control.targeting.models import FeatureState, Flag, VariantWeight, VersionStatus
from burgee.control.targeting.rows import insert_weights, weights_by_state
from burgee.control.targeting.sheet import Weight
from burgee.control.targeting.versions import user_id


@transaction.atomic
def add_option(feature: Feature, new: NewOption, *, actor: Actor) -> MultivariateOption:
    """Add an option with its share in every default state; the feature becomes multivariate."""
    option, changes = add_option_untold(feature, new, actor=actor)
    _tell(feature, EventType.OPTION_CREATED, changes, actor)
    return option


def add_option_untold(feature: Feature, new: NewOption, *, actor: Actor) -> tuple[MultivariateOption, list[Change]]:
    """Like `add_option`, inside the transaction of a caller whose event tells of it."""
    row = _locked(feature)
    _check_defaults(row, new.default_percentage_allocation)
    option = insert_option(row, new)
    states = list(_default_states(row).order_by("id"))
    weights = weights_by_state(VariantWeight.objects.filter(state__in=_default_states(row)))
    for state in states:
        shares = [weight.percentage for weight in weights.get(state.pk, {}).values()]
        rules.check_allocation([*shares, new.default_percentage_allocation], InvalidOptionAllocation)
    share = Weight(percentage=new.default_percentage_allocation)
    insert_weights((state, {option.pk: share}) for state in states)
    changes = [option_change(option, row, "created"), *_retyped(row, FeatureType.MULTIVARIATE)]
    _count_edit(row, actor)
    return option, changes


@transaction.atomic
def change_option(option: MultivariateOption, changes: OptionChanges, *, actor: Actor) -> MultivariateOption:
    """Change value, key or default share of an option; the shares in states stay."""
    feature = _locked(option.feature)
    row = MultivariateOption.objects.get(pk=option.pk)
    before = told(row, feature)
    if not update_option(row, changes):
        return row
    _check_defaults(feature, row.default_percentage_allocation, besides=row.pk)
    change = option_change(row, feature, "updated", before=before)
    _finish(feature, EventType.OPTION_CHANGED, [change], actor)
    return row


@transaction.atomic
def remove_option(option: MultivariateOption, *, actor: Actor) -> None:
    """Take an option from the feature and from all its states; without options the feature is a standard one."""
    feature = _locked(option.feature)
    row = MultivariateOption.objects.filter(pk=option.pk).first()
    if row is None:
        return
    changes = [option_change(row, feature, "deleted", before=told(row, feature))]
    row.delete()
    if not MultivariateOption.objects.filter(feature=feature).exists():
        changes += _retyped(feature, FeatureType.STANDARD)
    _finish(feature, EventType.OPTION_DELETED, changes, actor)


def option_change(
    option: MultivariateOption, feature: Feature, action: str, *, before: dict[str, Any] | None = None
) -> Change:
    """The option's line in an event."""
    return Change(
        object=ObjectType.OPTION,
        action=action,
        id=option.pk,
        uuid=str(option.uuid),
        feature_id=feature.pk,
        before=before,
        after=None if action == "deleted" else told(option, feature),
    )


def told(option: MultivariateOption, feature: Feature) -> dict[str, Any]:
    """The option as events tell it."""
    return {
        "feature": {"id": feature.pk, "name": feature.name},
        "key": option.key,
        "value": option.value,
        "default_percentage_allocation": option.default_percentage_allocation,
    }


def _locked(feature: Feature) -> Feature:
    row = Feature.objects.select_for_update().filter(pk=feature.pk, deleted_at=None).first()
    if row is None:
        raise FlagNotFound
    # In id order, as everybody who locks several flags.
    list(Flag.objects.select_for_update().filter(feature=row).order_by("id"))
    return row


def _check_defaults(feature: Feature, share: float, *, besides: int = 0) -> None:
    siblings: Iterable[float] = (
        MultivariateOption.objects.filter(feature=feature)
        .exclude(pk=besides)
        .values_list("default_percentage_allocation", flat=True)
    )
    rules.check_allocation([*siblings, share], InvalidOptionAllocation)


def _default_states(feature: Feature) -> QuerySet[FeatureState]:
    states = FeatureState.objects.defaults().filter(feature=feature, environment__deleted_at=None)
    return states.exclude(version__status=VersionStatus.SUPERSEDED)


def _retyped(feature: Feature, kind: FeatureType) -> list[Change]:
    if feature.type == kind:
        return []
    named = {"feature": {"id": feature.pk, "name": feature.name}}
    change = Change(
        object=ObjectType.FEATURE,
        action="updated",
        id=feature.pk,
        uuid=str(feature.uuid),
        feature_id=feature.pk,
        before=named | {"type": feature.type},
        after=named | {"type": kind.value},
    )
    feature.type = kind.value
    feature.save(update_fields=["type"])
    return [change]


def _finish(feature: Feature, event: EventType, changes: list[Change], actor: Actor) -> None:
    _count_edit(feature, actor)
    _tell(feature, event, changes, actor)


def _count_edit(feature: Feature, actor: Actor) -> None:
    Flag.objects.filter(feature=feature).update(
        change_number=F("change_number") + 1, changed_at=clock.now(), changed_by_id=user_id(actor)
    )


def _tell(feature: Feature, event: EventType, changes: list[Change], actor: Actor) -> None:
    scope = Scope(organisation_id=feature.project.organisation_id, project_id=feature.project_id)
    publish(event, scope=scope, changes=changes, actor=actor)
