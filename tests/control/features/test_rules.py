import time

import pytest

from burgee.control.features.errors import NameAgainstRegex, NameRegexUnusable, OptionKeyReserved
from burgee.control.features.rules import check_name, check_option_key, exceed_hundred, typed_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (None, None),
        ("", ""),
        ("0", 0),
        (" 7 ", 7),
        ("-12", -12),
        ("1_000", 1000),
        ("٣", 3),
        ("2147483646", 2147483646),
        ("2147483647", "2147483647"),
        ("-2147483647", "-2147483647"),
        ("9" * 5000, "9" * 5000),
        ("1.5", "1.5"),
        ("true", True),
        ("True", True),
        ("TRUE", "TRUE"),
        ("false", False),
        ("False", False),
        ("text", "text"),
    ],
)
def test_an_initial_text_becomes_an_integer_a_boolean_or_stays_text(text, value):
    typed = typed_value(text)

    assert typed == value
    assert type(typed) is type(value)


@pytest.mark.parametrize("regex", ["^[a-z_0-9]+$", "[a-z_0-9]+", r"[a-z_0-9]+\Z", r"\A[a-z_0-9]+"])
def test_a_name_must_match_as_a_whole_however_the_regex_is_anchored(regex):
    check_name("new_checkout_2", regex=regex)

    for name in ("New", "new checkout", "new\n", ""):
        with pytest.raises(NameAgainstRegex):
            check_name(name, regex=regex)


def test_an_alternation_is_matched_as_a_whole_too():
    check_name("abc", regex="abc|xyz")
    check_name("xyz", regex="abc|xyz$")

    with pytest.raises(NameAgainstRegex):
        check_name("abcd", regex="abc|xyz")


def test_an_escaped_dollar_is_a_character():
    check_name("a$", regex=r"a\$")

    with pytest.raises(NameAgainstRegex):
        check_name("a", regex=r"a\$")


def test_global_flags_stay_in_front():
    check_name("ABC", regex="(?i)abc$")


def test_a_regex_that_backtracks_takes_linear_time():
    started = time.perf_counter()

    with pytest.raises(NameAgainstRegex):
        check_name("a" * 1900 + "!", regex="(a+)+$")

    assert time.perf_counter() - started < 30


@pytest.mark.parametrize("regex", ["(", r"(a)\1", "(?=a)b", "a)(b"])
def test_a_regex_that_cannot_be_matched_in_linear_time_is_said_to_be_unusable(regex):
    with pytest.raises(NameRegexUnusable, match="cannot be used"):
        check_name("a", regex=regex)


def test_without_a_regex_every_name_is_good():
    check_name("Any thing!", regex=None)
    check_name("Any thing!", regex="")


def test_control_is_no_option_key():
    check_option_key("blue")
    check_option_key(None)

    with pytest.raises(OptionKeyReserved):
        check_option_key("control")


def test_decimal_shares_that_sum_to_a_hundred_do_not_exceed_it():
    assert not exceed_hundred([33.3, 33.3, 33.4])
    assert not exceed_hundred([0.1] * 1000)
    assert exceed_hundred([60, 40.1])
