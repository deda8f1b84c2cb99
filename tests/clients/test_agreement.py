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
Everybody = dict[str, Told]


class World:
    """A generated project, its people, and what the API tells them."""

    def __init__(self, burgee: Burgee, seed: int) -> None:
        self.shop = Shop(burgee)
        self.kinds = grow(self.shop, seed)
        self.people = people(seed, PEOPLE)
        self.remote: Everybody = {who: self._told(who, traits) for who, traits in self.people}

    def _told(self, identifier: str, traits: dict[str, Any]) -> Told:
        flags = self.shop.identify(identifier, **traits)["flags"]
        return {flag["feature"]["name"]: (flag["enabled"], repr(flag["feature_state_value"])) for flag in flags}

    def python_asking(self) -> Everybody:
        """Asked without traits: those of the first time are stored."""
        client = Flagsmith(self.shop.server_key, self.shop.burgee.api_url)
        told = {who: _all(client.get_identity_flags(who)) for who, _ in self.people}
        client.session.close()
        return told

    def python_evaluating(self) -> tuple[Everybody, Everybody]:
        """Flag by flag and all at once: the SDK has different code for these."""
        client = Flagsmith(self.shop.server_key, self.shop.burgee.api_url, enable_local_evaluation=True)
        single: Everybody = {}
        for who, traits in self.people:
            flags = client.get_identity_flags(who, traits)
            found = {name: flags.get_flag(name) for name in self.kinds}
            single[who] = {name: (flag.enabled, repr(flag.value)) for name, flag in found.items()}
        together = {who: _all(client.get_identity_flags(who, traits)) for who, traits in self.people}
        client.environment_data_polling_manager_thread.stop()
        client.session.close()
        return single, together

    def node(self, run: Callable[[str, Any], Any]) -> tuple[Everybody, Everybody]:
        """Evaluating, and asking."""
        questions = [{"kind": "identity", "identifier": who, "traits": traits} for who, traits in self.people]
        client = {"key": self.shop.server_key, "questions": questions}
        answers = run(
            "server_sdk.mjs", {"apiUrl": self.shop.burgee.api_url, "clients": [client | {"local": True}, client]}
        )
        evaluated, asked = (
            {
                who: {name: (enabled, repr(value)) for name, (enabled, value) in flags.items()}
                for (who, _), flags in zip(self.people, told, strict=True)
            }
            for told in answers
        )
        return evaluated, asked

    def fair_to_node(self, everybody: Everybody) -> Everybody:
        """Without the flags and the people that the Node SDK is known to get wrong."""
        fair = {name for name, kinds in self.kinds.items() if not kinds & NODE_KINDS}
        unfair = {who for who, traits in self.people if who in self.shop.identities and not all(traits.values())}
        assert len(unfair) < len(self.shop.identities)
        return {
            who: {name: flag for name, flag in told.items() if name in fair}
            for who, told in everybody.items()
            if who not in unfair
        }


def _all(flags: Any) -> Told:
    return {flag.feature_name: (flag.enabled, repr(flag.value)) for flag in flags.all_flags()}


def differences(told: Everybody, truth: Everybody) -> list[tuple[str, str, Any, Any]]:
    assert told.keys() == truth.keys()
    return [
        (who, name, told[who].get(name), truth[who].get(name))
        for who in truth
        for name in told[who].keys() | truth[who].keys()
        if told[who].get(name) != truth[who].get(name)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_is_told_the_same_by_everyone(burgee: Burgee, node: Callable[[str, Any], Any], seed: int) -> None:
    world = World(burgee, seed)
    assert differences(world.python_asking(), world.remote) == []
    single, together = world.python_evaluating()
    assert differences(single, world.remote) == []
    assert differences(together, world.remote) == []
    evaluated, asked = world.node(node)
    assert differences(asked, world.remote) == []
    assert differences(world.fair_to_node(evaluated), world.fair_to_node(world.remote)) == []
    constant = {name for name in world.kinds if len({told[name] for told in world.remote.values()}) == 1}
    assert len(constant) < len(world.kinds) / 4, "it says little that all agree about flags that never vary"
