"""Who is in a segment, as it is and as it would be."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct, field

from burgee import engine
from burgee.control.environments.models import Environment
from burgee.control.insight.crowd import Crowd, Person
from burgee.control.segments.membership import compiled
from burgee.control.segments.models import Segment
from burgee.control.targeting.models import FeatureState

SAMPLES: Final = 10
DRAFT: Final = 0


class Tally(Struct):
    """How many, and some of them."""

    count: int = 0
    samples: list[Person] = field(default_factory=list)

    def add(self, person: Person) -> None:
        self.count += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(person)


class Reach(Struct, frozen=True, kw_only=True):
    """``before``, ``entering`` and ``leaving`` are of the segment that the rules are to replace."""

    examined: int
    total: int
    matching: Tally
    before: Tally
    entering: Tally
    leaving: Tally


def preview_segment(environment: Environment, rules: list[dict[str, Any]], segment: Segment | None) -> Reach:
    """Who matches `rules`, and who would enter and leave `segment` with them; nothing is written."""
    draft = Segment(project_id=environment.project_id, name="", rules=rules)
    # Splits fall by the key of the segment; who is in that of a new one is not decided yet.
    draft.split_key = (segment.split_key or segment.pk) if segment else DRAFT
    draft.pk = DRAFT
    ruleset: engine.Ruleset[Any] = engine.Ruleset(
        engine.Environment(environment.api_key, environment.name),
        [compiled(draft), *([compiled(segment)] if segment else [])],
        [],
    )
    crowd = Crowd(environment)
    tallies = {name: Tally() for name in ("matching", "before", "entering", "leaving")}
    for person, identity in crowd:
        found = ruleset.matching_segments(identity)
        is_in, was_in = DRAFT in found, segment is not None and segment.pk in found
        for name, holds in (
            ("matching", is_in),
            ("before", was_in),
            ("entering", is_in and not was_in),
            ("leaving", was_in and not is_in),
        ):
            if holds:
                tallies[name].add(person)
    return Reach(examined=crowd.examined, total=crowd.total, **tallies)


def overridden_flags(segment: Segment, environment_ids: Sequence[int]) -> list[FeatureState]:
    """The served states that the segment has, in those environments."""
    states = FeatureState.objects.live().filter(
        feature_segment__segment=segment, feature__deleted_at=None, environment_id__in=environment_ids
    )
    return list(states.select_related("feature", "environment", "feature_segment").order_by("feature__name", "pk"))
