"""A project grown from a seed: every operator, nested rules, priorities, variants, overrides, and people to ask for."""

import random
from collections.abc import Callable
from typing import Any

from tests.clients.shop import Shop, condition

Condition = dict[str, Any]
Person = tuple[str, dict[str, Any]]

PLANS = ("free", "pro", "enterprise", "Pro", "pró", "日本")
COUNTRIES = ("GB", "US", "DE", "NL")
VERSIONS = ("1.0.0", "1.2.0", "2.0.0-beta", "2.0.0", "10.1.3", "1.0", "v2")
OPERATOR_TEXT = ("EQUAL", "NOT_EQUAL", "CONTAINS", "NOT_CONTAINS")
ORDER = ("GREATER_THAN", "GREATER_THAN_INCLUSIVE", "LESS_THAN", "LESS_THAN_INCLUSIVE")

KINDS: dict[str, Callable[[random.Random], Condition]] = {
    "text": lambda rng: condition("plan", rng.choice(OPERATOR_TEXT), rng.choice(PLANS)),
    "text order": lambda rng: condition("country", rng.choice(ORDER), rng.choice(COUNTRIES)),
    "whole number": lambda rng: condition("age", rng.choice(("EQUAL", "NOT_EQUAL")), str(rng.randrange(20, 40))),
    "whole number order": lambda rng: condition("age", rng.choice(ORDER), str(rng.randrange(20, 40))),
    "fraction": lambda rng: condition("score", rng.choice(("EQUAL", *ORDER)), f"{rng.randrange(8)}.5"),
    "truth": lambda rng: condition("beta", rng.choice(("EQUAL", "NOT_EQUAL")), rng.choice(("true", "false", "True"))),
    "version": lambda rng: condition("version", rng.choice(("EQUAL", *ORDER)), f"{rng.choice(VERSIONS[:5])}:semver"),
    "in a list": lambda rng: condition("country", "IN", rng.choice(("GB,US", "DE", '["NL","GB"]', "", "gb, US"))),
    "whole number in a list": lambda rng: condition("age", "IN", ",".join(map(str, rng.sample(range(20, 40), 6)))),
    "pattern": lambda rng: condition("mail", "REGEX", rng.choice((r"^u\d+@a\.", r"^.*@b\.example$", r"^[a-z]+\d*5@"))),
    "modulo": lambda rng: condition("age", "MODULO", f"{rng.choice((2, 3, 5))}|{rng.choice((0, 1, 2))}"),
    "is set": lambda rng: condition(rng.choice(("rare", "plan", "empty")), "IS_SET"),
    "is not set": lambda rng: condition(rng.choice(("rare", "plan", "empty")), "IS_NOT_SET"),
    "split": lambda rng: condition(None, "PERCENTAGE_SPLIT", str(rng.choice((5, 33.3, 50, 90)))),
    "identifier": lambda rng: condition("$.identity.identifier", "IN", ",".join(f"u{rng.randrange(200)}" for _ in "12345")),
    "environment": lambda rng: condition("$.environment.name", "EQUAL", rng.choice(("Production", "Test"))),
    # From here on the Node SDK has opinions of its own: see known_differences.py.
    "pattern anywhere": lambda rng: condition("mail", "REGEX", rng.choice((r"\d", "example", "a|b"))),
    "pattern of a truth": lambda rng: condition("beta", "REGEX", rng.choice(("True", "true", "[Tt]rue"))),
    "negative modulo": lambda rng: condition("depth", "MODULO", f"{rng.choice((2, 3))}|{rng.choice((1, 2))}"),
    "digits as text": lambda rng: condition("code", rng.choice(("EQUAL", *ORDER)), str(rng.randrange(1, 15))),
    "text in digits": lambda rng: condition("code", rng.choice(("CONTAINS", "NOT_CONTAINS")), "1"),
    "fraction for whole": lambda rng: condition("age", rng.choice(("NOT_EQUAL", *ORDER)), f"{rng.randrange(20, 40)}.5"),
    "fraction in a list": lambda rng: condition("score", "IN", "0.5,1.5,2.5,3.5"),
    "version differs": lambda rng: condition("version", "NOT_EQUAL", "2.0.0:semver"),
    "numbers in a list": lambda rng: condition("age", "IN", "[20, 21, 22, 23, 24, 25, 26]"),
    "split by trait": lambda rng: condition(rng.choice(("country", "age", "score")), "PERCENTAGE_SPLIT", "50"),
    "empty pattern": lambda rng: condition("plan", "REGEX", ""),
}  # fmt: skip
PLAIN = tuple(KINDS)[: tuple(KINDS).index("pattern anywhere")]


def people(seed: int, count: int) -> list[Person]:
    rng = random.Random(seed)
    return [(f"u{number}", _traits(rng, number)) for number in range(count)]


def _traits(rng: random.Random, number: int) -> dict[str, Any]:
    every = {
        "plan": rng.choice(PLANS),
        "country": rng.choice(COUNTRIES),
        "age": rng.randrange(18, 42),
        "score": rng.randrange(8) + 0.5,
        "beta": rng.random() < 0.5,
        "version": rng.choice(VERSIONS),
        "mail": f"u{number}@{rng.choice('ab')}.example",
        "depth": -rng.randrange(1, 20),
        "code": rng.choice(("7", "007", "12", "3.5", "1e3", "-4")),
        "empty": "",
    }
    kept = {key: value for key, value in every.items() if rng.random() < 0.85}
    return kept | ({"rare": 1} if rng.random() < 0.1 else {})


def grow(shop: Shop, seed: int) -> dict[str, set[str]]:
    """Fill the project; the kinds of condition that each flag depends on."""
    rng = random.Random(seed)
    used = {f"of {kind}": {kind} for kind in KINDS}
    for kind, make in KINDS.items():
        shop.feature(f"of {kind}", rng.choice(("", "7", "true", "text")), enabled=rng.random() < 0.5)
        shop.segment(kind, make(rng))
        shop.override_segment(f"of {kind}", kind, f"in {kind}", enabled=rng.random() < 0.7)
    for number in range(8):
        shop.segment(f"nested {number}", rules=_rules(rng))
    for number in range(10):
        name = f"mixed {number}"
        used[name] = set()
        if number % 2:
            shop.variants(name, {"a": rng.choice((10, 33.3)), "b": 25, "c": rng.choice((0, 40))})
        else:
            shop.feature(name, "plain")
        chosen = [*rng.sample(PLAIN, 2), *(f"nested {place}" for place in rng.sample(range(8), 2))]
        rng.shuffle(chosen)
        for priority, segment in enumerate(chosen):
            shop.override_segment(name, segment, f"{segment} wins", priority=priority, enabled=rng.random() < 0.7)
    _override_people(shop, rng)
    return used


def _rules(rng: random.Random) -> list[dict[str, Any]]:
    def nested() -> dict[str, Any]:
        conditions = [KINDS[kind](rng) for kind in rng.sample(PLAIN, rng.choice((1, 2, 3)))]
        return {"type": rng.choice(("ALL", "ANY", "NONE")), "conditions": conditions, "rules": []}

    return [{"type": rng.choice(("ALL", "ANY", "NONE")), "conditions": [], "rules": [nested(), nested()]} for _ in "12"]


def _override_people(shop: Shop, rng: random.Random) -> None:
    plain = [name for name in shop.features if name.startswith("of ")]
    for number in rng.sample(range(200), 12):
        for name in rng.sample(plain, rng.choice((1, 2, 4))):
            value = rng.choice((3, "own", True, "", rng.randrange(1000)))
            shop.override_identity(name, f"u{number}", enabled=rng.random() < 0.5, feature_state_value=value)
    for number in rng.sample(range(200), 4):
        option = rng.choice(shop.options_of("mixed 1"))
        shares = [{"multivariate_feature_option": option["id"], "percentage_allocation": 100}]
        shop.override_identity("mixed 1", f"u{number}", multivariate_feature_state_values=shares)
