"""How long requests take, for whoever wants to count them."""

import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

Watcher = Callable[[str, int, float], None]
"""Takes the group of the route, the status and the seconds; called from many threads."""

WATCHERS: Final[list[Watcher]] = []

OTHER: Final = "other"


class Timing:
    """The outermost middleware; costs nothing while nobody watches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not WATCHERS:
            return self.get_response(request)
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        for watcher in WATCHERS:
            watcher(_group(request), response.status_code, seconds)
        return response


def _group(request: HttpRequest) -> str:
    """The first tag of the view, of which there are few; never anything of the path."""
    match = request.resolver_match
    if match is None:
        return OTHER
    tags = getattr(getattr(match.func, "view_class", None), "tags", None)
    return str(tags[0]) if tags else match.app_name or OTHER
