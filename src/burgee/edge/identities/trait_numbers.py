"""Numbers of trait keys, a dictionary per environment: the low bits of the ids that traits have on the wire."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from burgee.edge.identities.protocol import TraitRefused

NUMBER_LIMIT: Final = 2**20

LoadNumbers = Callable[[int], Iterable[tuple[str, int]]]


class TraitNumbers:
    """What this process knows of identities_traitkey; numbers are never given twice nor taken back."""

    def __init__(self) -> None:
        self._environments: dict[int, dict[str, int]] = {}

    def of(self, environment_id: int, load: LoadNumbers) -> dict[str, int]:
        numbers = self._environments.get(environment_id)
        if numbers is None:
            numbers = self.learn(environment_id, load(environment_id))
        return numbers

    def learn(self, environment_id: int, numbers: Iterable[tuple[str, int]]) -> dict[str, int]:
        known = self._environments[environment_id] = dict(numbers)
        return known

    def known(self, environment_id: int) -> dict[str, int] | None:
        return self._environments.get(environment_id)

    def covering(self, environment_id: int, keys: AbstractSet[str]) -> dict[str, int] | None:
        """What is known, if it holds all these keys."""
        numbers = self._environments.get(environment_id)
        return numbers if numbers is not None and keys <= numbers.keys() else None

    def forget(self) -> None:
        """After a rollback: numbers given in it do not exist."""
        self._environments = {}


def checked_number(number: int) -> int:
    if number >= NUMBER_LIMIT:
        raise TraitRefused("this environment has too many different trait keys")
    return number
