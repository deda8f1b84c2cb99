"""Lists in pages: by number as ``{count, next, previous, results}``, or by cursor."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator

M = TypeVar("M", bound=Model)

PAGE_SIZE = 999


class EndInSight(AnyPaginator):
    """A first page that is not full tells how many rows there are, so that they need not be counted."""

    def page(self, number: int | str) -> "Page[Any]":
        if number not in {1, "1"}:
            return super().page(number)
        first = list(self.object_list[: self.per_page + 1])
        if len(first) <= self.per_page:
            vars(self)["count"] = len(first)
        return Page(first[: self.per_page], self.validate_number(number), self)


class Pages(PageNumberPagination):
    page_size = PAGE_SIZE
    max_page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    invalid_page_message = "Invalid page."


class SearchPages(Pages):
    """For rows that are dear to find: those of a short answer are looked for once, not counted first."""

    django_paginator_class = EndInSight


def paginated(
    request: Request,
    rows: QuerySet[M] | Sequence[Any],
    present: Callable[[list[Any]], list[Any]],
    *,
    style: type[Pages] = Pages,
) -> Response:
    """One page of `rows`, which must be ordered; `present` gets the rows of the page all at once.

    A page past the end is 404 ``Invalid page.``
    """
    pages = style()
    page = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(present(list(page or [])))


def cursored(rows: Sequence[Any], next_cursor: str | None) -> Response:
    """A page by cursor; null ends the list."""
    return Response({"results": rows, "next_cursor": next_cursor})
