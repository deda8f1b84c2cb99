"""kill -9 of the whole server: what was acknowledged is there afterwards."""

import random
import threading

import httpx
import pytest
from tests.clients.burgee import Burgee, wait_until
from tests.clients.shop import Shop
from tests.durability.load import Load, stored_traits

pytestmark = pytest.mark.process

IDENTITIES = 12


def test_every_acknowledged_trait_survives(shop: Shop, burgee: Burgee) -> None:
    rng = random.Random()
    for life in range(3):
        load = Load([burgee], shop.key, identities=IDENTITIES, prefix=f"life{life}-")
        enough = rng.randrange(40, 250)
        with load.running(clients=4):
            wait_until(lambda: load.count >= enough, "the load is under way")
            burgee.kill()
        burgee.start()
        assert load.missing(stored_traits(burgee, shop.key, IDENTITIES)) == []
        assert load.degraded == 0


def test_every_acknowledged_change_survives_and_is_served(shop: Shop, burgee: Burgee) -> None:
    names = [f"flag{number}" for number in range(3)]
    for name in names:
        shop.feature(name, "0")
        shop.state_path(name)
    rng = random.Random()
    for _ in range(3):
        acknowledged: dict[str, int] = {}

        def write(name: str, acknowledged: dict[str, int] = acknowledged) -> None:
            number = 0
            while True:
                number += 1
                try:
                    shop.turn(name, feature_state_value=number)
                except httpx.TransportError:
                    return
                acknowledged[name] = number

        writers = [threading.Thread(target=write, args=(name,)) for name in names]
        for name in names:
            shop.turn(name, feature_state_value=0)
        for writer in writers:
            writer.start()
        enough = rng.randrange(3, 12)
        wait_until(lambda acknowledged=acknowledged: sum(acknowledged.values()) >= enough, "changes are made")
        burgee.kill()
        for writer in writers:
            writer.join()
        burgee.start()
        stored = {name: burgee.call("GET", shop.state_path(name))["feature_state_value"] for name in names}
        assert all(stored[name] >= acknowledged.get(name, 0) for name in names), (stored, acknowledged)
        wait_until(
            lambda stored=stored: {name: shop.flags()[name]["feature_state_value"] for name in names} == stored,
            "the edge serves what is stored",
        )
