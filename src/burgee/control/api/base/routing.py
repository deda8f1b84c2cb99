"""Routes whose view is an ``ApiView``, so that no view without a stated permission is ever reachable."""

from django.urls import URLPattern
from django.urls import path as django_path

from burgee.control.api.base.views import ApiView


def path(route: str, view: type[ApiView], *, name: str | None = None) -> URLPattern:
    """A route below ``/api/v1/``."""
    return django_path(route, view.as_view(), name=name or view.__name__)
