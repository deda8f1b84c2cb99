"""Nothing that a segment or an identity can hold makes an evaluation fail."""

from typing import Any

import msgspec
import pytest

from burgee.engine import (
    Condition,
    Environment,
    Identity,
    Rule,
    Ruleset,
    Segment,
    State,
    Variant,
    compile_segment,
    compile_state,
)
from burgee.engine.operators import OPERATORS

EVIL_VALUES: list[Any] = [
    "9" * 5000,
    int("9" * 4000) * 10**4000,
    10**400,
    float("nan"),
    float("inf"),
    "\ud800",
    "x\udfffy",
    "",
    None,
    True,
    [1, [2]],
    {"a": {"b": 1}},
    object(),
]
EVIL_LITERALS: list[Any] = [
    None,
    "",
    5,
    1.5,
    True,
    "9" * 5000,
    "\ud800",
    "nan",
    "0|0",
    "1e400|0",
    "||||",
    "(",
    "(" * 5000,
    "(?P<a>x)(?P=a)",
    "[" * 5000,
    '["' + "9" * 5000 + '"]',
    "[" + "9" * 5000 + "]",
    "9" * 5000 + ".0.0:semver",
    ["a", None, 5, ["b"], {"c": 1}],
    {"a": 1},
]
EVIL_PROPERTIES = [
    "level",
    None,
    "",
    "$.",
    "$",
    "$..*",
    "$.identity.traits.level",
    "$[?@",
    "$" + "[0]" * 3000,
    "\ud800",
]


def a_ruleset(condition: Condition, key: str = "1") -> Ruleset[Any]:
    segment = Segment(key=key, name="asked", rules=(Rule(type="ALL", conditions=(condition,)),))
    return Ruleset(Environment("key", "name"), [compile_segment(1, segment)], [])


@pytest.mark.parametrize("operator", sorted(OPERATORS))
@pytest.mark.parametrize("value", EVIL_VALUES, ids=lambda value: repr(type(value)))
def test_no_value_makes_a_condition_fail(operator: str, value: Any) -> None:
    for literal in EVIL_LITERALS:
        rules = a_ruleset(Condition(operator=operator, property="level", value=literal))

        assert rules.matching_segments(Identity("u", "", {"level": value})) in ([], [1])


@pytest.mark.parametrize("operator", sorted(OPERATORS))
@pytest.mark.parametrize("name", EVIL_PROPERTIES, ids=lambda name: repr(name)[:30])
def test_no_property_makes_a_condition_fail(operator: str, name: str | None) -> None:
    rules = a_ruleset(Condition(operator=operator, property=name, value="1"))

    for identity in (None, Identity("\ud800"), Identity("u", "", {"level": "1", "\ud800": 2})):
        assert rules.matching_segments(identity) in ([], [1])


@pytest.mark.parametrize(
    ("operator", "literal", "value"),
    [
        ("MODULO", "0|0", 4),
        ("MODULO", "2|0", 10**400),
        ("REGEX", "(", "("),
        ("REGEX", "(?=a)", "a"),
        ("PERCENTAGE_SPLIT", "100", "\ud800"),
        ("REGEX", ".*", "\ud800"),
        ("GREATER_THAN", "9" * 5000, 5),
        ("IN", None, "None"),
    ],
)
def test_where_the_reference_raises_nobody_matches(operator: str, literal: Any, value: Any) -> None:
    rules = a_ruleset(Condition(operator=operator, property="level", value=literal))

    assert rules.matching_segments(Identity("u", "", {"level": value})) == []


def test_a_text_that_has_no_utf8_form_is_in_no_split() -> None:
    everyone = Condition(operator="PERCENTAGE_SPLIT", property="", value="100")
    options = (Variant(value="a", weight=100, priority=1),)

    assert a_ruleset(everyone).matching_segments(Identity("\ud800")) == []
    assert a_ruleset(everyone, key="\ud800").matching_segments(Identity("u")) == []
    choice = compile_state("f", State(enabled=True, value="v", key="\ud800", variants=options), lambda o: o.value, "R")
    assert choice.outcome("u").value == "v"


def test_thousands_of_digits_are_text() -> None:
    digits = "9" * 5000

    rules = a_ruleset(Condition(operator="EQUAL", property="level", value=digits))

    assert rules.matching_segments(Identity("u", "", {"level": digits})) == [1]


def test_an_explanation_of_huge_numbers_can_be_encoded() -> None:
    rules = a_ruleset(Condition(operator="IS_SET", property="level", value=""))

    explanation = rules.explain(Identity("u", "", {"level": 10**30}))

    assert b'"seen":"0x' in msgspec.json.encode(explanation)


def test_a_dozen_levels_of_nesting_are_followed() -> None:
    rule = Rule(type="ALL", conditions=(Condition(operator="IS_SET", property="level"),))
    for _ in range(12):
        rule = Rule(type="ANY", rules=(rule,))
    unit = compile_segment(1, Segment(key="1", name="deep", rules=(rule,)))

    rules: Ruleset[None] = Ruleset(Environment("key"), [unit], [])

    assert rules.matching_segments(Identity("u", "", {"level": 1})) == [1]
    assert rules.matching_segments(Identity("u")) == []


@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("$.identity.traits[?match(@, '(a|aa)+b')]", False),
        ("$.identity.traits[?match(@, 'a+')]", True),
        ("$.identity.traits[?match(@, 'a')]", False),
        ("$.identity.traits[?search(@, '^.a[^.]a')]", True),
        ("$.identity.traits[?search(@, 'b')]", False),
        ("$.identity.traits[?search(@, '(')]", False),
    ],
)
def test_patterns_within_paths_take_bounded_time(path: str, held: bool) -> None:
    rules = a_ruleset(Condition(operator="IS_SET", property=path))

    assert bool(rules.matching_segments(Identity("u", "", {"level": "a" * 60}))) == held
