"""What conditions read while one identity is evaluated."""

from collections.abc import Callable
from typing import Any, Final

from burgee.engine.model import Environment, Identity, Scalar
from burgee.engine.paths import compiled_path, first_value
from burgee.engine.values import normalised

IDENTIFIER: Final = "$.identity.identifier"
IDENTITY_KEY: Final = "$.identity.key"
ENVIRONMENT_NAME: Final = "$.environment.name"
WELL_KNOWN: Final = frozenset({IDENTIFIER, IDENTITY_KEY, ENVIRONMENT_NAME})
"""Context properties that are answered without a JSONPath engine and indexed like traits."""


class Subject(dict[str | None, Scalar]):
    """Property → normalised value for one evaluation.

    Traits are put in by whoever made it, so a trait wins over a context property of the same name;
    context properties are looked up when they are first asked for; everything else is None.
    """

    __slots__ = ("document", "environment", "hashed", "identity", "key")

    def __init__(
        self,
        environment: Environment,
        identity: Identity | None,
        key: str | None,
        hashed: bytes | None,
        document: Callable[["Subject"], dict[str, Any]],
    ) -> None:
        self.environment = environment
        self.identity = identity
        self.key = key
        self.hashed = hashed
        self.document = document

    def __missing__(self, name: str | None) -> Scalar:
        value: Scalar = None
        if name is not None and name.startswith("$."):
            value = self._well_known(name) if name in WELL_KNOWN else self._found(name)
        self[name] = value
        return value

    def _well_known(self, name: str) -> Scalar:
        if name == ENVIRONMENT_NAME:
            return normalised(self.environment.name)
        if self.identity is None:
            return None
        return normalised(self.identity.identifier if name == IDENTIFIER else self.key)

    def _found(self, path: str) -> Scalar:
        query = compiled_path(path)
        return None if query is None else first_value(query, self.document(self))
