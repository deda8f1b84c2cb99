"""Reads single JSON values the way the management API's serializers do, with the messages that clients know."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

TRAIT_KEY_LIMIT: Final = 200
TRAIT_TEXT_LIMIT: Final = 2000
IDENTIFIER_LIMIT: Final = 2000
INTEGER_LIMIT: Final = 2**53

REQUIRED: Final = "This field is required."
NOT_NULL: Final = "This field may not be null."
_BLANK: Final = "This field may not be blank."
_NULL_CHARACTERS: Final = "Null characters are not allowed."
_INTEGER_RANGE: Final = "Integers must be between -9007199254740992 and 9007199254740992."
_INTEGER_TEXT_LIMIT: Final = 1000

_TRUE: Final = frozenset({"t", "y", "yes", "true", "on", "1", 1})
_FALSE: Final = frozenset({"f", "n", "no", "false", "off", "0", 0})
_WHOLE_DECIMAL: Final = re.compile(r"\.0*\s*$")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

T = TypeVar("T")
Errors = dict[str, Any] | list[Any]


class Refused(Exception):  # an outcome of reading, named as the callers speak of it
    """The value cannot be taken; `errors` is the JSON that says why, place by place."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("invalid input")
        self.errors = errors


class Fields:
    """The members of one JSON object: collects every error before it refuses."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, Mapping):
            raise Refused({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {_type_name(data)}."]})
        self._data: Mapping[str, Any] = data
        self._errors: dict[str, Any] = {}

    def required(self, name: str, read: Callable[[Any], T]) -> T | None:
        """The member as `read` understands it; None stands for an error already noted."""
        if name not in self._data:
            self._errors[name] = [REQUIRED]
            return None
        return self._read(name, read)

    def optional(self, name: str, read: Callable[[Any], T]) -> T | None:
        return self._read(name, read) if name in self._data else None

    def check(self) -> None:
        if self._errors:
            raise Refused(self._errors)

    def _read(self, name: str, read: Callable[[Any], T]) -> T | None:
        try:
            return read(self._data[name])
        except Refused as refused:
            self._errors[name] = refused.errors
            return None


def items(data: object, read: Callable[[Any], T]) -> list[T]:
    """Every item of a JSON array; errors keep their place and good items leave `{}`."""
    if not isinstance(data, list):
        raise Refused({"non_field_errors": [f'Expected a list of items but got type "{_type_name(data)}".']})
    found: list[T] = []
    errors: list[Any] = []
    for item in data:
        try:
            found.append(read(item))
            errors.append({})
        except Refused as refused:
            errors.append(refused.errors)
    if any(errors):
        raise Refused(errors)
    return found


def not_null(read: Callable[[Any], T]) -> Callable[[Any], T]:
    def reader(value: Any) -> T:
        if value is None:
            raise Refused([NOT_NULL])
        return read(value)

    return reader


def text(limit: int, *, blank: bool = False) -> Callable[[Any], str]:
    """A trimmed string of at most `limit` characters; numbers are taken as text."""

    def reader(value: Any) -> str:
        if value is None:
            raise Refused([NOT_NULL])
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Refused(["Not a valid string."])
        stripped = str(value).strip()
        if not stripped and not blank:
            raise Refused([_BLANK])
        errors = _text_errors(stripped)
        if len(stripped) > limit:
            errors.insert(0, f"Ensure this field has no more than {limit} characters.")
        if errors:
            raise Refused(errors)
        return stripped

    return reader


def nullable_text(limit: int) -> Callable[[Any], str]:
    """As `text`; null and blank both mean the empty string."""
    read = text(limit, blank=True)
    return lambda value: "" if value is None else read(value)


def boolean(value: Any) -> bool:
    if value is None:
        raise Refused([NOT_NULL])
    try:
        known = value.lower() if isinstance(value, str) else value
        if known in _TRUE:
            return True
        if known in _FALSE:
            return False
    except TypeError:
        pass
    raise Refused(["Must be a valid boolean."])


def integer(value: Any) -> int:
    if value is None:
        raise Refused([NOT_NULL])
    if isinstance(value, str) and len(value) > _INTEGER_TEXT_LIMIT:
        raise Refused(["String value too large."])
    try:
        number = int(_WHOLE_DECIMAL.sub("", str(value)))
    except ValueError:
        raise Refused(["A valid integer is required."]) from None
    if abs(number) > INTEGER_LIMIT:
        raise Refused([_INTEGER_RANGE])
    return number


def trait_value(value: Any) -> str | int | float | bool | None:
    """A scalar as it is, null for "delete"; arrays and objects become their Python text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        if abs(value) > INTEGER_LIMIT:
            raise Refused([_INTEGER_RANGE])
        return value
    written = str(value)
    if len(written) > TRAIT_TEXT_LIMIT:
        raise Refused([f"Value string is too long. Must be less than {TRAIT_TEXT_LIMIT} character"])
    errors = _text_errors(written)
    if errors:
        raise Refused(errors)
    return written


def _text_errors(value: str) -> list[str]:
    errors = [_NULL_CHARACTERS] if "\0" in value else []
    surrogate = _SURROGATE.search(value)
    if surrogate:
        errors.append(f"Surrogate characters are not allowed: U+{ord(surrogate.group()):X}.")
    return errors


def _type_name(data: object) -> str:
    return type(data).__name__
