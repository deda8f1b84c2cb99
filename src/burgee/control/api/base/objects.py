"""Finding one row or saying that there is none."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound

M = TypeVar("M", bound=Model)


def get_or_missing(rows: QuerySet[M], **lookup: Any) -> M:
    """The one row that matches; otherwise 404 with the text that clients know."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise NotFound(f"No {rows.model.__name__} matches the given query.")
    return found
