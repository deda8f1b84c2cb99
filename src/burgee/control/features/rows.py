"""Rows of features and options: made, changed and buried inside the transaction and the event of a caller."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from burgee.control.accounts.models import User
from burgee.control.custom_fields.models import Kind
from burgee.control.custom_fields.values import GivenValue, set_values
from burgee.control.features import rules
from burgee.control.features.errors import (
    FeatureNameTaken,
    OptionKeyTaken,
    OptionsOverHundred,
    OwnerRequired,
    TooManyFeatures,
    UnknownGroupOwner,
    UnknownOwner,
    UnknownTag,
)
from burgee.control.features.models import Feature, FeatureType, MultivariateOption, Tag, feature_key, option_key
from burgee.control.kit import clock
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.values import FlagValue
from burgee.control.organisations.models import UserGroup
from burgee.control.projects.models import Project


class NewOption(Struct, frozen=True, kw_only=True):
    value: FlagValue = None
    key: str | None = None
    default_percentage_allocation: float = 100.0


class NewFeature(Struct, frozen=True, kw_only=True):
    """Without ``owner_ids`` (None) and ``group_owner_ids`` nobody was named: take ``creator_id`` when there is one."""

    name: str
    type: str = FeatureType.STANDARD.value
    description: str | None = None
    initial_value: str | None = None
    default_enabled: bool = False
    is_archived: bool = False
    is_server_key_only: bool = False
    tag_ids: tuple[int, ...] = ()
    owner_ids: tuple[int, ...] | None = None
    group_owner_ids: tuple[int, ...] = ()
    creator_id: int | None = None
    options: tuple[NewOption, ...] = ()
    custom_values: tuple[GivenValue, ...] = ()


class OptionChanges(Struct, frozen=True, kw_only=True):
    value: FlagValue | UnsetType = UNSET
    key: str | UnsetType | None = UNSET
    default_percentage_allocation: float | UnsetType = UNSET


def insert_feature(project: Project, new: NewFeature) -> Feature:
    """Make the feature with its tags, owners, options and custom fields; states are the caller's."""
    rules.check_name(new.name, regex=project.feature_name_regex)
    if rules.exceed_hundred(option.default_percentage_allocation for option in new.options):
        raise OptionsOverHundred
    tags = tags_of(project, new.tag_ids)
    owners, groups = _owners(project, new), _group_owners(project, new)
    if project.enforce_feature_owners and not owners and not groups:
        raise OwnerRequired
    living = Feature.objects.filter(project=project, deleted_at=None)
    if (
        living.count() >= project.max_features_allowed
        and not living.filter(live_key=feature_key(project.pk, new.name)).exists()
    ):
        raise TooManyFeatures(limit=project.max_features_allowed)
    with on_violation(FeatureNameTaken()):
        feature = Feature.objects.create(
            project=project,
            name=new.name,
            live_key=feature_key(project.pk, new.name),
            type=FeatureType.MULTIVARIATE if new.options else new.type,
            description=new.description,
            initial_value=new.initial_value,
            default_enabled=new.default_enabled,
            is_archived=new.is_archived,
            is_server_key_only=new.is_server_key_only,
            created_date=clock.now(),
        )
    # A new feature has none of them yet; adding none of them would still ask the database.
    for attached, rows in ((feature.tags, tags), (feature.owners, owners), (feature.group_owners, groups)):
        if rows:
            attached.add(*rows)
    set_values(project, Kind.FEATURE, feature.pk, new.custom_values)
    for option in new.options:
        insert_option(feature, option)
    return feature


def bury_feature(feature: Feature) -> None:
    """Mark the feature as deleted, which frees its name."""
    feature.deleted_at = clock.now()
    feature.live_key = None
    feature.save(update_fields=["deleted_at", "live_key"])


def insert_option(feature: Feature, new: NewOption) -> MultivariateOption:
    rules.check_option_key(new.key)
    with on_violation(OptionKeyTaken()):
        return MultivariateOption.objects.create(
            feature=feature,
            key=new.key,
            live_key=option_key(feature.pk, new.key) if new.key else None,
            value=new.value,
            default_percentage_allocation=new.default_percentage_allocation,
        )


def update_option(option: MultivariateOption, changes: OptionChanges) -> list[str]:
    """Write what differs; returns the names of the changed fields."""
    changed = []
    for name in OptionChanges.__struct_fields__:
        value = getattr(changes, name)
        before = getattr(option, name)
        if value is UNSET or (value == before and type(value) is type(before)):
            continue
        setattr(option, name, value)
        changed.append(name)
    if "key" in changed:
        rules.check_option_key(option.key)
        option.live_key = option_key(option.feature_id, option.key) if option.key else None
    if changed:
        with on_violation(OptionKeyTaken()):
            option.save(update_fields=[*changed, "live_key"])
    return changed


def tags_of(project: Project, ids: Sequence[int]) -> list[Tag]:
    """The tags of the project with these ids; refuses an id of another project like one that does not exist."""
    found = {tag.pk: tag for tag in Tag.objects.filter(project=project, pk__in=ids)} if ids else {}
    for id_ in ids:
        if id_ not in found:
            raise UnknownTag(id=id_)
    return list(found.values())


def members_of(project: Project, ids: Sequence[int]) -> dict[int, User]:
    """The people with these ids who belong to the project's organisation."""
    if not ids:
        return {}
    people = User.objects.filter(pk__in=ids, memberships__organisation_id=project.organisation_id)
    return {person.pk: person for person in people}


def groups_of(project: Project, ids: Sequence[int]) -> dict[int, UserGroup]:
    """The groups with these ids that belong to the project's organisation."""
    if not ids:
        return {}
    return {group.pk: group for group in UserGroup.objects.filter(pk__in=ids, organisation_id=project.organisation_id)}


def _group_owners(project: Project, new: NewFeature) -> list[UserGroup]:
    found = groups_of(project, new.group_owner_ids)
    for id_ in new.group_owner_ids:
        if id_ not in found:
            raise UnknownGroupOwner(id=id_)
    return list(found.values())


def _owners(project: Project, new: NewFeature) -> list[User]:
    if new.owner_ids is None:
        unnamed = [] if new.creator_id is None or new.group_owner_ids else [new.creator_id]
        return list(members_of(project, unnamed).values())
    found = members_of(project, new.owner_ids)
    for id_ in new.owner_ids:
        if id_ not in found:
            raise UnknownOwner(id=id_)
    return list(found.values())
