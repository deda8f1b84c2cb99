"""Writing the features of a file into a project and one of its environments, in the transaction of a caller."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.events.publish import Change
from burgee.control.features.errors import TooManyFeatures
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.features.rows import NewFeature, NewOption, insert_feature
from burgee.control.features.rules import check_name
from burgee.control.kit.actor import Actor
from burgee.control.kit.digests import folded
from burgee.control.kit.errors import DomainError
from burgee.control.kit.values import FlagValue, value_type
from burgee.control.portability.files import FileRefused, Item, Problem
from burgee.control.portability.models import Strategy
from burgee.control.projects.models import Project
from burgee.control.targeting.edits import Edit, Everyone, ForIdentity, ForSegment, Remove, Set
from burgee.control.targeting.flags import NewFlag, open_flags, opening_state, options_of
from burgee.control.targeting.models import FeatureSegment, FeatureState, VersionStatus
from burgee.control.targeting.openings import feature_change
from burgee.control.targeting.options import add_option_untold, option_change
from burgee.control.targeting.services import apply_untold
from burgee.control.targeting.sheet import StateSheet, Weight


class Outcome(Struct, frozen=True, kw_only=True):
    created: int
    overwritten: int
    skipped: int
    changes: tuple[Change, ...]


Numbered = tuple[int, Item]
"""An item with its position in the file."""

Options = Mapping[int, list[MultivariateOption]]


def write(environment: Environment, project: Project, items: Sequence[Item], *, strategy: str, actor: Actor) -> Outcome:
    """Make the features that `project` (locked) has not, and deal with the others as `strategy` says.

    Raises FileRefused with everything that is wrong before the first row is written; what only the writing finds
    out is raised too, and must end the transaction.
    """
    numbered = list(enumerate(items, start=1))
    known = _known(project)
    news = [(position, item) for position, item in numbered if folded(item.name) not in known]
    old = [(position, item) for position, item in numbered if folded(item.name) in known]
    _check_new(project, news, len(known))
    changes = _create(environment, project, news, actor)
    overwritten = old if strategy == Strategy.OVERWRITE_DESTRUCTIVE else []
    for position, item in overwritten:
        with _explained(position, item):
            changes += _overwrite(environment, known[folded(item.name)], item, actor)
    return Outcome(
        created=len(news),
        overwritten=len(overwritten),
        skipped=len(old) - len(overwritten),
        changes=tuple(changes),
    )


def _known(project: Project) -> dict[str, Feature]:
    features = Feature.objects.filter(project=project, deleted_at=None).select_related("project")
    return {folded(feature.name): feature for feature in features}


def _check_new(project: Project, news: Sequence[Numbered], known: int) -> None:
    problems = []
    if news and known + len(news) > project.max_features_allowed:
        problems.append(Problem(why=str(TooManyFeatures(limit=project.max_features_allowed))))
    for position, item in news:
        try:
            check_name(item.name, regex=project.feature_name_regex)
        except DomainError as error:
            problems.append(Problem(item=position, feature=item.name, why=str(error)))
    if problems:
        raise FileRefused(problems)


@contextmanager
def _explained(position: int, item: Item) -> Iterator[None]:
    try:
        yield
    except DomainError as error:
        raise FileRefused([Problem(item=position, feature=item.name, why=str(error))]) from error


def _create(environment: Environment, project: Project, news: Sequence[Numbered], actor: Actor) -> list[Change]:
    made: list[tuple[Feature, Item]] = []
    for position, item in news:
        with _explained(position, item):
            made.append((insert_feature(project, _new(item, actor)), item))
    options = options_of([feature.pk for feature, _ in made])
    changes = []
    for feature, _ in made:
        changes.append(feature_change(feature, "created"))
        changes += [option_change(option, feature, "created") for option in options.get(feature.pk, [])]
    places = list(Environment.objects.filter(project=project, deleted_at=None).order_by("id"))
    flags = [
        NewFlag(environment=place, feature=feature, default=_default(place == environment, feature, item, options))
        for feature, item in made
        for place in places
    ]
    return changes + open_flags(flags)


def _new(item: Item, actor: Actor) -> NewFeature:
    return NewFeature(
        name=item.name,
        initial_value=item.initial_value,
        default_enabled=item.default_enabled,
        is_server_key_only=item.is_server_key_only,
        creator_id=actor.id if actor.kind == "user" else None,
        options=tuple(
            NewOption(value=variant.value, default_percentage_allocation=variant.default_percentage_allocation)
            for variant in item.multivariate
        ),
    )


def _default(is_target: bool, feature: Feature, item: Item, options: Options) -> StateSheet:  # noqa: FBT001 - of one call
    own = options.get(feature.pk, [])
    if not is_target:
        return opening_state(feature, own)
    # Options were made in the order of the file.
    shares = [variant.percentage_allocation for variant in item.multivariate]
    weights = {option.pk: Weight(percentage=share) for option, share in zip(own, shares, strict=True)}
    return StateSheet(enabled=item.enabled, value=item.value, weights=weights)


def _overwrite(environment: Environment, feature: Feature, item: Item, actor: Actor) -> list[Change]:
    """Make the default as the file says, and take every override away; other environments keep what they serve."""
    shares, changes = _shares(feature, item, actor)
    edits: list[Edit] = [Set(target=Everyone(), enabled=item.enabled, value=item.value, weights=shares)]
    here = {"environment": environment, "feature": feature}
    places = FeatureSegment.objects.filter(**here, version__status=VersionStatus.LIVE).order_by("priority", "id")
    edits += [Remove(target=ForSegment(segment_id)) for segment_id in places.values_list("segment_id", flat=True)]
    overrides = FeatureState.objects.of_identities().filter(**here).order_by("id")
    edits += [Remove(target=ForIdentity(key)) for key in overrides.values_list("identity_id", flat=True) if key]
    applied = apply_untold(environment, feature, edits, actor=actor)
    return [*changes, *applied.changes, *applied.published]


def _shares(feature: Feature, item: Item, actor: Actor) -> tuple[dict[int, float], list[Change]]:
    """The share of each option by its id. One that the feature lacks is added, with no share anywhere else."""
    unused = list(MultivariateOption.objects.filter(feature=feature).order_by("id"))
    shares = {option.pk: 0.0 for option in unused}
    changes: list[Change] = []
    for variant in item.multivariate:
        option = next((option for option in unused if _is_same(option.value, variant.value)), None)
        if option is None:
            new = NewOption(value=variant.value, default_percentage_allocation=0)
            option, added = add_option_untold(feature, new, actor=actor)
            changes += added
        else:
            unused.remove(option)
        shares[option.pk] = variant.percentage_allocation
    return shares, changes


def _is_same(one: FlagValue, other: FlagValue) -> bool:
    # 1 and true are different values.
    return one == other and value_type(one) == value_type(other)
