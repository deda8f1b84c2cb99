"""What stands on features themselves, read for many of them at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from msgspec import Struct

from burgee.control.accounts.models import User
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.kit.ids import among
from burgee.control.organisations.models import UserGroup

M = TypeVar("M", bound=Model)


class Attached(Struct, frozen=True):
    """By feature id, in six queries however many features there are; each person and each group is read once."""

    tag_ids: Mapping[int, Sequence[int]]
    owners: Mapping[int, Sequence[User]]
    group_owners: Mapping[int, Sequence[UserGroup]]
    options: Mapping[int, Sequence[MultivariateOption]]

    @classmethod
    def to(cls, feature_ids: Collection[int]) -> "Attached":
        about = about_features(feature_ids)
        options: dict[int, list[MultivariateOption]] = {}
        for option in MultivariateOption.objects.filter(about).order_by("pk"):
            options.setdefault(option.feature_id, []).append(option)
        return cls(
            tag_ids=_linked(Feature.tags.through.objects.filter(about), "tag_id"),
            owners=_rows(User, _linked(Feature.owners.through.objects.filter(about), "user_id")),
            group_owners=_rows(UserGroup, _linked(Feature.group_owners.through.objects.filter(about), "usergroup_id")),
            options=options,
        )


def about_features(feature_ids: Collection[int]) -> Q:
    """A condition that rows about these features meet, and perhaps others: look rows up by ``feature_id``."""
    return among("feature_id", feature_ids)


def _linked(links: QuerySet[Any], other: str) -> dict[int, list[int]]:
    """Ids at the other end of links, in their order, by feature id."""
    found: dict[int, list[int]] = {}
    for feature_id, other_id in links.order_by(other).values_list("feature_id", other):
        found.setdefault(feature_id, []).append(other_id)
    return found


def _rows(model: type[M], linked: Mapping[int, Sequence[int]]) -> dict[int, list[M]]:
    rows = model._default_manager.in_bulk({id_ for ids in linked.values() for id_ in ids})  # noqa: SLF001
    return {feature_id: [rows[id_] for id_ in ids if id_ in rows] for feature_id, ids in linked.items()}
