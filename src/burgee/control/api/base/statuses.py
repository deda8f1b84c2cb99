"""Which statuses a method of a view answers with: what the OpenAPI document says and tests hold it to."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from burgee.control.api.base.views import ApiView, Public

WRITES: Final = frozenset({"post", "put", "patch", "delete"})
WITH_BODY: Final = frozenset({"post", "put", "patch"})

WITHOUT_BODY: Final = frozenset({202, 204, 302, 303, 304})
"""Answers that are told by their status and headers alone."""

MEANINGS: Final = {
    400: "The request is wrong; the body says where.",
    401: "Nobody is signed in, or the token or key is not valid.",
    403: "The caller may not do this.",
    404: "There is no such object, or it is somebody else's.",
    405: "This is not served by that method; Allow says by which.",
    406: "No format that the client accepts is served.",
    409: "This conflicts with what is there already, or was changed in the meantime.",
    412: "It was changed since the version that If-Match names.",
    413: "The body is too large.",
    415: "The body is of a type that is not read.",
    429: "Too many requests; Retry-After says when to come back.",
    501: "This installation lacks an optional package that this needs.",
    502: "A service elsewhere that was asked does not answer as it should.",
    503: "The database cannot be reached right now.",
}


def successes(view: type[ApiView], method: str) -> tuple[int, ...]:
    """What the view states in ``succeeds``; else 204 for a deletion, 201 for a post to a list, 200."""
    if method in view.succeeds:
        return view.succeeds[method]
    if method == "delete":
        return (HTTPStatus.NO_CONTENT,)
    if method == "post" and hasattr(view, "get"):
        return (HTTPStatus.CREATED,)
    return (HTTPStatus.OK,)


def refusals(view: type[ApiView], method: str) -> tuple[int, ...]:
    return tuple(sorted(set(_refusals(view, method))))


def _refusals(view: type[ApiView], method: str) -> Iterator[int]:
    yield from (400, 404, 406, 503)
    if not isinstance(view.rule(method), Public):
        yield from (401, 429)
    if method in WRITES or not isinstance(view.rule(method), Public):
        yield 403
    if method in WRITES:
        yield from (409, 413, 415)
    if view.throttle_classes:
        yield 429
    yield from view.refuses
