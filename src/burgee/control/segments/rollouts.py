"""Percentage roll-outs: a segment of one feature that Burgee makes and keeps for one environment."""

from typing import Any, Final

from burgee.control.environments.models import Environment
from burgee.control.events.publish import Change
from burgee.control.features.models import Feature
from burgee.control.kit import clock
from burgee.control.segments.models import Segment
from burgee.control.segments.rules import ConditionDraft, RuleDraft, stored
from burgee.control.segments.services import segment_change, told

KIND: Final = "rollout"


def is_rollout(segment: Segment) -> bool:
    return (segment.managed_by or "").partition(":")[0] == KIND


def percentage_of(segment: Segment) -> float | None:
    """How many per cent a roll-out reaches; None for any other segment."""
    if not is_rollout(segment):
        return None
    return float(segment.rules[0]["rules"][0]["conditions"][0]["value"])


def rollout_in(feature: Feature, environment_id: int) -> Segment | None:
    """The roll-out of the feature in that environment, whether its flag uses it now or did before."""
    return Segment.objects.filter(feature=feature, managed_by=_manager(environment_id), deleted_at=None).first()


def put_rollout(
    feature: Feature, environment: Environment, percentage: float, *, split_key: int | None = None
) -> tuple[Segment, Change | None]:
    """Make the roll-out or change its reach, in the transaction and the event of a caller.

    `split_key` is that of another roll-out, whose people shall be in this one.
    """
    segment = rollout_in(feature, environment.pk)
    if segment is None:
        made = Segment.objects.create(
            project_id=feature.project_id,
            feature=feature,
            name=f"{feature.name}: roll-out in {environment.name}"[:2000],
            managed_by=_manager(environment.pk),
            split_key=split_key,
            rules=rollout_rules(percentage),
        )
        return made, segment_change(made, "created", after=told(made))
    before = told(segment)
    rules = rollout_rules(percentage)
    wanted_key = segment.split_key if split_key is None else split_key
    if (segment.rules, segment.split_key) == (rules, wanted_key):
        return segment, None
    segment.rules, segment.split_key = rules, wanted_key
    segment.version += 1
    segment.updated_at = clock.now()
    segment.save(update_fields=["rules", "split_key", "version", "updated_at"])
    return segment, segment_change(segment, "updated", before=before, after=told(segment))


def rollout_rules(percentage: float) -> list[dict[str, Any]]:
    """The tree of a segment that a share of all identities is in."""
    text = str(int(percentage)) if percentage == int(percentage) else str(percentage)
    split = RuleDraft(type="ANY", conditions=(ConditionDraft(operator="PERCENTAGE_SPLIT", value=text),))
    return stored([RuleDraft(type="ALL", rules=(split,))])


def _manager(environment_id: int) -> str:
    return f"{KIND}:{environment_id}"
