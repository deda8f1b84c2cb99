"""What stands on features themselves, read for many of them at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Model, Q
from msgspec import Struct

from burgee.control.accounts.models import User
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.kit.ids import among
from burgee.control.kit.prepared import About
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
        options: dict[int, list[MultivariateOption]] = {}
        for option in _OPTIONS.all(feature_ids):
            options.setdefault(option.feature_id, []).append(option)
        return cls(
            tag_ids=_linked(_TAGS.all(feature_ids)),
            owners=_rows(User, _linked(_OWNERS.all(feature_ids))),
            group_owners=_rows(UserGroup, _linked(_GROUPS.all(feature_ids))),
            options=options,
        )


def about_features(feature_ids: Collection[int]) -> Q:
    """A condition that rows about these features meet, and perhaps others: look rows up by ``feature_id``."""
    return among("feature_id", feature_ids)


def _links(through: type[Model], other: str) -> About[tuple[int, int]]:
    """Feature ids with the ids at the other end, in the order of those."""
    rows = through._default_manager  # noqa: SLF001
    return About("feature_id", lambda about: rows.filter(about).order_by(other).values_list("feature_id", other))


_OPTIONS = About("feature_id", lambda about: MultivariateOption.objects.filter(about).order_by("pk"))
_TAGS = _links(Feature.tags.through, "tag_id")
_OWNERS = _links(Feature.owners.through, "user_id")
_GROUPS = _links(Feature.group_owners.through, "usergroup_id")


def _linked(links: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for feature_id, other_id in links:
        found.setdefault(feature_id, []).append(other_id)
    return found


def _rows(model: type[M], linked: Mapping[int, Sequence[int]]) -> dict[int, list[M]]:
    rows = model._default_manager.in_bulk({id_ for ids in linked.values() for id_ in ids})  # noqa: SLF001
    return {feature_id: [rows[id_] for id_ in ids if id_ in rows] for feature_id, ids in linked.items()}
