"""What all subjects of one ruleset have in common."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from burgee.engine.flags import FlagUnit
from burgee.engine.model import Environment, Identity, SegmentId
from burgee.engine.segments import SegmentUnit


class Scope:
    """The environment, and the document that JSONPath properties read."""

    def __init__(
        self,
        environment: Environment,
        segments: Mapping[SegmentId, SegmentUnit],
        flags: Mapping[str, FlagUnit[Any]],
        given: dict[str, Any] | None,
    ) -> None:
        self.environment = environment
        self._segments = segments
        self._flags = flags
        self._given = given

    def document(self, identity: Identity | None, key: str | None) -> dict[str, Any]:
        if identity is None:
            return self._static
        who = {"identifier": identity.identifier, "key": key, "traits": dict(identity.traits)}
        return {**self._static, "identity": who}

    @cached_property
    def _static(self) -> dict[str, Any]:
        if self._given is not None:
            return self._given
        return {
            "environment": {"key": self.environment.key, "name": self.environment.name},
            "segments": {str(id_): msgspec.to_builtins(unit.source) for id_, unit in self._segments.items()},
            "features": {
                name: {"name": name, **msgspec.to_builtins(unit.source.state)} for name, unit in self._flags.items()
            },
        }
