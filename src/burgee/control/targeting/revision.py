"""A definition revised as a whole: what is told about a feature, and exactly these options."""

from collections.abc import Sequence

from django.db import transaction

from burgee.control.features.errors import OptionsOverHundred
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.features.rows import NewOption, OptionChanges
from burgee.control.features.rules import exceed_hundred
from burgee.control.features.services import FeatureChanges, change_feature
from burgee.control.kit.actor import Actor
from burgee.control.targeting.options import add_option, change_option, remove_option

Wanted = tuple[int | None, NewOption]
"""An option as it shall be: with the id of the one that it is now, if any."""


@transaction.atomic
def revise_feature(
    feature: Feature, changes: FeatureChanges, options: Sequence[Wanted] | None, *, actor: Actor
) -> Feature:
    """Change a feature; with `options` given, those that are not named go, and those without a known id are new.

    Each changed option tells its own event, after that of the feature.
    """
    row = change_feature(feature, changes, actor=actor)
    if options is not None:
        _revise_options(row, options, actor)
        row.refresh_from_db()
    return row


def _revise_options(feature: Feature, options: Sequence[Wanted], actor: Actor) -> None:
    if exceed_hundred(new.default_percentage_allocation for _, new in options):
        raise OptionsOverHundred
    known = {option.pk: option for option in MultivariateOption.objects.filter(feature=feature).order_by("pk")}
    kept = {id_: new for id_, new in options if id_ is not None and id_ in known}
    for id_, option in known.items():
        if id_ not in kept:
            remove_option(option, actor=actor)
    # Shrinking shares first, so that no sum on the way exceeds a hundred.
    growth = {
        id_: new.default_percentage_allocation - known[id_].default_percentage_allocation for id_, new in kept.items()
    }
    for id_ in sorted(kept, key=growth.__getitem__):
        new = kept[id_]
        wanted = OptionChanges(
            value=new.value, key=new.key, default_percentage_allocation=new.default_percentage_allocation
        )
        change_option(known[id_], wanted, actor=actor)
    for wanted_id, new in options:
        if wanted_id not in known:
            add_option(feature, new, actor=actor)
