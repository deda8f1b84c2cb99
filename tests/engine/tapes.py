"""Contexts read off a tape of bytes: cheap to draw in tens of thousands, and shrunk like any bytes."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

OPERATORS = [
    "EQUAL", "NOT_EQUAL", "GREATER_THAN", "GREATER_THAN_INCLUSIVE", "LESS_THAN", "LESS_THAN_INCLUSIVE",
    "CONTAINS", "NOT_CONTAINS", "REGEX", "PERCENTAGE_SPLIT", "MODULO", "IS_SET", "IS_NOT_SET", "IN", "SOUNDS_LIKE",
]  # fmt: skip
NAMES = ["plan", "age", "tamaño", "v", "$.plan", "$.identity.key", "with space", "10"]
PROPERTIES = [
    *NAMES, "$.identity.identifier", "$.environment.name", "$.environment.key", "$.identity.traits.plan",
    "$.identity.traits['with space']", "$.identity.traits", "$.features.f1.value", "$.features.f1.enabled",
    "$.nothing.there", "$.not[valid", "$..plan", "$.identity.traits[?@ == 5]", "$", "", "$.segments.s1.name",
]  # fmt: skip
NUMBERS = [
    "0", "1", "5", "-1", "05", "-0", "1.0", "5.0", "5.5", "-1.50", "1e3", " 5 ", "1_000", "+5", "\u0665", "5\n", "inf", "nan",
    "9007199254740993", "123456789012345678901234567890", "0.1", "00.10", ".5", "5.", "100", "33.3", "1.5.2", "--1",
]  # fmt: skip
VERSIONS = [
    "1.0.0", "1.2.10", "1.2.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-1", "1.0.0+build", "v1.0.0",
    "01.0.0", "1.0", "1.0.0-01", "1.0.0-", "99999999999999999999.0.0", "1.0.0-0a", "1.0.0-rc.1+b.2",
]  # fmt: skip
WORDS = [
    "", "a", "A", "pro", "free", "True", "False", "true", "false", "None", "null", "é", "e\u0301", "日本", "💚", "a,b",
    "[1,2]", '["a","5"]', '["a", 5, true, null, 1.5]', "[a,b]", "[", "[]", '{"a": 1}', "\u0000", "x\ny", "key_u1", "ß",
]  # fmt: skip
PATTERNS = [
    "^p.o$", "a|b", r"\d+$", r"\w+", "(?i)PRO", ".*é", "[^a]", "(", r"(a)\1", "(?=a)", "True", r"1\.5", "", r"-?\d",
    r"^\S*$", r"\bpro\b", "5$", r"(?s).", "[[a]", "*a", "é+", "a{2,1}", r"x$",
]  # fmt: skip
MODULI = [
    "2|0",
    "2|1",
    "-3|1",
    "1.5|0",
    " 2 | 0 ",
    "2|0|1",
    "2",
    "|",
    "a|b",
    "0|0",
    "nan|0",
    "inf|5",
    "1e400|0",
    "3|-1",
]
PERCENTAGES = ["0", "10", "50", "99.99", "100", "150", "-1", "nan", "abc", "", " 50 ", "1_0"]
SCALARS: list[Any] = [True, False, None, 0, 1, 5, -1, 10, 1.0, 5.5, 0.0, -0.0, 1e3, 10**30, 1e300, 2.5, float("inf")]
WEIGHTS: list[Any] = [0, 10, 30.0, 50, 33.3, 100, 100.0, 0.01]
LITERALS = [*NUMBERS, *WORDS, *VERSIONS, *(f"{version}:semver" for version in VERSIONS), ":semver", "a:semver"]


class Tape:
    """Choices read from bytes; past the end every choice is the first."""

    def __init__(self, content: bytes) -> None:
        self._bytes = iter(content)
        self.traits: list[tuple[str, Any]] = [("plan", "a")]
        """What the identity carries: conditions aim at it, or few of them would hold."""

    def number(self, below: int) -> int:
        read = next(self._bytes, 0)
        return (read * 256 + next(self._bytes, 0)) % below if below > 256 else read % below

    def pick(self, options: Sequence[T]) -> T:
        return options[self.number(len(options))]

    def often(self) -> bool:
        return self.number(4) != 3


def a_context(tape: Tape) -> dict[str, Any]:
    names = [f"f{number}" for number in range(1, 2 + tape.number(3))]
    identity = _identity(tape)
    context: dict[str, Any] = {
        "environment": {"key": tape.pick(["key", "env-é", "7"]), "name": tape.pick(["Production", "5", "1.5", ""])},
        "features": {name: _feature(tape, name) for name in names},
        "segments": {f"s{number}": _segment(tape, number, names) for number in range(1, 2 + tape.number(4))},
    }
    if tape.number(12) != 11:
        context["identity"] = identity
    return context


def _identity(tape: Tape) -> dict[str, Any]:
    identity: dict[str, Any] = {"identifier": tape.pick(["u1", "user-18120", "5", "é", "", "a b"])}
    if not tape.often():
        identity["key"] = tape.pick(["", "key_u1", "0123", "1.50", "93"])
    if tape.often():
        identity["traits"] = {name: _trait(tape) for name in NAMES if tape.number(2)}
        tape.traits = list(identity["traits"].items()) or tape.traits
    return identity


def _trait(tape: Tape) -> Any:
    return tape.pick(tape.pick([WORDS, NUMBERS, VERSIONS, SCALARS, SCALARS]))


def _feature(tape: Tape, name: str) -> dict[str, Any]:
    feature: dict[str, Any] = {
        "key": tape.pick(["1", "12", "abc-é", "0"]),
        "name": name,
        "enabled": tape.pick([True, False]),
        "value": tape.pick([*SCALARS, "text", ""]),
    }
    if not tape.often():
        feature["metadata"] = tape.pick([{"id": 1}, {}])
    if not tape.often():
        feature["variants"] = [_variant(tape, number) for number in range(tape.number(4))]
    return feature


def _variant(tape: Tape, number: int) -> dict[str, Any]:
    variant = {"value": tape.pick(["a", "b", 5, None]), "weight": tape.pick(WEIGHTS), "priority": (number * 7) % 5}
    if tape.often():
        variant["key"] = f"option-{number}"
    return variant


def _segment(tape: Tape, number: int, names: list[str]) -> dict[str, Any]:
    segment: dict[str, Any] = {
        "key": tape.pick([str(number), "seg", "é"]),
        "name": f"segment {number}",
        "rules": [_rule(tape, 0) for _ in range(tape.pick([1, 1, 1, 2, 0]))],
    }
    overrides = [_override(tape, tape.pick([*names, "gone"])) for _ in range(tape.number(3))]
    if overrides:
        segment["overrides"] = overrides
    if not tape.often():
        segment["metadata"] = {"id": number}
    return segment


def _override(tape: Tape, name: str) -> dict[str, Any]:
    override = _feature(tape, name)
    if tape.often():
        override["priority"] = tape.pick([0, 1, 2, -1, 1.5, float("-inf"), None][:6])
    return override


def _rule(tape: Tape, depth: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"type": tape.pick(["ALL", "ANY", "NONE"])}
    if depth < 2 and not tape.often():
        rule["rules"] = [_rule(tape, depth + 1) for _ in range(tape.number(3))]
    if tape.often():
        rule["conditions"] = [_condition(tape) for _ in range(tape.pick([1, 1, 2, 3, 0]))]
    return rule


def _condition(tape: Tape) -> dict[str, Any]:
    operator = tape.pick(OPERATORS)
    property_, aim = tape.pick(tape.traits)
    if not tape.often():
        property_ = tape.pick(PROPERTIES)
    if operator == "PERCENTAGE_SPLIT" and tape.number(2):
        property_ = ""
    return {"operator": operator, "property": property_, "value": _literal(tape, operator, str(aim))}


def _literal(tape: Tape, operator: str, aim: str) -> Any:
    special: dict[str, list[Any]] = {"REGEX": PATTERNS, "MODULO": MODULI, "PERCENTAGE_SPLIT": PERCENTAGES}
    if operator in special and tape.often():
        return tape.pick(special[operator])
    if operator == "IN":
        return _list(tape, aim)
    literal = aim if tape.number(2) else tape.pick(LITERALS)
    if operator in ("CONTAINS", "NOT_CONTAINS") and tape.number(2):
        return literal[:1]
    return literal if tape.number(5) else f"{literal}:semver"


def _list(tape: Tape, aim: str) -> Any:
    members = [tape.pick([aim, tape.pick(LITERALS)]) for _ in range(tape.number(5))]
    return tape.pick([",".join(members), ",".join(members), json.dumps(members), members])
