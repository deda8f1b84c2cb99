from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.clients import node_programs
from tests.clients.burgee import Burgee, running_burgee
from tests.clients.shop import Shop


@pytest.fixture(scope="session")
def burgee(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Burgee]:
    """One server for the whole run; a test has a project of its own."""
    with running_burgee(tmp_path_factory.mktemp("burgee")) as server:
        yield server


@pytest.fixture
def shop(burgee: Burgee) -> Shop:
    return Shop(burgee)


@pytest.fixture(scope="session")
def node() -> Callable[[str, Any], Any]:
    """Runs a program of tests/clients/node with the packages that it needs."""
    node_programs.install()
    return node_programs.run
