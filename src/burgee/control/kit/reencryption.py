"""Every stored secret under the newest key. Columns that hold secrets are named ``ciphertext`` or ``…_ciphertext``."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import models, transaction

from burgee.control.kit.secrets import key_of, newest_key, renewed

BATCH = 100
"""Rows in one transaction: few enough that nobody waits for them."""

Column = tuple[type[models.Model], str]
Progress = Callable[[str, int, int], None]


def secret_columns() -> list[Column]:
    return [
        (model, field.attname)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.attname == "ciphertext" or field.attname.endswith("_ciphertext")
    ]


def reencrypt(progress: Progress) -> int:
    """How many secrets cannot be opened by any key and stay as they are. Can be repeated and interrupted."""
    return sum(_column(model, name, progress) for model, name in secret_columns())


def keys_in_use() -> Counter[str | None]:
    """Stored secrets by the id of their key; None for those whose key is not in the ring."""
    return Counter(
        key_of(ciphertext)
        for model, name in secret_columns()
        for ciphertext in _secrets(model, name).values_list(name, flat=True).iterator()
    )


def _column(model: type[models.Model], name: str, progress: Progress) -> int:
    what = f"{model._meta.label}.{name}"
    numbers = list(_secrets(model, name).order_by("pk").values_list("pk", flat=True))
    unopened = 0
    for start in range(0, len(numbers), BATCH):
        unopened += _batch(model, name, numbers[start : start + BATCH])
        progress(what, min(start + BATCH, len(numbers)), len(numbers))
    return unopened


def _batch(model: type[models.Model], name: str, numbers: Sequence[Any]) -> int:
    unopened = 0
    newest = newest_key()
    with transaction.atomic():
        for row in _secrets(model, name).select_for_update().filter(pk__in=numbers):
            ciphertext = getattr(row, name)
            if key_of(ciphertext) == newest:
                continue
            try:
                setattr(row, name, renewed(ciphertext))
            except InvalidToken:
                unopened += 1
            else:
                row.save(update_fields=[name])
    return unopened


def _secrets(model: type[models.Model], name: str) -> "models.QuerySet[Any]":
    return model._base_manager.exclude(**{f"{name}__isnull": True})
