from collections.abc import Iterator

import pytest

from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.targeting.edits import Everyone, Set
from burgee.control.targeting.services import apply
from tests.control.receiver import Receiver, a_receiver
from tests.factories.environments import an_environment


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as running:
        yield running


@pytest.fixture
def environment(db):
    return an_environment(name="Production")


@pytest.fixture
def toggle(environment):
    """Give a feature a new value in the environment, which is one FLAG_UPDATED."""

    def changed(feature, value, actor: Actor = SYSTEM) -> None:
        apply(environment, feature, [Set(target=Everyone(), value=value)], actor=actor)

    return changed
