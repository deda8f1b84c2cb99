"""Which texts are values of a type."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from burgee.control.custom_fields.models import FieldType

_is_url = URLValidator(schemes=["http", "https"])


def problem_with(text: str, field_type: str) -> str | None:
    """What is wrong with `text` as a value of the type; None when nothing is."""
    check = CHECKS.get(field_type)
    return None if check is None else check(text)


def _whole_number(text: str) -> str | None:
    return None if re.fullmatch(r"[+-]?[0-9]+", text) else "A valid integer is required."


def _truth(text: str) -> str | None:
    return None if text.lower() in {"true", "false"} else "Must be true or false."


def _address(text: str) -> str | None:
    try:
        _is_url(text)
    except ValidationError:
        return "Enter a valid URL."
    return None


CHECKS: Final[Mapping[str, Callable[[str], str | None]]] = {
    FieldType.INT: _whole_number,
    FieldType.BOOL: _truth,
    FieldType.URL: _address,
}
"""Types that are not listed take every text."""
