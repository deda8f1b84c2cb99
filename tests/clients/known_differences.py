"""Where an official SDK, evaluating locally, differs from every other evaluator: bugs of that SDK, each pinned."""

from typing import Any, NamedTuple

from tests.clients.shop import condition


class Pinned(NamedTuple):
    """Whether one condition holds for an identity with one trait: in truth, and for the SDK."""

    condition: dict[str, Any]
    trait: Any
    holds: bool
    why: str

    @property
    def traits(self) -> dict[str, Any]:
        return {self.condition["property"]: self.trait}


NODE: dict[str, Pinned] = {
    "pattern anywhere": Pinned(
        condition("mail", "REGEX", "example"), "ann@example.org", False, "patterns are not tied to the start"
    ),
    "pattern of a truth": Pinned(condition("beta", "REGEX", "True"), True, True, "truths are written true, not True"),
    "empty pattern": Pinned(condition("plan", "REGEX", ""), "pro", True, "an empty pattern never matches"),
    "negative modulo": Pinned(
        condition("depth", "MODULO", "3|1"), -5, True, "the remainder has the sign of the number, not of the divisor"
    ),
    "modulo of half a number": Pinned(
        condition("code", "MODULO", "7|0"), "7 days", False, "text that begins with a number counts as one"
    ),
    "digits as text": Pinned(condition("code", "EQUAL", "7"), "007", True, "text of digits is not read as a number"),
    "text in digits": Pinned(
        condition("code", "CONTAINS", "1"), "12", False, "text of digits is not read as a number"
    ),
    "fraction for whole": Pinned(
        condition("age", "LESS_THAN", "20.5"), 20, False, "whole numbers are compared with fractions"
    ),
    "fraction in a list": Pinned(condition("score", "IN", "0.5,1.5"), 0.5, False, "fractions are found in lists"),
    "numbers in a list": Pinned(
        condition("age", "IN", "[20, 21]"), 20, True, "numbers in a JSON list are not read as text"
    ),
    "zero in a list": Pinned(condition("age", "IN", "0,1"), 0, True, "zero is taken for nothing"),
    "nothing in a list": Pinned(condition("empty", "IN", "a,,b"), "", True, "empty text is taken for nothing"),
    "version differs": Pinned(
        condition("version", "NOT_EQUAL", "2.0.0:semver"), "v2", False, "compared as text, so what is no version differs"
    ),
    "split by trait": Pinned(
        condition("country", "PERCENTAGE_SPLIT", "100"), "GB", True, "splits by a trait are not supported"
    ),
}  # fmt: skip

NODE_KINDS = frozenset(NODE)
