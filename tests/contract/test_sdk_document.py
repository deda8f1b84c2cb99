"""The OpenAPI document tells of the SDK API as the edge serves it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from burgee.edge.app import build
from burgee.edge.peer import LIVE_PATH
from burgee.edge.routes import Route, SlashRedirect
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from tests.clients.burgee import Burgee
from tests.contract.exchanges import SEED, Names, read, replay, stories
from tests.edge.serving import CountedUsage, TraitsInMemory

OWN = {"/health/liveness/", "/health/readiness/", LIVE_PATH}
"""For operators and for the dashboard."""

SAMPLES = {"feature_id": "7", "environment_key": "key", "identifier": "someone", "trait_key": "age", "key": "flag"}


def described(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, item in document["paths"].items():
        yield from ((path, method) for method, told in item.items() if told["tags"] == ["sdk"])


def test_every_route_of_the_edge_stands_in_the_document_and_no_other(document):
    served: dict[str, Route] = {}

    def notice(path: str, route: Route) -> Route:
        served[path] = route
        return route

    router = build(EdgeSettings(), Store(), TraitsInMemory(), CountedUsage()).router.watched(notice)
    told = set(described(document))
    for path, method in told:
        found = router.resolve(path.format(**SAMPLES).encode())
        assert found is not None, path
        assert found[0].serves(method.upper().encode()), (method, path)
    examples = {path: path.format(**SAMPLES) for path, _ in told}
    for pattern, route in served.items():
        if isinstance(route, SlashRedirect) or pattern in OWN:
            continue
        matching = {path for path, example in examples.items() if path == pattern or re.fullmatch(pattern, example)}
        methods = {method for path, method in told if path in matching}
        for method in ("get", "post", "put", "patch", "delete"):
            assert not route.serves(method.upper().encode()) or method in methods, (method, pattern)


@pytest.mark.process
def test_what_is_answered_has_the_shape_that_the_document_tells_of(document, tmp_path: Path):
    server = Burgee(tmp_path)
    answers: list[httpx.Response] = []
    server.http.event_hooks["response"].append(answers.append)
    with closing(server.http):
        try:
            server.start()
            names: Names = {"server": server.url}
            assert replay(server.http, read(SEED), names) == []
            for path in stories():
                if path.parent.name == "sdk":
                    replay(server.http, read(path), dict(names))
            checked = [undescribed(document, answer) for answer in answers]
        finally:
            server.kill()
    assert [text for text in checked if text] == []
    assert checked.count("") > 50


def undescribed(document: dict[str, Any], answer: httpx.Response) -> str | None:
    """What the document does not tell of in this answer; None when the route is none of the SDK API."""
    method = answer.request.method.lower()
    path = next((path for path, one in described(document) if one == method and _fits(path, answer)), None)
    # Methods and forms that are not served are told of by the two statuses alone.
    if path is None or answer.status_code in (301, 405):
        return None
    told = document["paths"][path][method]["responses"].get(str(answer.status_code))
    if told is None:
        return f"{method} {path} answers {answer.status_code}"
    schema = told.get("content", {}).get("application/json", {}).get("schema")
    if schema is None or not answer.content or method == "head":
        return ""
    try:
        jsonschema.validate(answer.json(), nullable(schema | {"components": document["components"]}))
    except jsonschema.ValidationError as wrong:
        return f"{method} {path}: {wrong.message} at {wrong.json_path}"
    return ""


def nullable(schema: Any) -> Any:
    """As JSON Schema has it, which knows a type null."""
    if isinstance(schema, list):
        return [nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: nullable(each) for name, each in schema.items() if name != "nullable"}
    return {"anyOf": [told, {"type": "null"}]} if schema.get("nullable") is True else told


def _fits(path: str, answer: httpx.Response) -> bool:
    pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
    return re.fullmatch(pattern, answer.request.url.path) is not None
