"""Where Burgee's engine answers otherwise than the reference engine does, and why.

`as_the_reference_should_read` rewrites a context so that the reference gives what Burgee gives; whatever it
leaves alone must come out equal.
"""

import copy
from collections.abc import Iterator
from typing import Any

from burgee.engine import check_pattern

NOBODY = "REFUSED"
"""An operator that neither engine knows, and so holds for nobody in both."""


def as_the_reference_should_read(context: dict[str, Any]) -> dict[str, Any]:
    context = copy.deepcopy(context)
    for condition in _conditions(context):
        if any(applies(condition) for applies in DIFFERENCES):
            condition["operator"] = NOBODY
    return context


def refused_pattern(condition: dict[str, Any]) -> bool:
    """A pattern that is invalid, or that takes unbounded time, matches nobody; the reference raises or backtracks."""
    return condition["operator"] == "REGEX" and check_pattern(condition["value"]) is not None


def division_by_zero(condition: dict[str, Any]) -> bool:
    """A divisor of zero leaves no remainder; the reference raises and aborts the whole evaluation."""
    if condition["operator"] != "MODULO":
        return False
    try:
        return float(condition["value"].split("|")[0]) == 0
    except ValueError:
        return False


DIFFERENCES = (refused_pattern, division_by_zero)
"""Beyond these the reference raises, and Burgee does not, for integers of thousands of digits, integers that do
not fit a float, lone surrogates, and IN with neither text nor list: test_resilience.py."""


def _conditions(context: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rules = [rule for segment in context["segments"].values() for rule in segment["rules"]]
    while rules:
        rule = rules.pop()
        rules += rule.get("rules", [])
        yield from rule.get("conditions", [])
