from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.clients.burgee import Burgee
from tests.contract.exchanges import SEED, Names, differences, read, replay, stories

pytestmark = pytest.mark.process


class Seeded:
    """A server with nothing but what the seed story brings."""

    def __init__(self, server: Burgee) -> None:
        self.server = server
        self.names: Names = {"server": server.url}
        self.wrong = replay(server.http, read(SEED), self.names)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    server = Burgee(tmp_path_factory.mktemp("contract"))
    with closing(server.http):
        try:
            server.start()
            yield Seeded(server)
        finally:
            server.kill()


def test_the_seed_is_answered_as_recorded(seeded: Seeded) -> None:
    assert seeded.wrong == []


@pytest.mark.parametrize(
    "path", [path for path in stories() if path != SEED], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_exchange_is_answered_as_recorded(seeded: Seeded, path: Path) -> None:
    assert replay(seeded.server.http, read(path), dict(seeded.names)) == []


@pytest.mark.parametrize(
    ("expected", "found", "wrong"),
    [
        ({"a": 1}, {"a": 1, "more": 2}, []),
        ({"a": 1}, {}, ["$.a: missing"]),
        ([1], [1, 2], ["$: [1] expected, got [1, 2]"]),
        (1, True, ["$: 1 expected, got True"]),
        (1, 1.0, ["$: 1 expected, got 1.0"]),
        ("<integer>", 5, []),
        ("<integer>", "5", ["$: <integer> expected, got '5'"]),
        ([{"d": "<date>"}], [{"d": "soon"}], ["$[0].d: <date> expected, got 'soon'"]),
    ],
)
def test_an_answer_is_compared_exactly_but_for_further_keys(expected, found, wrong) -> None:
    assert differences(expected, found) == wrong
