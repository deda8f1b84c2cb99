"""How a looked-up value is read before any operator sees it."""

import re
from decimal import Decimal
from typing import Final

from burgee.engine.model import Scalar

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DIGITS: Final = frozenset("0123456789")
_PLAIN_TYPES: Final = frozenset({bool, int, float, type(None)})


def _number(text: str) -> Scalar:
    """The number that `text` spells, or `text` itself."""
    spelled = _NUMBER.fullmatch(text)
    if spelled is None:
        return text
    if spelled.lastindex:
        return float(text)
    try:
        return int(text)
    except ValueError:  # Python refuses to read integers of thousands of digits
        return text


def normalised(value: object) -> Scalar:
    """The value as operators see it: numeric strings as numbers, other kinds of value as text."""
    if isinstance(value, str):
        # Every number ends with a digit, and most texts do not.
        return value if type(value) is str and value[-1:] not in _DIGITS else _number(str(value))
    if type(value) in _PLAIN_TYPES:
        return value  # type: ignore[return-value]  # the set above is what Scalar lists
    if isinstance(value, Decimal):
        return _decimal(value)
    try:
        return str(value)
    except (RecursionError, ValueError):
        return None


def _decimal(value: Decimal) -> Scalar:
    if not value.is_finite():
        return float("nan") if value.is_nan() else float(value)
    return int(value) if value.as_tuple().exponent == 0 else float(value)
