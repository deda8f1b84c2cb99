"""What conditions read while one identity is evaluated."""

from typing import Any, Final, Protocol

from burgee.engine.model import Environment, Identity, Scalar
from burgee.engine.paths import compiled_path, first_value
from burgee.engine.values import normalised

IDENTIFIER: Final = "$.identity.identifier"
IDENTITY_KEY: Final = "$.identity.key"
ENVIRONMENT_NAME: Final = "$.environment.name"
WELL_KNOWN: Final = frozenset({IDENTIFIER, IDENTITY_KEY, ENVIRONMENT_NAME})
"""Context properties that are answered without a JSONPath engine and indexed like traits."""


class Surroundings(Protocol):
    """What all subjects of one ruleset have in common."""

    environment: Environment

    def document(self, identity: Identity | None, key: str | None) -> dict[str, Any]:
        """What JSONPath properties read."""


class Subject(dict[str | None, Scalar]):
    """Property → normalised value for one evaluation, looked up when it is first asked for.

    A trait wins over a context property of the same name; everything else is None. Whoever makes one sets the
    attributes, because a constructor of its own would double the cost.
    """

    __slots__ = ("hashed", "identity", "key", "surroundings")

    surroundings: Surroundings
    identity: Identity | None
    key: str | None
    hashed: bytes | None

    def __missing__(self, name: str | None) -> Scalar:
        identity = self.identity
        value = None if identity is None or name is None else identity.traits.get(name)
        if value is not None:
            value = normalised(value)
        elif name is not None and name.startswith("$."):
            value = self._well_known(name) if name in WELL_KNOWN else self._found(name)
        self[name] = value
        return value

    def _well_known(self, name: str) -> Scalar:
        if name == ENVIRONMENT_NAME:
            return normalised(self.surroundings.environment.name)
        if self.identity is None:
            return None
        return normalised(self.identity.identifier if name == IDENTIFIER else self.key)

    def _found(self, path: str) -> Scalar:
        query = compiled_path(path)
        return None if query is None else first_value(query, self.surroundings.document(self.identity, self.key))
