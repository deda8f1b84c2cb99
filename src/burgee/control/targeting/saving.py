"""A flag drafted over several environments and saved at once, as one event."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import transaction
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Change, Scope
from burgee.control.events.publish import publish as publish_event
from burgee.control.features.models import Feature
from burgee.control.kit.actor import Actor
from burgee.control.kit.errors import DomainError
from burgee.control.segments.models import Segment
from burgee.control.segments.rollouts import is_rollout, put_rollout
from burgee.control.targeting.desired import DesiredState
from burgee.control.targeting.edits import Edit, Everyone, ForIdentity, ForSegment, Remove, Set, Target
from burgee.control.targeting.models import FeatureSegment
from burgee.control.targeting.services import AppliedEdit, apply_untold
from burgee.control.targeting.versions import live_version, lock_flag, touch


class DraftOverride(DesiredState, frozen=True, kw_only=True):
    """The override of a segment or, without one, of the flag's own roll-out to so many per cent."""

    segment_id: int | None = None
    rollout: float | None = None


class DraftIdentity(DesiredState, frozen=True, kw_only=True):
    identity_id: int
    remove: bool = False


class Draft(Struct, frozen=True, kw_only=True):
    """What a flag shall be; what is None is left as it is. ``overrides`` are all of them, the strongest first."""

    default: DesiredState | None = None
    overrides: Sequence[DraftOverride] | None = None
    identities: Sequence[DraftIdentity] = ()

    @property
    def rollout(self) -> float | None:
        """How many per cent the flag's own roll-out shall reach; None when the draft has none."""
        return next((item.rollout for item in self.overrides or () if item.segment_id is None), None)


class Plan(Struct, frozen=True, kw_only=True):
    """A draft for one environment, made when the flag had one of the ``expected`` change numbers."""

    environment: Environment
    draft: Draft
    expected: Collection[int] | None = None


class SaveRefused(DomainError):
    """What is wrong, by the id of the environment."""

    code = "save_refused"
    message = "The flag was not saved."

    def __init__(self, by_environment: Mapping[int, DomainError]) -> None:
        self.by_environment = by_environment
        super().__init__()


@transaction.atomic
def save_flag(
    feature: Feature, plans: Iterable[Plan], *, actor: Actor, note: str | None = None
) -> dict[int, AppliedEdit]:
    """Make the flag as the plans say, in all of their environments or, raising SaveRefused, in none."""
    applied: dict[int, AppliedEdit] = {}
    refused: dict[int, DomainError] = {}
    changes: list[Change] = []
    # In the order of ids, so that two who save the same flag never wait for each other in a circle.
    for plan in sorted(plans, key=lambda plan: plan.environment.pk):
        try:
            lock_flag(plan.environment.pk, feature.pk, expected=plan.expected)
            written, told = write_draft(plan.environment, feature, plan.draft, actor=actor)
        except DomainError as error:
            refused[plan.environment.pk] = error
        else:
            applied[plan.environment.pk] = written
            changes += told
    if refused:
        raise SaveRefused(refused)
    tell_together([plan.environment for plan in plans], changes, actor=actor, note=note)
    return applied


def tell_together(
    environments: Sequence[Environment], changes: Sequence[Change], *, actor: Actor, note: str | None = None
) -> None:
    """One event about flags of several environments of one project; none when nothing changed."""
    if not changes:
        return
    scope = Scope(
        organisation_id=environments[0].project.organisation_id,
        project_id=environments[0].project_id,
        environment_id=environments[0].pk if len(environments) == 1 else None,
    )
    publish_event(EventType.FLAG_CHANGED, scope=scope, changes=changes, actor=actor, note=note)


def edits_of(draft: Draft, placed: Iterable[int], rollout_id: int) -> list[Edit]:
    """What makes a flag with overrides for the segments `placed` as `draft` says."""
    edits: list[Edit] = [] if draft.default is None else [_set(Everyone(), draft.default)]
    if draft.overrides is not None:
        wanted = [item.segment_id or rollout_id for item in draft.overrides]
        edits += [Remove(target=ForSegment(segment_id)) for segment_id in placed if segment_id not in wanted]
        # The strongest first: placing one by insertion does not move those placed before.
        edits += [
            _set(ForSegment(segment_id, priority), item)
            for priority, (segment_id, item) in enumerate(zip(wanted, draft.overrides, strict=True))
        ]
    for own in draft.identities:
        target = ForIdentity(own.identity_id)
        edits.append(Remove(target=target) if own.remove else _set(target, own))
    return edits


def placed_segments(environment: Environment, feature: Feature) -> dict[int, Segment]:
    """The segments that the served flag has overrides for, by id."""
    places = FeatureSegment.objects.filter(version=live_version(environment.pk, feature.pk))
    return {place.segment_id: place.segment for place in places.select_related("segment").order_by("priority", "pk")}


def inherited_split(placed: Iterable[Segment], environment: Environment) -> int | None:
    """The key of a roll-out that the flag has from another environment, whose people stay in the new one."""
    foreign = (one for one in placed if is_rollout(one) and one.managed_by != f"rollout:{environment.pk}")
    return next((one.split_key or one.pk for one in foreign), None)


def write_draft(
    environment: Environment, feature: Feature, draft: Draft, *, actor: Actor, split_key: int | None = None
) -> tuple[AppliedEdit, list[Change]]:
    """Make a flag as `draft` says, in the transaction of a caller whose event tells of the changes.

    `split_key` is that of another roll-out, whose people shall be in the flag's own.
    """
    flag = lock_flag(environment.pk, feature.pk)
    placed = placed_segments(environment, feature)
    if draft.rollout is None:
        applied = apply_untold(environment, feature, edits_of(draft, placed, 0), actor=actor)
        return applied, [*applied.changes, *applied.published]
    key = split_key or inherited_split(placed.values(), environment)
    segment, change = put_rollout(feature, environment, draft.rollout, split_key=key)
    applied = apply_untold(environment, feature, edits_of(draft, placed, segment.pk), actor=actor)
    if change is not None and not applied.changes:
        touch(flag, actor)
    return applied, [*([change] if change else []), *applied.changes, *applied.published]


def _set(target: Target, state: DesiredState) -> Set:
    return Set(target=target, enabled=state.enabled, value=state.value, weights=state.weights)
