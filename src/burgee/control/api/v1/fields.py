"""Fields of several resources."""

import math
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from burgee.control.api.base.parsing import LARGEST_ID


class IdField(serializers.Field[int, Any, int, Any]):
    """The id of a row, as a number or as digits."""

    default_error_messages = {
        "incorrect_type": "Incorrect type. Expected pk value, received {kind}.",
        "does_not_exist": 'Invalid pk "{pk_value}" - object does not exist.',
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and data.isascii() and data.isdigit() and len(data) < 20:
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("incorrect_type", kind=type(data).__name__)
        if not 0 < data <= LARGEST_ID:
            self.fail("does_not_exist", pk_value=data)
        return data

    def to_representation(self, value: int) -> int:
        return value


@extend_schema_field({"type": "array", "items": {"type": "integer"}})
class IdListField(serializers.Field[tuple[int, ...], Any, list[int], Any]):
    """Ids, each once, in their order."""

    default_error_messages = {"not_a_list": 'Expected a list of items but got type "{kind}".'}

    def to_internal_value(self, data: Any) -> tuple[int, ...]:
        if not isinstance(data, list):
            self.fail("not_a_list", kind=type(data).__name__)
        read = IdField().to_internal_value
        return tuple(dict.fromkeys(read(item) for item in data))

    def to_representation(self, value: tuple[int, ...]) -> list[int]:
        return list(value)


class PercentageField(serializers.FloatField):
    """0 to 100; not a number is no percentage."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, **options)

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool):
            self.fail("invalid")
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class FeatureTextField(serializers.CharField):
    """The text of a value: kept with its space, at most FEATURE_VALUE_LIMIT long."""

    def __init__(self, **options: Any) -> None:
        options = {"allow_blank": True, "allow_null": True, "trim_whitespace": False} | options
        super().__init__(max_length=settings.CONTROL.feature_value_limit, **options)


class InitialValueField(FeatureTextField):
    """Whatever holds something is taken as Python writes it: true becomes ``True``; false holds nothing."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(str(data).strip() if data else data)


class ItemsByPosition(serializers.ListSerializer[Any]):
    """A list whose errors are a list too, with ``{}`` for every item that is right. The list may be null, no item."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.child is not None:
            self.child.allow_null = False

    def to_internal_value(self, data: Any) -> list[Any]:
        try:
            read: list[Any] = super().to_internal_value(data)
        except serializers.ValidationError as error:
            wrong: Any = error.detail
            if not isinstance(wrong, dict) or not all(isinstance(key, int) for key in wrong):
                raise
            length = len(data) if isinstance(data, list) else max(wrong) + 1
            raise serializers.ValidationError([wrong.get(place, {}) for place in range(length)]) from error
        return read
