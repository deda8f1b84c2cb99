"""Whether the claims of a token are those that a trust relationship wants."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct


class Rule(Struct, frozen=True):
    """The claim must be, or contain, one of the values; ``*`` in a value stands for any text."""

    claim: str
    values: tuple[str, ...]


def all_match(rules: Sequence[Rule], claims: Mapping[str, Any]) -> bool:
    return all(_matches(rule, claims.get(rule.claim)) for rule in rules)


def _matches(rule: Rule, claim: Any) -> bool:
    texts = [_text(item) for item in (claim if isinstance(claim, list) else [claim])]
    return any(text is not None and is_like(text, value) for text in texts for value in rule.values)


def _text(claim: Any) -> str | None:
    if isinstance(claim, bool):
        return "true" if claim else "false"
    return str(claim) if isinstance(claim, str | int) else None


def is_like(text: str, pattern: str) -> bool:
    """In one pass, however many stars there are: text from outside must not choose how long this takes."""
    first, *others = pattern.split("*")
    if not others:
        return text == pattern
    *middle, last = others
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True
