import pytest

from burgee.control.custom_fields.models import FieldType
from burgee.control.custom_fields.rules import problem_with


@pytest.mark.parametrize(
    ("field_type", "text"),
    [
        ("int", "0"),
        ("int", "-42"),
        ("int", "9" * 2000),
        ("bool", "true"),
        ("bool", "False"),
        ("url", "https://example.com/a?b=c"),
        ("url", "http://localhost:8000"),
        ("str", "-"),
        ("multiline_str", "a\nb"),
    ],
)
def test_a_text_of_the_type_is_taken(field_type, text):
    assert field_type in FieldType.values
    assert problem_with(text, field_type) is None


@pytest.mark.parametrize(
    ("field_type", "text"),
    [
        ("int", "1.5"),
        ("int", "1\n"),
        ("int", "٣"),
        ("int", "x"),
        ("bool", "1"),
        ("bool", "yes"),
        ("url", "example.com"),
        ("url", "javascript:alert(1)"),
        ("url", "ftp://example.com"),
        ("url", "https://example.com\n"),
    ],
)
def test_a_text_of_another_type_is_told_what_is_wrong(field_type, text):
    assert problem_with(text, field_type)
