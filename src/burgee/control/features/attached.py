"""What stands on features themselves, read for many of them at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model, Q
from msgspec import Struct

from burgee.control.accounts.models import User
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.kit.ids import among
from burgee.control.kit.prepared import About, Prepared
from burgee.control.kit.values import FlagValue
from burgee.control.organisations.models import UserGroup

M = TypeVar("M", bound=Model)
T = TypeVar("T")


class AttachedOption(NamedTuple):
    """What lists show of an option: tuples cost a third of what objects do."""

    pk: int
    uuid: UUID
    feature_id: int
    key: str | None
    value: FlagValue
    default_percentage_allocation: float


class Shared(Struct, Generic[M], frozen=True):
    """Rows that features share: the ids of those on each feature, and each row once."""

    ids: Mapping[int, Sequence[int]]
    rows: Mapping[int, M]

    def on(self, feature_id: int) -> list[M]:
        return [self.rows[id_] for id_ in self.ids.get(feature_id, ()) if id_ in self.rows]

    def told(self, tell: Callable[[M], T]) -> dict[int, list[T]]:
        """What `tell` makes of each row, by feature id."""
        told = {id_: tell(row) for id_, row in self.rows.items()}
        return {feature_id: [told[id_] for id_ in ids if id_ in told] for feature_id, ids in self.ids.items()}


class Attached(Struct, frozen=True):
    """By feature id, in six queries however many features of a project there are."""

    tag_ids: Mapping[int, Sequence[int]]
    owners: Shared[User]
    group_owners: Shared[UserGroup]
    options: Mapping[int, Sequence[AttachedOption]]

    @classmethod
    def to(cls, feature_ids: Collection[int], *, project_id: int) -> "Attached":
        options: dict[int, list[AttachedOption]] = {}
        for row in _OPTIONS.all(feature_ids, project_id=project_id):
            option = AttachedOption(*row)
            options.setdefault(option.feature_id, []).append(option)
        return cls(
            tag_ids=_linked(_TAGS.all(feature_ids, project_id=project_id)),
            owners=_shared(_linked(_OWNERS.all(feature_ids, project_id=project_id)), _PEOPLE),
            group_owners=_shared(_linked(_GROUPS.all(feature_ids, project_id=project_id)), _USER_GROUPS),
            options=options,
        )


def about_features(feature_ids: Collection[int]) -> Q:
    """A condition that rows about these features meet, and perhaps others: look rows up by ``feature_id``."""
    return among("feature_id", feature_ids)


def _links(through: type[Model], other: str) -> About[tuple[int, int]]:
    """Feature ids with the ids at the other end, in the order of those."""
    rows = through._default_manager  # noqa: SLF001
    return About(
        "feature_id",
        lambda about, project_id: (
            rows.filter(about, feature__project_id=project_id).order_by(other).values_list("feature_id", other)
        ),
        within_project=True,
    )


_OPTIONS = About(
    "feature_id",
    lambda about, project_id: (
        MultivariateOption.objects.filter(about, feature__project_id=project_id)
        .order_by("pk")
        .values_list(*AttachedOption._fields)
    ),
    within_project=True,
)
_TAGS = _links(Feature.tags.through, "tag_id")
_OWNERS = _links(Feature.owners.through, "user_id")
_GROUPS = _links(Feature.group_owners.through, "usergroup_id")
_PEOPLE = Prepared(lambda ids: User.objects.filter(pk__in=ids))
_USER_GROUPS = Prepared(lambda ids: UserGroup.objects.filter(pk__in=ids))


def _linked(links: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for feature_id, other_id in links:
        found.setdefault(feature_id, []).append(other_id)
    return found


def _shared(linked: Mapping[int, Sequence[int]], rows: Prepared[M]) -> Shared[M]:
    wanted = {id_ for ids in linked.values() for id_ in ids}
    return Shared(linked, {row.pk: row for row in rows.all(ids=list(wanted))})
