"""The SDK API in the OpenAPI document, beside what the views state."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from burgee.control.api.base.schema import ERROR
from burgee.control.api.base.statuses import MEANINGS
from burgee.control.api.sdk.routes import ROUTES, SdkRoute

TAG: Final = "sdk"
PREFIX: Final = "#/components/schemas/Sdk"
"""Their names never meet those of the management API."""

SECURITY_SCHEMES: Final = {
    "environmentKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Environment-Key",
        "description": "The client key of an environment, or one of its server keys.",
    },
    "serverKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Environment-Key",
        "description": "A server key of an environment; it begins with `ser.`.",
    },
    "environmentKeyAsBearer": {"type": "http", "scheme": "bearer", "description": "A key of an environment."},
    "eventsToken": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Token <token>`: SSE_AUTHENTICATION_TOKEN of this server.",
    },
}

USUAL: Final = (400, 403, 406, 503)
WITH_BODY: Final = (413, 415)
NOT_MODIFIED: Final = 304


def add_sdk_routes(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of drf-spectacular, before the one that shares what all operations have alike."""
    types = [each for route in ROUTES for each in _types(route)]
    written, components = msgspec.json.schema_components(types, ref_template=PREFIX + "{name}")
    schemas = dict(zip((repr(each) for each in types), map(_as_openapi, written), strict=True))
    shared = result.setdefault("components", {})
    shared["securitySchemes"] = shared.get("securitySchemes", {}) | SECURITY_SCHEMES
    shared["schemas"] = shared.get("schemas", {}) | {
        f"Sdk{name}": _as_openapi(schema) for name, schema in components.items()
    }
    for route in ROUTES:
        result["paths"].setdefault(route.path, {})[route.method] = _operation(route, schemas)
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


def _types(route: SdkRoute) -> Iterator[Any]:
    if route.body is not None:
        yield route.body
    yield from route.answers


def _operation(route: SdkRoute, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": route.name,
        "description": route.about,
        "tags": [TAG],
        "parameters": [
            {
                "in": each.place,
                "name": each.name,
                "description": each.about,
                "required": each.place == "path",
                "schema": {"type": each.type},
            }
            for each in route.parameters
        ],
        "security": [{scheme: []} for scheme in route.security],
        "responses": {str(route.status): _success(route, schemas)} | dict(_refusals(route)),
    }
    if route.body is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[repr(route.body)]}}}
    return told


def _success(route: SdkRoute, schemas: dict[str, Any]) -> dict[str, Any]:
    if not route.answers:
        return {"description": ""}
    shapes = [schemas[repr(each)] for each in route.answers]
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {"description": "", "content": {route.produces: {"schema": schema}}}


def _refusals(route: SdkRoute) -> Iterator[tuple[str, dict[str, Any]]]:
    for status in sorted({*USUAL, *route.refuses, *(WITH_BODY if route.body is not None else ())}):
        if status == NOT_MODIFIED:
            yield str(status), {"description": "The client has this already: it sent what is still the ETag."}
        else:
            yield str(status), {"content": {"application/json": {"schema": ERROR}}, "description": MEANINGS[status]}


def _as_openapi(schema: Any) -> Any:
    """OpenAPI 3.0 has no type null, what may be null says so beside its type; and no empty list of required members."""
    if isinstance(schema, list):
        return [_as_openapi(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _as_openapi(each) for name, each in schema.items() if (name, each) != ("required", [])}
    choices = [each for each in told.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == len(told.get("anyOf", ())):
        return told
    del told["anyOf"]
    shape = choices[0] if len(choices) == 1 and "$ref" not in choices[0] else {"anyOf": choices}
    return told | shape | {"nullable": True}
