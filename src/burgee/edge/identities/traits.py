"""Stored traits as JSON text, and the one definition of what a patch does to them."""

import json
import math
from collections.abc import Iterable
from typing import Final

import msgspec

from burgee.edge.identities.protocol import TraitNotInteger, TraitPatch, TraitRefused, TraitValue

INTEGER_LIMIT: Final = 2**53
IDENTIFIER_LENGTH: Final = 2000
KEY_LENGTH: Final = 200
TRAITS_PER_IDENTITY: Final = 10_000

_decoder: msgspec.json.Decoder[dict[str, TraitValue]] = msgspec.json.Decoder(dict[str, TraitValue])
_encoder = msgspec.json.Encoder()


def decode_traits(text: str | bytes) -> dict[str, TraitValue]:
    """The traits in `text`; whatever is no scalar there was not written by us and is left out."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError:
        loose = json.loads(text)
        return {key: value for key, value in loose.items() if isinstance(value, str | int | float)}


def encode_traits(traits: dict[str, TraitValue]) -> str:
    return _encoder.encode(traits).decode()


def check_patch(patch: TraitPatch) -> None:
    """Raise TraitRefused for what no engine can keep as written."""
    if len(patch.identifier) > IDENTIFIER_LENGTH:
        raise TraitRefused(f"an identifier has at most {IDENTIFIER_LENGTH} characters")
    for key, value in patch.set.items():
        if len(key) > KEY_LENGTH:
            raise TraitRefused(f"a trait key has at most {KEY_LENGTH} characters")
        kind = type(value)
        if kind is int and not -INTEGER_LIMIT <= value <= INTEGER_LIMIT:  # type: ignore[operator]
            raise TraitRefused(f"the integer in trait {key!r} is beyond 2^53")
        if kind is float and not math.isfinite(value):  # type: ignore[arg-type]
            raise TraitRefused(f"the number in trait {key!r} is not finite")
    _check_keys(patch.increment)


def _check_keys(keys: Iterable[str]) -> None:
    for key in keys:
        if len(key) > KEY_LENGTH:
            raise TraitRefused(f"a trait key has at most {KEY_LENGTH} characters")


def changes_nothing(traits: dict[str, TraitValue], patch: TraitPatch) -> bool:
    """Whether `traits` already are what the patch makes of them; 1, 1.0 and True differ."""
    given = patch.set
    if patch.increment or {**traits, **given} != traits:
        return False
    for key, value in given.items():
        if type(value) is not str and type(value) is not type(traits[key]):
            return False
    return not patch.delete or not any(key in traits and key not in given for key in patch.delete)


def merge(traits: dict[str, TraitValue], patch: TraitPatch) -> dict[str, TraitValue]:
    """New traits: deleted, then set, then incremented. Raises TraitNotInteger or TraitRefused."""
    merged = traits.copy()
    for key in patch.delete:
        merged.pop(key, None)
    merged.update(patch.set)
    for key, step in patch.increment.items():
        merged[key] = _incremented(key, merged.get(key, 0), step)
    if len(merged) > TRAITS_PER_IDENTITY and len(merged) > len(traits):
        raise TraitRefused(f"an identity has at most {TRAITS_PER_IDENTITY} traits")
    return merged


def check_size(traits: dict[str, TraitValue], patch: TraitPatch) -> None:
    """Raise what `merge` would, were the traits these, for the number of traits."""
    if len(traits) + len(patch.set) > TRAITS_PER_IDENTITY:
        merge(traits, TraitPatch(environment_id=0, identifier="", set=patch.set, delete=patch.delete))


def _incremented(key: str, stored: TraitValue, step: int) -> int:
    if not isinstance(stored, int) or isinstance(stored, bool):
        raise TraitNotInteger(key)
    total = stored + step
    if not -INTEGER_LIMIT <= total <= INTEGER_LIMIT:
        raise TraitNotInteger(key)
    return total


def put_over(earlier: TraitPatch, later: TraitPatch) -> TraitPatch:
    """The one patch that does what `earlier` and then `later` do; neither may increment."""
    kept = {key: value for key, value in earlier.set.items() if key not in later.delete}
    return TraitPatch(
        environment_id=later.environment_id,
        identifier=later.identifier,
        set=kept | later.set,
        delete=tuple(dict.fromkeys((*earlier.delete, *later.delete))),
    )
