"""Of every route that the URL configuration knows: what is another organisation's looks as if it were not there."""

import uuid
from typing import Any

from django.db import transaction

from tests.control.api.conftest import forget_throttles
from tests.control.api.filled import Filled
from tests.control.api.route_table import ROUTES, Route

NO_OBJECTS = {"kind": "csv", "method": "app", "rest": "Users", "secret": "x", "token": "x", "uid": "x"}
"""Arguments that name nothing of an organisation: formats, and secrets that open what they open to anybody."""

PLACES = {"organisation_id", "project_id", "environment_key", "environment_id"}

OF_PEOPLE = (
    "/api/v1/auth/passkeys/",
    "/api/v1/auth/policy/",
    "/api/v1/auth/users/",
    "/api/v1/installation/",
    "/api/v1/users/me/links/",
)
"""What is of a person or of the whole server: their own tests ask for those of others."""

NOWHERE = {"int": 424242, "uuid": uuid.UUID(int=7), "str": "nowhere", "string": "nowhere"}


def naming() -> list[tuple[Route, list[str]]]:
    """The routes with the arguments that name objects."""
    closed = [route for route in ROUTES if not route.is_public and not route.template.startswith(OF_PEOPLE)]
    return [(route, [name for name in route.converters if name not in NO_OBJECTS]) for route in closed]


def nowhere(route: Route, name: str) -> Any:
    return NOWHERE[type(route.converters[name]).__name__.removesuffix("Converter").lower()]


def ask(place: Filled, route: Route, arguments: dict[str, Any]) -> tuple[int, bytes]:
    forget_throttles()
    path = route.path(**(NO_OBJECTS | arguments))
    with transaction.atomic():
        answer = place.api.generic(route.method.upper(), path, b"{}", content_type="application/json")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, content


def test_an_object_of_another_organisation_looks_missing():
    mine, theirs = Filled("mine", "Webhook"), Filled("theirs", "Grafana")
    told_apart = []
    for route, names in naming():
        own, foreign = (place.arguments(route.template, names) for place in (mine, theirs))
        for name in names:
            missing = ask(mine, route, own | {name: nowhere(route, name)})
            if ask(mine, route, own | {name: foreign[name]}) != missing:
                told_apart.append(f"{route}: {name}")

    assert told_apart == []


def test_an_own_object_is_there():
    """Otherwise what is missing would be compared with what is missing."""
    mine = Filled("mine", "Webhook")
    absent = []
    for route, names in naming():
        own = mine.arguments(route.template, names)
        if route.method == "get" and set(names) - PLACES:
            status, content = ask(mine, route, own)
            if status not in {200, 400}:
                absent.append((str(route), status, content))

    assert absent == []
