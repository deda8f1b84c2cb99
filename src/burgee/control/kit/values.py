"""Flag values as JSON text, so that '' and null stay different on every engine."""

import json
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import models

FlagValue = str | int | bool | None

_decode = msgspec.json.Decoder().decode

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class JsonTextField(TextField):
    """A column holding JSON text; in Python the decoded value."""

    description = "JSON text"

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: object) -> Any:
        if value is None:
            return None
        try:
            return _decode(value)
        except msgspec.DecodeError:  # what only Python's own reader takes, such as NaN
            return json.loads(value)

    def get_prep_value(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def value_type(value: FlagValue) -> str:
    """The stored type's name on the older routes: int, bool or unicode (also for null)."""
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "unicode"
