"""The database keeps the promise; here it is said nicely."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from burgee.control.kit.errors import DomainError


@contextmanager
def on_violation(error: DomainError) -> Iterator[None]:
    """Raise `error` when the database refuses a row written inside for breaking a unique constraint."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        raise error from violation
