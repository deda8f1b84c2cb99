"""From a path to its route: an exact match, or one of the few paths with a name in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from burgee.edge.request import decoded_path
from burgee.edge.routes import Route

NAME: Final = r"([-\w@%.]+)"
"""An identifier or trait key in a path; others need the routes that take it as data."""

_PREFIXES: Final = (b"/api/v1/flags/", b"/api/v1/identities/", b"/sse/", b"/ofrep/")


class Router:
    """`exact` by raw path; `patterns` over the decoded path, tried in order."""

    def __init__(self, exact: Mapping[bytes, Route], patterns: Sequence[tuple[str, Route]]) -> None:
        self.exact: Final = dict(exact)
        self._patterns = [(re.compile(pattern), route) for pattern, route in patterns]

    def watched(self, watch: Callable[[str, Route], Route]) -> "Router":
        """The same paths, each route as `watch` returns it for its path or pattern."""
        exact = {path: watch(path.decode(), route) for path, route in self.exact.items()}
        return Router(exact, [(pattern.pattern, watch(pattern.pattern, route)) for pattern, route in self._patterns])

    def resolve(self, path: bytes) -> tuple[Route, tuple[str, ...]] | None:
        """The route and the names in the path; None when the path belongs to somebody else."""
        route = self.exact.get(path)
        if route is not None:
            return route, ()
        if not path.startswith(_PREFIXES):
            return None
        text = decoded_path(path)
        for pattern, candidate in self._patterns:
            found = pattern.fullmatch(text)
            if found is not None:
                return candidate, found.groups()
        return None
