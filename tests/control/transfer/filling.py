"""A row for every table that has none, made from nothing but what the table says of itself."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models

from burgee.control.kit.values import JsonTextField

numbers = count(1)

TEXT = "é😀'\"\\"
MADE: dict[type[models.Field], Callable[[Any], Any]] = {
    JsonTextField: lambda _: {"é": [1.50, None, "😀"]},
    models.TextField: lambda _: f"{next(numbers)} {TEXT}",
    models.CharField: lambda field: f"{next(numbers)} {TEXT}"[: field.max_length],
    models.BinaryField: lambda _: bytes(range(256)),
    models.UUIDField: lambda _: uuid.uuid4(),
    models.BooleanField: lambda _: True,
    models.DateTimeField: lambda _: datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC),
    models.DateField: lambda _: date(2026, 2, 28),
    models.FloatField: lambda _: 0.1 + 0.2,
    models.DecimalField: lambda _: Decimal("1.5"),
    models.IntegerField: lambda _: next(numbers),
}


def fill_empty_tables() -> None:
    for model in tables():
        if not model._base_manager.exists():
            fill(model)


def tables() -> Iterator[type[models.Model]]:
    yield from (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)


def fill(model: type[models.Model]) -> Any:
    """A row; what it refers to is there already or is made before it."""
    given = {
        field.attname: _value(field)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField) and not _is_itself(field, model)
    }
    # Nothing that a model does when it is saved: the row alone.
    model._base_manager.bulk_create([row := model(**given)])
    return row


def _is_itself(field: Any, model: type[models.Model]) -> bool:
    return field.is_relation and field.related_model is model


def _value(field: Any) -> Any:
    if field.is_relation:
        target = field.related_model
        found = target._base_manager.order_by("?").first() if not field.unique else None
        return getattr(found or fill(target), field.target_field.attname)
    if field.choices:
        return field.choices[0][0]
    kind = next(kind for kind in MADE if isinstance(field, kind))
    return MADE[kind](field)
