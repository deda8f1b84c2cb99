"""Each operator as a closure over one property, its literal cast and bound beforehand.

Where arithmetic, text or hashing may refuse a value, the condition does not hold; nothing raises.
"""

import json
import operator
from collections.abc import Callable
from typing import Any, Final

from burgee.engine.bucketing import place_of, places_up_to
from burgee.engine.model import Scalar
from burgee.engine.regex import matcher
from burgee.engine.subject import Subject
from burgee.engine.values import normalised
from burgee.engine.versions import precedence

Holds = Callable[[Subject], bool]

SEMVER: Final = ":semver"
_FAILURES: Final = (ValueError, TypeError, ArithmeticError, RecursionError)


def nobody(subject: Subject) -> bool:  # noqa: ARG001  # a condition is asked about a subject
    return False


def compile_operator(name: str, property_: str | None, literal: object, split_key: str) -> Holds:
    """The condition as a closure; an operator nobody knows holds for nobody."""
    if name in COMPARISONS:
        return _comparison(COMPARISONS[name], property_, literal)
    if name == "PERCENTAGE_SPLIT":
        return _percentage_split(property_, literal, split_key)
    make = _OPERATORS.get(name)
    return nobody if make is None else make(property_, literal)


def casts(literal: object) -> dict[type, Any]:
    """The literal as each type a context value may have; a type that refuses it is left out."""
    found: dict[type, Any] = {bool: literal not in ("False", "false")}
    conversions: tuple[type[Any], ...] = (int, float, str)
    for convert in conversions:
        try:
            found[convert] = convert(literal)
        except _FAILURES:
            continue
    return found


def members(literal: object) -> frozenset[str]:
    """The texts that an IN literal lists."""
    if isinstance(literal, str):
        return frozenset(_split(literal))
    if isinstance(literal, list | tuple):
        return frozenset(map(str, literal))
    return frozenset()


def member_values(literal: object) -> frozenset[Scalar]:
    """The texts that an IN literal lists, and the integers that are written like one of them."""
    texts = members(literal)
    integers = {value for text in texts if type(value := normalised(text)) is int and str(value) == text}
    return texts | integers


def _split(literal: str) -> list[str]:
    if literal.startswith("["):
        try:
            return [str(member) for member in json.loads(literal)]
        except (ValueError, RecursionError):
            return literal.split(",")
    return literal.split(",")


def _comparison(compare: Callable[[Any, Any], bool], name: str | None, literal: object) -> Holds:
    if isinstance(literal, str) and literal.endswith(SEMVER):
        return _version_comparison(compare, name, literal)
    literals = casts(literal)

    def holds(subject: Subject) -> bool:
        value = subject[name]
        other = literals.get(type(value))
        return other is not None and compare(value, other)

    return holds


def _version_comparison(compare: Callable[[Any, Any], bool], name: str | None, literal: str) -> Holds:
    right = precedence(literal.removesuffix(SEMVER))

    def holds(subject: Subject) -> bool:
        value = subject[name]
        if type(value) is not str:
            # No number is written with this suffix; as a boolean the literal is true like any text.
            return type(value) is bool and compare(value, True)
        left = precedence(value)
        return left is not None and right is not None and compare(left, right)

    return holds


def _contains(name: str | None, literal: object) -> Holds:
    if not isinstance(literal, str) or literal.endswith(SEMVER):
        return nobody

    def holds(subject: Subject) -> bool:
        value = subject[name]
        return type(value) is str and literal in value

    return holds


def _not_contains(name: str | None, literal: object) -> Holds:
    text = str(literal)

    def holds(subject: Subject) -> bool:
        value = subject[name]
        return type(value) is str and text not in value

    return holds


def _regex(name: str | None, literal: object) -> Holds:
    matches = matcher(str(literal))
    if matches is None:
        return nobody

    def holds(subject: Subject) -> bool:
        value = subject[name]
        if value is None:
            return False
        try:
            return matches(value if type(value) is str else str(value))
        except ValueError:  # text that UTF-8 cannot hold, an integer too long to be written
            return False

    return holds


def _modulo(name: str | None, literal: object) -> Holds:
    try:
        divisor, remainder = map(float, literal.split("|") if isinstance(literal, str) else ())
    except ValueError:
        return nobody

    def holds(subject: Subject) -> bool:
        value = subject[name]
        if value is None or type(value) is str:
            return False
        try:
            return value % divisor == remainder
        except ArithmeticError:
            return False

    return holds


def key_split(literal: object, split_key: str) -> tuple[bytes, int] | None:
    """A split's seed and how many places it admits; None for one that admits nobody."""
    try:
        return split_key.encode() + b",", places_up_to(float(literal))  # type: ignore[arg-type]  # or it is none
    except _FAILURES:
        return None


def _percentage_split(name: str | None, literal: object, split_key: str) -> Holds:
    split = key_split(literal, split_key)
    if split is None:
        return nobody
    seed, admitted = split

    def holds_for_key(subject: Subject) -> bool:
        hashed = subject.hashed
        return hashed is not None and place_of(seed + hashed) < admitted

    def holds(subject: Subject) -> bool:
        value = subject[name]
        try:
            return value is not None and place_of(seed + str(value).encode()) < admitted
        except ValueError:
            return False

    return holds if name else holds_for_key


def _in(name: str | None, literal: object) -> Holds:
    listed = member_values(literal)

    def holds(subject: Subject) -> bool:
        value = subject[name]
        kind = type(value)
        return (kind is str or kind is int) and value in listed

    return holds


def _is_set(name: str | None, literal: object) -> Holds:  # noqa: ARG001  # the literal means nothing here
    return lambda subject: subject[name] is not None


def _is_not_set(name: str | None, literal: object) -> Holds:  # noqa: ARG001  # the literal means nothing here
    return lambda subject: subject[name] is None


COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "EQUAL": operator.eq,
    "NOT_EQUAL": operator.ne,
    "GREATER_THAN": operator.gt,
    "GREATER_THAN_INCLUSIVE": operator.ge,
    "LESS_THAN": operator.lt,
    "LESS_THAN_INCLUSIVE": operator.le,
}
_OPERATORS: Final[dict[str, Callable[[str | None, object], Holds]]] = {
    "CONTAINS": _contains,
    "NOT_CONTAINS": _not_contains,
    "REGEX": _regex,
    "MODULO": _modulo,
    "IN": _in,
    "IS_SET": _is_set,
    "IS_NOT_SET": _is_not_set,
}
COSTLY: Final = ("PERCENTAGE_SPLIT", "REGEX")
"""Operators that are asked last, because conditions have no side effects."""

OPERATORS: Final = frozenset({*COMPARISONS, *_OPERATORS, "PERCENTAGE_SPLIT"})
"""Every operator that can hold."""
