"""kill -9 of the whole server: what was acknowledged is there afterwards."""

import contextlib
import itertools
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.clients.burgee import Burgee, wait_until
from tests.clients.shop import Shop
from tests.durability.load import Load, stored_traits

pytestmark = pytest.mark.process

IDENTITIES = 12
LIVES = 3


def test_every_acknowledged_trait_survives(shop: Shop, burgee: Burgee) -> None:
    for life in range(LIVES):
        load = Load([burgee], shop.key, identities=IDENTITIES, prefix=f"life{life}-")
        write_until_killed(burgee, load)
        burgee.start()
        assert load.missing(stored_traits(burgee, shop.key, IDENTITIES)) == []
        assert load.degraded == 0


def write_until_killed(burgee: Burgee, load: Load) -> None:
    enough = random.randrange(20, 300)
    with load.running(clients=4):
        wait_until(lambda: load.count >= enough, "the load is under way")
        burgee.kill()


class Changes:
    """People who change one flag each, and keep the last value that was acknowledged."""

    def __init__(self, shop: Shop, names: list[str]) -> None:
        self._shop = shop
        self.names = names
        self.acknowledged = self.stored()

    @contextmanager
    def running(self) -> Iterator[None]:
        writers = [threading.Thread(target=self._write, args=(name,)) for name in self.names]
        for writer in writers:
            writer.start()
        yield
        for writer in writers:
            writer.join()

    def _write(self, name: str) -> None:
        with contextlib.suppress(httpx.TransportError):
            for number in itertools.count(self.acknowledged[name] + 1):
                self._shop.turn(name, feature_state_value=number)
                self.acknowledged[name] = number

    def stored(self) -> dict[str, int]:
        paths = {name: self._shop.state_path(name) for name in self.names}
        return {name: self._shop.burgee.call("GET", path)["feature_state_value"] for name, path in paths.items()}

    def served(self) -> dict[str, int]:
        flags = self._shop.flags()
        return {name: flags[name]["feature_state_value"] for name in self.names}


def test_every_acknowledged_change_survives_and_is_served(shop: Shop, burgee: Burgee) -> None:
    names = ["one", "two", "three"]
    for name in names:
        shop.feature(name, "0")
        shop.state_path(name)
    for _ in range(LIVES):
        change_until_killed(burgee, Changes(shop, names))


def change_until_killed(burgee: Burgee, changes: Changes) -> None:
    enough = sum(changes.acknowledged.values()) + random.randrange(3, 15)
    with changes.running():
        wait_until(lambda: sum(changes.acknowledged.values()) >= enough, "changes are made")
        burgee.kill()
    burgee.start()
    stored = changes.stored()
    assert all(stored[name] >= value for name, value in changes.acknowledged.items()), (stored, changes.acknowledged)
    wait_until(lambda: changes.served() == stored, "the edge serves what is stored")
