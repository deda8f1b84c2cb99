import re
import sys
import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from burgee.engine import check_pattern
from burgee.engine.charsets import cased
from burgee.engine.regex import matcher
from burgee.engine.translation import MAX_PATTERN, translate
from tests.engine.tapes import Tape
from tests.engine.test_differential import EXAMPLES

ATOMS = [
    "a", "B", "k", "_", "é", "É", "ß", "\u017f", "İ", "\u0131", "日", "1", "٣", "-", r"\.", r"\n", "ǅ", "\u212a", r"\x41", r"\u00e9",
    ".", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", "[abc]", "[^a_]", "[a-zé-ï]", r"[\w.-]", r"[^\W\d]", r"[\s\S]",
    "[^\n]", "^", "$", r"\A", r"\Z", r"\b", "", "#", " ", "(?i:k)", "(?s:.)", "(?-i:K)", "(?a:\\w)", "(?m:^)", "(?m:$)",
    "[K-S]", "[^k-s]", "[[a]", "{", "(?i:[^é])", r"(?a:\s)", "(?:)",
]  # fmt: skip
QUANTIFIERS = ["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{,3}", "{0}"]
FLAGS = ["", "", "", "(?i)", "(?s)", "(?m)", "(?x)", "(?a)", "(?ai)", "(?im)"]
CHARACTERS = "aAbBkKsS_1.- \n\t{#éÉß\u017fİ\u0131ǅǆ日٣²\u212a\u0301\u2028\u00a0💚"


def a_pattern(tape: Tape, depth: int = 0) -> str:
    return "|".join(
        "".join(_piece(tape, depth) for _ in range(tape.number(5))) for _ in range(tape.pick([1, 1, 1, 2, 3]))
    )


def _piece(tape: Tape, depth: int) -> str:
    if depth < 3 and tape.number(5) == 4:
        opening = tape.pick(["(", "(?:", "(?P<n>", "(?i:", "(?m:", "(?s-i:", "(?a:"])
        return f"{opening}{a_pattern(tape, depth + 1)}){tape.pick(QUANTIFIERS)}"
    return tape.pick(ATOMS) + tape.pick(QUANTIFIERS)


def python_matches(pattern: str, text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.match(pattern, text) is not None


@settings(max_examples=EXAMPLES // 5, deadline=None, database=None)
@given(st.binary(min_size=160, max_size=160))
def test_what_is_translated_matches_what_python_matches(tape: bytes) -> None:
    read = Tape(tape)
    texts = ["".join(read.pick(CHARACTERS) for _ in range(read.number(7))) for _ in range(3 + read.number(4))]
    pattern = read.pick(FLAGS) + a_pattern(read)
    matches = matcher.__wrapped__(pattern)
    if matches is None:
        assert check_pattern(pattern)
        return
    for text in ["", *texts]:
        assert matches(text) == python_matches(pattern, text), (pattern, text)


@settings(max_examples=EXAMPLES // 10, deadline=None, database=None)
@given(st.text(max_size=12), st.text(max_size=8))
@example(r"(?i)\u017f", "S")
@example("(?i)[^\u212a]", "k")
def test_no_text_taken_as_a_pattern_is_misread(pattern: str, text: str) -> None:
    matches = matcher.__wrapped__(pattern)
    if matches is not None and not re.search("[\ud800-\udfff]", text):
        assert matches(text) == python_matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        (r"(a)\1", "back-reference"),
        (r"(?P<x>a)(?P=x)", "back-reference"),
        ("a(?=b)", "look-around"),
        ("(?<=a)b", "look-around"),
        ("a(?!b)", "look-around"),
        ("(?<!a)b", "look-around"),
        ("(a)?(?(1)b|c)", "conditional"),
        ("(?>a)", "atomic"),
        ("a*+", "possessive"),
        ("a$b", "$ before the end"),
        ("(a$)*", "$ before the end"),
        (r"\Ba", r"\B"),
        (r"(?a:\b)\b", "ASCII"),
        ("a{1001}", "1000"),
        ("(a{1000}){1000}", "too large"),
        ("(", "not valid"),
        ("(?L)a", "not valid"),
        ("a" * (MAX_PATTERN + 1), "longer"),
        ("(" * 900 + ")" * 900, "nested"),
    ],
)
def test_a_refusal_names_the_part(pattern: str, named: str) -> None:
    refusal = check_pattern(pattern)

    assert refusal is not None
    assert named in refusal
    assert matcher(pattern) is None


@pytest.mark.parametrize(
    "pattern", ["^[a-z]+@example\\.org$", r"\w+", r"\bfoo\b.*", "(?i)straße|gasse", r"^$", "(a$)?", "x" * MAX_PATTERN]
)
def test_common_patterns_are_accepted(pattern: str) -> None:
    assert check_pattern(pattern) is None


def test_a_pattern_that_takes_python_for_ever_takes_no_time() -> None:
    matches = matcher("(a*)*(a*)*(a|aa)+b")

    assert matches is not None
    assert not matches("a" * 50_000)


def test_a_match_contains_the_text_that_is_required_first() -> None:
    assert translate(r"^[a-z]+@example\.org\d?x").required == "@example.org"
    assert translate(r"(?i)@example\.org").required == ""


def test_letter_case_ends_where_the_search_for_it_ends() -> None:
    characters, ranges = cased()

    assert "K" in characters
    assert "\u212a" in characters
    last = ranges[-1][1]
    assert all(chr(code).lower() == chr(code) == chr(code).upper() for code in range(last + 1, sys.maxunicode + 1))
