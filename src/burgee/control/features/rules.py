"""What names and values of features may be: decisions without a database."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from burgee.control.features.errors import NameAgainstRegex, NameRegexUnusable, OptionKeyReserved
from burgee.control.kit.values import FlagValue
from burgee.engine import check_pattern
from burgee.engine.regex import matcher

INTEGER_BOUND: Final = 2_147_483_647
BOOLEANS: Final = {"true": True, "True": True, "false": False, "False": False}
GLOBAL_FLAGS: Final = re.compile(r"\(\?[aiLmsux]+\)")
LAST_END: Final = re.compile(r"((?<!\\)(?:\\\\)*)(?:\$|\\Z)\Z")


def typed_value(initial: str | None) -> FlagValue:
    """The value that a state takes from a feature's initial text: an integer, a boolean, or the text itself."""
    if initial is None:
        return None
    if initial in BOOLEANS:
        return BOOLEANS[initial]
    try:
        number = int(initial)
    except ValueError:
        return initial
    return number if abs(number) < INTEGER_BOUND else initial


def whole(pattern: str) -> str:
    """The pattern that matches where `pattern` matches the whole text."""
    flags = GLOBAL_FLAGS.match(pattern)
    head = flags.group() if flags else ""
    # The end that people write themselves says nothing more, and would stand before the end of this pattern.
    body = LAST_END.sub(r"\1", pattern[len(head) :])
    return f"{head}(?:{body})\\Z"


@lru_cache(maxsize=256)
def _reason(pattern: str) -> str | None:
    return check_pattern(pattern) or check_pattern(whole(pattern))


def check_name(name: str, *, regex: str | None) -> None:
    """Refuse a name that the project's regex does not match as a whole."""
    if not regex:
        return
    reason = _reason(regex)
    if reason is not None:
        raise NameRegexUnusable(reason=reason)
    matches = matcher(whole(regex))
    if matches is None or not matches(name):
        raise NameAgainstRegex(regex=regex)


def check_option_key(key: str | None) -> None:
    """Refuse the key that stands for "no option" in answers."""
    if key == "control":
        raise OptionKeyReserved


def exceed_hundred(percentages: Iterable[float]) -> bool:
    """Whether the percentages sum to more than 100; a rounding error in binary fractions is none."""
    return sum(percentages) > 100 + 1e-9
