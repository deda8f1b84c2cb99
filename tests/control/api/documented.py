"""A client that accepts only answers that the OpenAPI document tells of."""

from typing import Any

from rest_framework.test import APIClient

from burgee.control.api.base import ApiView
from burgee.control.api.base.statuses import refusals, successes


class DocumentedClient(APIClient):
    def request(self, **kwargs: Any) -> Any:
        response = super().request(**kwargs)
        undocumented = undocumented_status(response)
        assert undocumented is None, undocumented
        return response


def undocumented_status(response: Any) -> str | None:
    """What the status is and which are told; None when it is one of them."""
    # The request knows what served it: what the response offers resolves the path that was asked for anew.
    view = getattr(getattr(response.wsgi_request.resolver_match, "func", None), "view_class", None)
    method = response.wsgi_request.method.lower()
    if not (isinstance(view, type) and issubclass(view, ApiView)) or method == "options" or response.status_code == 405:
        return None
    method = "get" if method == "head" else method
    told = {*successes(view, method), *refusals(view, method)}
    if response.status_code in told:
        return None
    return f"{method} {response.wsgi_request.path} ({view.__name__}) answers {response.status_code}, not one of {told}"
