from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.burgee import Burgee, running_burgee
from tests.clients.shop import Shop
from tests.services.postgresql import postgresql_server

__all__ = ["postgresql_server"]


@pytest.fixture
def burgee(tmp_path: Path) -> Iterator[Burgee]:
    """A server of the test's own, on SQLite: it will not be treated well."""
    with running_burgee(tmp_path) as server:
        yield server


@pytest.fixture
def shop(burgee: Burgee) -> Shop:
    made = Shop(burgee)
    made.feature("text", "hello")
    return made
