"""The file of features, as Flagsmith writes and reads it: text to checked items and back, without the database."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from burgee.control.kit.digests import folded
from burgee.control.kit.errors import DomainError
from burgee.control.kit.values import FlagValue, value_type
from burgee.control.targeting import rules

LARGEST: Final = 1_000_000
"""Bytes of a file, both ways."""

LONGEST_NAME: Final = 2000
Type = Literal["int", "unicode", "bool"]


class Variant(Struct, frozen=True, kw_only=True):
    percentage_allocation: float
    default_percentage_allocation: float
    value: FlagValue = None
    type: Type = "unicode"


class Item(Struct, frozen=True, kw_only=True):
    """A feature and its default state in one environment."""

    name: str
    default_enabled: bool = False
    is_server_key_only: bool = False
    initial_value: str | None = None
    value: FlagValue = None
    type: Type = "unicode"
    enabled: bool
    multivariate: tuple[Variant, ...] = ()


class Problem(Struct, frozen=True, kw_only=True):
    """What is wrong with a file: with the whole, or with the item at a position, counted from 1."""

    why: str
    item: int | None = None
    feature: str | None = None


class FileRefused(Exception):
    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


def written(items: Iterable[Item]) -> bytes:
    return msgspec.json.encode(list(items))


def typed(value: FlagValue) -> Type:
    """The name of a value's type in files."""
    names: dict[str, Type] = {"int": "int", "bool": "bool"}
    return names.get(value_type(value), "unicode")


def read(text: str, *, value_limit: int) -> list[Item]:
    """The features of a file, checked each for itself; raises FileRefused with everything that is wrong."""
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FileRefused([Problem(why=f"This is not JSON: {error}.")]) from error
    if not isinstance(raw, list):
        raise FileRefused([Problem(why="Expected a list of features.")])
    items: list[Item] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for position, entry in enumerate(raw, start=1):
        try:
            item = _item(entry, value_limit)
            _check_once(item, seen)
        except (msgspec.ValidationError, ValueError, DomainError) as error:
            problems.append(Problem(item=position, feature=_name_in(entry), why=str(error)))
        else:
            items.append(item)
    if problems:
        raise FileRefused(problems)
    return items


def _item(entry: Any, value_limit: int) -> Item:
    item = msgspec.convert(entry, Item)
    if not item.name.strip() or len(item.name) > LONGEST_NAME:
        raise ValueError(f"A name has 1 to {LONGEST_NAME} characters.")
    value = _value(item.value, item.type)
    variants = tuple(
        msgspec.structs.replace(variant, value=_value(variant.value, variant.type)) for variant in item.multivariate
    )
    rules.check_value(item.name, limit=LONGEST_NAME)
    for text in (item.initial_value, value, *(variant.value for variant in variants)):
        rules.check_value(text, limit=value_limit)
    if "\x00" in item.name:
        raise ValueError("Null characters are not allowed.")
    rules.check_allocation(variant.percentage_allocation for variant in variants)
    rules.check_allocation(variant.default_percentage_allocation for variant in variants)
    return msgspec.structs.replace(item, value=value, multivariate=variants)


def _value(value: FlagValue, kind: Type) -> FlagValue:
    """The value in its type; numbers and booleans may be written as text."""
    if value is None or typed(value) == kind:
        return value
    if kind == "int" and isinstance(value, str):
        return int(value)
    if kind == "bool" and isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise ValueError(f"The value {value!r} is not of type {kind}.")


def _check_once(item: Item, seen: set[str]) -> None:
    name = folded(item.name)
    if name in seen:
        raise ValueError("Another item of the file has this name; case does not matter.")
    seen.add(name)


def _name_in(entry: Any) -> str | None:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name[:LONGEST_NAME] if isinstance(name, str) else None
