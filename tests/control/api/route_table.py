"""Every route of the management API with the methods it serves, read from the URL configuration."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern

from burgee.control.api import v1
from burgee.control.api.base import ApiView, EnvironmentFromBody, NoScope, OrganisationFromBody, ProjectFromBody, Public
from burgee.control.api.base.views import METHODS

UNSCOPED = (NoScope, EnvironmentFromBody, OrganisationFromBody, ProjectFromBody)


class Route:
    def __init__(self, prefix: str, pattern: URLPattern, method: str) -> None:
        self.template = prefix + str(pattern.pattern)
        self.converters = pattern.pattern.converters
        self.view: type[ApiView] = pattern.callback.view_class
        self.method = method

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def rule(self) -> Any:
        return self.view.rule(self.method)

    @property
    def scope(self) -> Any:
        stated = self.view.scope
        return stated[self.method] if isinstance(stated, Mapping) else stated

    @property
    def is_public(self) -> bool:
        return isinstance(self.rule, Public)

    @property
    def is_scoped(self) -> bool:
        return not isinstance(self.scope, UNSCOPED)

    def path(self, **known: object) -> str:
        """The path with `known` arguments; the others name things that are nowhere."""
        path = self.template
        for name, converter in self.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            nowhere = {"int": 4242, "uuid": uuid.UUID(int=1)}.get(kind, "nowhere")
            for spelled in (f"<{kind}:{name}>", f"<string:{name}>", f"<str:{name}>", f"<{name}>"):
                path = path.replace(spelled, str(known.get(name, nowhere)))
        return path


def routes() -> Iterator[Route]:
    for prefix, attribute in (("/api/v1/", "routes"), ("/", "root_routes")):
        for pattern in v1.routes(attribute):
            view = getattr(pattern.callback, "view_class", None)
            if isinstance(view, type) and issubclass(view, ApiView):
                yield from (Route(prefix, pattern, method) for method in METHODS if hasattr(view, method))


ROUTES = list(routes())
