"""Finding one row or saying that there is none."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound

M = TypeVar("M", bound=Model)


def get_or_missing(rows: QuerySet[M], **lookup: Any) -> M:
    """The one row that matches; otherwise 404 with the text that clients know."""
    return found_or_missing(rows.filter(**lookup).first(), rows.model)


def found_or_missing(found: M | None, model: type[M]) -> M:
    """`found`; otherwise 404, as `get_or_missing` says it."""
    if found is None:
        raise NotFound(f"No {model.__name__} matches the given query.")
    return found
