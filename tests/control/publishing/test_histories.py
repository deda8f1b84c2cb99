"""Whatever happens, what is published is what a build from scratch gives."""

import pytest
from django.db import connection, transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from burgee.control.environments.models import Environment
from burgee.control.publishing import sinks
from burgee.control.publishing.models import Head, HeadPart, Manifest, Part
from burgee.control.publishing.parts import build_all
from burgee.control.publishing.queries import snapshot
from burgee.control.publishing.services import repair
from burgee.wire.snapshot import Delta, decode_part
from tests.control.publishing.histories import World

pytestmark = [pytest.mark.django_db, pytest.mark.database]

EXAMPLES = 10 if connection.vendor == "sqlite" else 3
NUMBERS = st.integers(min_value=0, max_value=30)
STEPS = st.lists(st.tuples(st.integers(min_value=0, max_value=28), NUMBERS, NUMBERS, NUMBERS), min_size=20, max_size=25)
BEGINNING = [
    (16, 0, 0, 0),  # an environment
    (0, 0, 2, 3),  # a feature with two options
    (0, 1, 0, 0),  # a feature
    (13, 1, 1, 1),  # two segments
    (13, 2, 2, 2),
    (3, 0, 0, 0),  # overrides of both
    (3, 0, 0, 1),
    (7, 0, 0, 0),  # overrides of two identities
    (7, 1, 0, 0),
    (7, 1, 1, 1),
]


class Reader:
    """Holds snapshots as an edge does: takes deltas in, one after the other."""

    def __init__(self) -> None:
        self.parts: dict[int, dict] = {}
        self.revisions: dict[int, int] = {}

    def take(self, delta: Delta) -> None:
        if delta.complete:
            self.parts[delta.environment_id] = {}
        else:
            assert self.revisions[delta.environment_id] == delta.parent
        held = self.parts[delta.environment_id]
        for name, part in delta.parts.items():
            held[name] = part
            if part is None:
                del held[name]
        self.revisions[delta.environment_id] = delta.revision


def history_of(environment_id: int) -> dict:
    """The parts after the last manifest, read from the first on."""
    held: dict = {}
    for manifest in Manifest.objects.filter(environment_id=environment_id).order_by("epoch", "revision"):
        held = {} if manifest.complete else held
        for name, digest in manifest.changes.items():
            held[name] = digest
            if digest is None:
                del held[name]
    return {name: decode_part(Part.objects.get(digest=digest).body) for name, digest in held.items()}


def check(reader: Reader) -> None:
    for environment in Environment.objects.all():
        built = build_all(environment.pk)
        current = snapshot(environment.pk)
        assert (current.parts if current else {}) == built
        assert reader.parts.get(environment.pk, {}) == built


# Failing examples are not made smaller: that takes minutes, and the time here is a total.
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS)
def test_the_published_snapshot_equals_the_one_built_from_scratch_after_every_event(steps):
    reader = Reader()
    unsubscribe = sinks.subscribe(reader.take)
    try:
        with transaction.atomic():
            world = World()
            for step in [*BEGINNING, *steps]:
                with TestCase.captureOnCommitCallbacks(execute=True):
                    world.take(step)
                check(reader)
            for head in Head.objects.all():
                assert history_of(head.environment_id) == build_all(head.environment_id)
                assert repair(head.environment_id) is None
            living = set(Environment.objects.living().values_list("pk", flat=True))
            assert set(HeadPart.objects.values_list("environment_id", flat=True)) == living
            transaction.set_rollback(True)
    finally:
        unsubscribe()
