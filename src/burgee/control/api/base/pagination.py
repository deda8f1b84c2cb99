"""Lists in pages: by number as ``{count, next, previous, results}``, or by cursor."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

M = TypeVar("M", bound=Model)

PAGE_SIZE = 999


class Pages(PageNumberPagination):
    page_size = PAGE_SIZE
    max_page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    invalid_page_message = "Invalid page."


def paginated(
    request: Request, rows: QuerySet[M] | Sequence[Any], present: Callable[[list[Any]], list[Any]]
) -> Response:
    """One page of `rows`, which must be ordered; `present` gets the rows of the page all at once.

    A page past the end is 404 ``Invalid page.``
    """
    pages = Pages()
    page = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(present(list(page or [])))


def cursored(rows: Sequence[Any], next_cursor: str | None) -> Response:
    """A page by cursor; null ends the list."""
    return Response({"results": rows, "next_cursor": next_cursor})
