"""One environment at one revision: its parts, compiled; replaced whole, never edited."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final, Generic, TypeVar

from burgee import engine
from burgee.wire import compiling, ofrep, sdk, snapshot
from burgee.wire.compiling import Shape, Source
from burgee.wire.document import Document
from burgee.wire.snapshot import Delta, FlagPart, OverriddenIdentity, OverridesPart, Part, SegmentPart, SettingsPart

P = TypeVar("P")
U = TypeVar("U")
T = TypeVar("T")

_KEPT_IDENTITIES: Final = 10_000
"""How many overridden identities stay compiled."""

Version = tuple[int, int]
"""Epoch and revision."""

Made = Mapping[str, tuple[P, U]]
"""What was made of a part, by the part's name."""


def remake(parts: Mapping[str, P], make: Callable[[P], U], previous: Made[P, U]) -> dict[str, tuple[P, U]]:
    """Something made from each part; a part that did not change keeps what was made of it."""
    made: dict[str, tuple[P, U]] = {}
    for name, part in parts.items():
        old = previous.get(name)
        made[name] = old if old is not None and old[0] is part else (part, make(part))
    return made


class Rules(Generic[T]):
    """The flags of an environment compiled to one shape, for both kinds of keys."""

    def __init__(self, environment: "Environment", shape: Shape[T], previous: "Rules[T] | None" = None) -> None:
        self._environment = environment
        self._shape = shape
        settings = environment.settings
        kept = {} if previous is None or previous._environment.settings is not settings else previous._units  # noqa: SLF001  # the same class
        self._units: dict[str, tuple[FlagPart, engine.FlagUnit[T]]] = remake(
            environment.flags, lambda part: compiling.flag_unit(part, settings, shape), kept
        )
        self._choices: dict[str, dict[str, engine.Choice[T]]] = {}
        self.server: engine.Ruleset[T] = self._ruleset(None if previous is None else previous.server, server=True)
        self.client: engine.Ruleset[T] = self.server
        if environment.has_server_only_flags:
            self.client = self._ruleset(None if previous is None else previous.client, server=False)

    def _ruleset(self, before: engine.Ruleset[T] | None, *, server: bool) -> engine.Ruleset[T]:
        settings = self._environment.settings
        return engine.Ruleset(
            engine.Environment(key=settings.client_key, name=settings.environment_name),
            self._environment.segment_units,
            [unit for part, unit in self._units.values() if server or not part.is_server_key_only],
            before=before,
        )

    def overrides_of(self, identifier: str) -> dict[str, engine.Choice[T]] | None:
        """The identity's own states, by flag name; compiled when the identity is seen first."""
        known = self._choices.get(identifier)
        if known is not None:
            return known
        identity = self._environment.overridden.get(identifier)
        if identity is None:
            return None
        if len(self._choices) >= _KEPT_IDENTITIES:
            self._choices.clear()
        choices = self._choices[identifier] = self._compiled(identity)
        return choices

    def _compiled(self, identity: OverriddenIdentity) -> dict[str, engine.Choice[T]]:
        choices: dict[str, engine.Choice[T]] = {}
        for override in identity.flags:
            part = self._environment.flags.get(snapshot.flag_part(override.feature_id))
            if part is not None:
                source = Source(
                    settings=self._environment.settings,
                    flag=part,
                    state=override.state,
                    identity_id=identity.identity_id,
                )
                choices[part.name] = compiling.identity_choice(source, self._shape)
        return choices


class Environment:
    """The parts of a snapshot and what is made of them; the expensive things share with the revision before."""

    settings: SettingsPart
    flags: dict[str, FlagPart]
    segments: dict[str, SegmentPart]
    has_server_only_flags: bool
    compiled_segments: dict[str, tuple[SegmentPart, engine.SegmentUnit]]
    fragments: dict[str, tuple[FlagPart, bytes]]
    overridden: dict[str, OverriddenIdentity]

    def __init__(self, delta: Delta, parts: dict[str, Part], previous: "Environment | None" = None) -> None:
        settings = parts[snapshot.SETTINGS]
        if not isinstance(settings, SettingsPart):
            raise TypeError("the settings of a snapshot are a SettingsPart")
        self.id: Final = delta.environment_id
        self.version: Final[Version] = (delta.epoch, delta.revision)
        self.published_at: Final[datetime] = delta.published_at
        self.updated_at: Final = delta.published_at.timestamp()
        self.parts: Final = parts
        self.settings = settings
        same = None if delta.complete else previous
        before = None if same is None else (same.flags, same.segments)
        self.flags = _parts(FlagPart, lambda part: part.feature_id, parts, delta, before and before[0])
        self.segments = _parts(SegmentPart, lambda part: part.segment_id, parts, delta, before and before[1])
        self.has_server_only_flags = any(part.is_server_key_only for part in self.flags.values())
        self.compiled_segments = remake(
            self.segments, compiling.segment_unit, {} if previous is None else previous.compiled_segments
        )
        self.segment_units: Final = [unit for _, unit in self.compiled_segments.values()]
        self.overridden = _overridden(parts, delta, previous)
        kept = previous.fragments if previous is not None and previous.settings is settings else {}
        self.fragments = remake(self.flags, lambda part: sdk.flag_fragment(settings, part), kept)
        self.rules: Final[Rules[bytes]] = Rules(
            self, sdk.identity_flag_fragment, None if previous is None else previous.rules
        )
        self._document_before = None if previous is None else previous.known_document()
        self._ofrep_before = None if previous is None else previous.known_ofrep_rules()

    @cached_property
    def flag_names(self) -> frozenset[str]:
        return frozenset(part.name for part in self.flags.values())

    @cached_property
    def ofrep_rules(self) -> "Rules[ofrep.OfrepFlag]":
        """The same flags in OFREP's shape, compiled when the first OFREP client asks."""
        before, self._ofrep_before = self._ofrep_before, None
        return Rules(self, ofrep.flag, before)

    @cached_property
    def document(self) -> Document:
        """The environment document, written when the first local evaluator asks."""
        before, self._document_before = self._document_before, None
        return Document(self.settings, self.published_at, self.parts.values(), before)

    def known_document(self) -> Document | None:
        """The document if somebody asked for it, else the latest one before."""
        return self.__dict__.get("document", self._document_before)

    def known_ofrep_rules(self) -> "Rules[ofrep.OfrepFlag] | None":
        return self.__dict__.get("ofrep_rules", self._ofrep_before)


def _parts(
    kind: type[P], key: Callable[[P], int], parts: Mapping[str, Part], delta: Delta, before: dict[str, P] | None
) -> dict[str, P]:
    """The parts of a kind in the order of `key`: those `before`, with what the delta says of them."""
    if before is None:
        return _in_order([(name, part) for name, part in parts.items() if isinstance(part, kind)], key)
    told = [(name, part) for name in delta.parts if isinstance(part := parts.get(name), kind)]
    gone = [name for name in delta.parts if name in before and name not in parts]
    if not told and not gone:
        return before
    after = before | dict(told)
    for name in gone:
        del after[name]
    return after if all(name in before for name, _ in told) else _in_order(after.items(), key)


def _in_order(named: Iterable[tuple[str, P]], key: Callable[[P], int]) -> dict[str, P]:
    return dict(sorted(named, key=lambda one: key(one[1])))


def _overridden(parts: Mapping[str, Part], delta: Delta, previous: Environment | None) -> dict[str, OverriddenIdentity]:
    """Overridden identities by identifier; the mapping before is kept while no bucket changed."""
    if previous is not None:
        names = delta.parts.keys() | (previous.parts.keys() if delta.complete else set())
        before = previous.parts
        buckets = [name for name in names if OverridesPart in {type(parts.get(name)), type(before.get(name))}]
        if all(parts.get(name) is before.get(name) for name in buckets):
            return previous.overridden
    return {
        identity.identifier: identity
        for part in parts.values()
        if isinstance(part, OverridesPart)
        for identity in part.identities
    }
