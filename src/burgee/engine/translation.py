r"""Python's regular expressions in RE2's language, so that both match the same texts or none is offered.

The tree that Python's own parser makes is written out anew: classes as explicit ranges, groups without
captures, anchors by their meaning. What no RE2 pattern can say is refused by name.
"""

import re
import threading
import warnings
from collections.abc import Callable, Iterable
from re import _constants, _parser  # type: ignore[attr-defined,unused-ignore]  # no public door to the tree
from typing import Any, Final

from msgspec import Struct

from burgee.engine.charsets import (
    Ranges,
    category,
    complement,
    ignoring_case,
    intersection,
    union,
    words_beyond_ascii,
    written,
)

MAX_PATTERN: Final = 2_000
MAX_REPEAT: Final = 1_000
"""RE2's own bound for a counted repetition."""

_CLASS_FLAGS: Final = re.ASCII | re.IGNORECASE
_TYPES: Final = re.ASCII | re.UNICODE | re.LOCALE

_REFUSED: Final = {
    "ASSERT": "look-around such as (?=…) or (?<=…)",
    "ASSERT_NOT": "negative look-around such as (?!…) or (?<!…)",
    "GROUPREF": r"a back-reference such as \1 or (?P=name)",
    "GROUPREF_EXISTS": "a conditional group such as (?(1)…|…)",
    "ATOMIC_GROUP": "an atomic group (?>…)",
    "POSSESSIVE_REPEAT": "a possessive repetition such as *+",
}


class Translation(Struct, frozen=True, kw_only=True):
    """Either `pattern` for RE2 or the reason of `refusal`.

    With `marked`, word characters beyond ASCII and underscores stand between underscores in pattern and
    text: RE2's word boundary knows ASCII only, and so sees the boundaries that Python sees.
    """

    pattern: str = ""
    required: str = ""
    """A text that every match contains."""

    marked: bool = False
    refusal: str | None = None


class _Refused(Exception):  # an answer, not an error
    pass


_parsing: Final = threading.Lock()


def translate(pattern: str) -> Translation:
    """The RE2 form of a Python pattern, or why there is none."""
    if len(pattern) > MAX_PATTERN:
        return Translation(refusal=f"The pattern is longer than {MAX_PATTERN} characters.")
    try:
        tree = _parsed(pattern)
        writer = _Writer(marked=False)
        text = writer.sequence(tree, tree.state.flags, last=True)
        if writer.unicode_boundary:
            writer = _Writer(marked=True)
            text = writer.sequence(tree, tree.state.flags, last=True)
    except re.error as error:
        return Translation(refusal=f"The pattern is not valid: {error}.")
    except _Refused as refused:
        return Translation(refusal=f"The pattern uses {refused}, which cannot be supported.")
    except (RecursionError, OverflowError):
        return Translation(refusal="The pattern is nested too deeply.")
    return Translation(pattern=text, required=_required(tree), marked=writer.marked)


def _parsed(pattern: str) -> Any:
    # Python warns about sets that may change meaning one day; the lock keeps the filter ours alone.
    with _parsing, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _parser.parse(pattern)


def _required(tree: Any) -> str:
    """The longest run of plain characters at the top of the tree."""
    if tree.state.flags & re.IGNORECASE:
        return ""
    runs = [""]
    for kind, value in tree:
        if str(kind) == "LITERAL":
            runs[-1] += chr(value)
        else:
            runs.append("")
    return max(runs, key=len)


class _Writer:
    def __init__(self, *, marked: bool) -> None:
        self.marked = marked
        self.unicode_boundary = False
        self._rules: dict[str, Callable[[Any, int, bool], str]] = {
            "LITERAL": lambda code, flags, _: self._class([("LITERAL", code)], flags),
            "NOT_LITERAL": lambda code, flags, _: self._class([("NEGATE", None), ("LITERAL", code)], flags),
            "IN": lambda items, flags, _: self._class(items, flags),
            "ANY": self._any,
            "AT": self._anchor,
            "BRANCH": self._branch,
            "SUBPATTERN": self._group,
            "MAX_REPEAT": self._repeat,
            "MIN_REPEAT": self._repeat,
            "FAILURE": lambda _, __, ___: written(()),
        }

    def sequence(self, items: Iterable[Any], flags: int, *, last: bool) -> str:
        """`last` tells that nothing stands behind the sequence in the whole pattern."""
        items = list(items)
        return "".join(self._item(item, flags, last and item is items[-1]) for item in items)

    def _item(self, item: tuple[Any, Any], flags: int, last: bool) -> str:  # noqa: FBT001  # as the rules take it
        name = str(item[0])
        rule = self._rules.get(name)
        if rule is None:
            raise _Refused(_REFUSED.get(name, name.lower()))
        return rule(item[1], flags, last)

    def _class(self, items: list[tuple[Any, Any]], flags: int) -> str:
        negated = str(items[0][0]) == "NEGATE"
        parts = [_class_item(str(kind), value, flags) for kind, value in items[negated:]]
        ranges = union(span for spans, _ in parts for span in spans)
        if negated:
            ranges = complement(ranges)
        if flags & re.IGNORECASE:
            source = f"[{'^' if negated else ''}{''.join(text for _, text in parts)}]"
            ranges = ignoring_case(ranges, source, flags & _CLASS_FLAGS)
        return self._written(ranges)

    def _written(self, ranges: Ranges) -> str:
        if not self.marked:
            return written(ranges)
        words = words_beyond_ascii()
        between = intersection(ranges, words)
        plain = written(intersection(ranges, complement(words)))
        return f"(?:{plain}|_{written(between)}_)" if between else plain

    def _any(self, _: None, flags: int, last: bool) -> str:  # noqa: ARG002, FBT001  # a rule
        return self._written(complement(() if flags & re.DOTALL else ((10, 10),)))

    def _anchor(self, where: Any, flags: int, last: bool) -> str:  # noqa: FBT001  # a rule
        name = str(where)
        if name in ("AT_BOUNDARY", "AT_NON_BOUNDARY"):
            return self._boundary(name, flags)
        if name == "AT_END_STRING":
            return r"\z"
        if flags & re.MULTILINE and name != "AT_BEGINNING_STRING":
            return "(?m:^)" if name == "AT_BEGINNING" else "(?m:$)"
        if name != "AT_END":
            return r"\A"
        if not last:
            raise _Refused("$ before the end of the pattern")
        # Behind the last part of the pattern, taking the final newline is as good as looking at it.
        return r"(?:\x{A}?\z)"

    def _boundary(self, name: str, flags: int) -> str:
        if name == "AT_NON_BOUNDARY":
            raise _Refused(r"\B")
        if not flags & re.ASCII:
            self.unicode_boundary = True
        elif self.marked:
            raise _Refused(r"\b both with and without the flag for ASCII")
        return r"\b"

    def _branch(self, value: tuple[None, list[Any]], flags: int, last: bool) -> str:  # noqa: FBT001  # a rule
        return "(?:" + "|".join(self.sequence(branch, flags, last=last) for branch in value[1]) + ")"

    def _group(self, value: tuple[Any, int, int, Any], flags: int, last: bool) -> str:  # noqa: FBT001  # a rule
        _, added, removed, items = value
        if added & _TYPES:
            flags &= ~_TYPES
        return "(?:" + self.sequence(items, (flags | added) & ~removed, last=last) + ")"

    def _repeat(self, value: tuple[int, Any, Any], flags: int, last: bool) -> str:  # noqa: FBT001  # a rule
        low, high, items = value
        endless = high == _constants.MAXREPEAT
        if low > MAX_REPEAT or (not endless and high > MAX_REPEAT):
            raise _Refused(f"a repetition of more than {MAX_REPEAT} times")
        body = self.sequence(items, flags, last=last and high == 1)
        return f"(?:{body}){{{low},{'' if endless else high}}}"


def _class_item(kind: str, value: Any, flags: int) -> tuple[Ranges, str]:
    """One member of a class with case kept: its ranges, and how Python would write it."""
    if kind == "LITERAL":
        return ((value, value),), rf"\U{value:08x}"
    if kind == "RANGE":
        return (value,), rf"\U{value[0]:08x}-\U{value[1]:08x}"
    name = str(value).removeprefix("CATEGORY_")
    escape = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.removeprefix("NOT_")]
    ranges = category(escape, flags & re.ASCII)
    return (complement(ranges), escape.upper()) if name.startswith("NOT_") else (ranges, escape)
