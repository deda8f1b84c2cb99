"""The management API, version 1: one module a resource; each names its `routes`, and `root_routes` outside /api/v1/."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from django.urls import URLPattern


def modules() -> Iterator[ModuleType]:
    """Every resource module of this package."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        yield importlib.import_module(f"{__name__}.{found.name}")


def routes(attribute: str = "routes") -> list[URLPattern]:
    """All routes; a literal segment comes before a variable one, so that modules need no order."""
    found = [route for module in modules() for route in getattr(module, attribute, [])]
    return sorted(found, key=lambda route: [part.startswith("<") for part in str(route.pattern).split("/")])
