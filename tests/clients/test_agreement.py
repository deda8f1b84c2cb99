"""Remote and local evaluation give everybody the same, but for the bugs of SDKs in known_differences.py."""

from collections.abc import Callable
from typing import Any

import pytest
from flagsmith import Flagsmith
from tests.clients.burgee import Burgee
from tests.clients.generated import grow, people
from tests.clients.known_differences import NODE_KINDS
from tests.clients.shop import Shop

pytestmark = pytest.mark.process

PEOPLE = 200
Told = dict[str, tuple[bool, str]]


class World:
    def __init__(self, burgee: Burgee, seed: int) -> None:
        self.shop = Shop(burgee)
        self.kinds = grow(self.shop, seed)
        self.people = people(seed, PEOPLE)
        self.remote: dict[str, Told] = {
            identifier: _told(self.shop.identify(identifier, **traits)["flags"]) for identifier, traits in self.people
        }

    def safe_for_node(self, told: Told) -> Told:
        return {name: flag for name, flag in told.items() if not self.kinds[name] & NODE_KINDS}


def _told(flags: list[dict[str, Any]]) -> Told:
    return {flag["feature"]["name"]: (flag["enabled"], repr(flag["feature_state_value"])) for flag in flags}


@pytest.fixture(scope="module", params=[1, 2])
def world(request: pytest.FixtureRequest, burgee: Burgee) -> World:
    return World(burgee, request.param)


def test_people_are_told_different_things(world: World) -> None:
    """The agreement of the other tests would mean little if segments or overrides never mattered."""
    for name in world.kinds:
        assert len({told[name] for told in world.remote.values()}) > 1, name


def test_the_python_sdk_agrees_when_it_evaluates_locally(world: World) -> None:
    client = Flagsmith(world.shop.server_key, world.shop.burgee.api_url, enable_local_evaluation=True)
    for identifier, traits in world.people:
        flags = client.get_identity_flags(identifier, traits)
        one_by_one = {name: flags.get_flag(name) for name in world.kinds}
        assert {name: (flag.enabled, repr(flag.value)) for name, flag in one_by_one.items()} == world.remote[identifier]
        together = client.get_identity_flags(identifier, traits).all_flags()
        assert {one.feature_name: (one.enabled, repr(one.value)) for one in together} == world.remote[identifier]
    client.environment_data_polling_manager_thread.stop()
    client.session.close()


def test_the_python_sdk_agrees_when_it_asks(world: World) -> None:
    client = Flagsmith(world.shop.server_key, world.shop.burgee.api_url)
    for identifier, _ in world.people:
        flags = client.get_identity_flags(identifier).all_flags()
        assert {one.feature_name: (one.enabled, repr(one.value)) for one in flags} == world.remote[identifier]
    client.session.close()


def test_the_node_sdk_agrees(world: World, node: Callable[[str, Any], Any]) -> None:
    questions = [{"kind": "identity", "identifier": who, "traits": traits} for who, traits in world.people]
    key = world.shop.server_key
    clients = [{"key": key, "local": True, "questions": questions}, {"key": key, "questions": questions}]
    local, asked = node("server_sdk.mjs", {"apiUrl": world.shop.burgee.api_url, "clients": clients})
    for (identifier, _), evaluated, answered in zip(world.people, local, asked, strict=True):
        expected = world.remote[identifier]
        assert _shown(answered) == expected
        assert world.safe_for_node(_shown(evaluated)) == world.safe_for_node(expected)


def _shown(flags: dict[str, list[Any]]) -> Told:
    return {name: (enabled, repr(value)) for name, (enabled, value) in flags.items()}
