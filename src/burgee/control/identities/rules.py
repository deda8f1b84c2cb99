"""What a patch does to the traits of an identity: no database."""

import math
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

TraitValue = str | int | float | bool

INTEGER_LIMIT: Final = 2**53
IDENTIFIER_LENGTH: Final = 2000
KEY_LENGTH: Final = 200
VALUE_LENGTH: Final = 2000
TRAITS_PER_IDENTITY: Final = 10_000


class Patch(Struct, frozen=True, kw_only=True):
    """``delete`` first, then ``set``, then ``increment`` (a missing trait counts from 0)."""

    set: Mapping[str, TraitValue] = {}
    delete: tuple[str, ...] = ()
    increment: Mapping[str, int] = {}


class NotInteger(ValueError):
    """An increment met a trait that is no integer, or left the range of integers."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Refused(ValueError):
    """Something that no engine can keep as written."""


def check(identifier: str, patch: Patch) -> None:
    """Raise Refused for what cannot be stored."""
    texts = [identifier, *patch.set, *patch.increment, *(text for text in patch.set.values() if isinstance(text, str))]
    if not all(map(_is_text, texts)):
        raise Refused("a text holds characters that no database stores")
    if len(identifier) > IDENTIFIER_LENGTH:
        raise Refused(f"an identifier has at most {IDENTIFIER_LENGTH} characters")
    for key in (*patch.set, *patch.increment):
        if len(key) > KEY_LENGTH:
            raise Refused(f"a trait key has at most {KEY_LENGTH} characters")
    for key, value in patch.set.items():
        if not is_storable(value):
            raise Refused(f"the number in trait {key!r} cannot be kept as written")


def is_storable(value: object) -> bool:
    """Whether every engine keeps the value as it is."""
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or -INTEGER_LIMIT <= value <= INTEGER_LIMIT


def merged(traits: Mapping[str, Any], patch: Patch) -> dict[str, Any]:
    """New traits. Raises NotInteger or Refused."""
    result = {key: value for key, value in traits.items() if key not in patch.delete}
    result.update(patch.set)
    for key, step in patch.increment.items():
        result[key] = _incremented(key, result.get(key, 0), step)
    if len(result) > max(TRAITS_PER_IDENTITY, len(traits)):
        raise Refused(f"an identity has at most {TRAITS_PER_IDENTITY} traits")
    return result


def differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether anything changed; 1, 1.0 and true are different values."""
    return before.keys() != after.keys() or any(
        before[key] != value or type(before[key]) is not type(value) for key, value in after.items()
    )


def _is_text(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text))


def _incremented(key: str, stored: object, step: int) -> int:
    if not isinstance(stored, int) or isinstance(stored, bool):
        raise NotInteger(key)
    total = stored + step
    if not is_storable(total):
        raise NotInteger(key)
    return total
