"""The OpenAPI document, from what the views state."""

from collections.abc import Mapping
from typing import Any, Final, cast

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from burgee.control.api.base.statuses import MEANINGS, WITH_BODY, WITHOUT_BODY, refusals, successes
from burgee.control.api.base.views import ApiView, Public

ERROR: Final = {
    "anyOf": [{"type": "object", "additionalProperties": {}}, {"type": "array", "items": {}}],
    "description": "`detail`, or the messages by field.",
}

SECURITY_SCHEMES: Final = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Token <token>`: the key that signing in answers with.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Api-Key <key>`: a master API key of an organisation.",
    },
}


def share_components(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of drf-spectacular: what every operation has alike stands in the document once."""
    components = result.setdefault("components", {})
    components["securitySchemes"] = components.get("securitySchemes", {}) | SECURITY_SCHEMES
    shared = components.setdefault("responses", {})
    for item in result["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if response.get("description") == MEANINGS.get(int(status)):
                    shared[f"Status{status}"] = response
                    operation["responses"][status] = {"$ref": f"#/components/responses/Status{status}"}
    return result


class ApiSchema(AutoSchema):
    """Of an ``ApiView``."""

    def get_tags(self) -> list[str]:
        return list(self._of.tags)

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        return str(self._of.__dict__.get("__doc__") or "")

    def get_auth(self) -> list[dict[str, Any]]:
        rule = self._of.rule(self._verb)
        if isinstance(rule, Public):
            return []
        return [{"token": []}] if self._of.for_people else [{"token": []}, {"apiKey": []}]

    def get_request_serializer(self) -> Any:
        return self._of.accepts or (OpenApiTypes.ANY if self._verb in WITH_BODY else None)

    def get_response_serializers(self) -> Any:
        stated = self._of.answers
        answers = (stated.get(self._verb) if isinstance(stated, Mapping) else stated) or OpenApiTypes.ANY
        found: dict[Any, Any] = {
            (status, self._of.produces): None if status in WITHOUT_BODY else answers
            for status in successes(self._of, self._verb)
        }
        for status in refusals(self._of, self._verb):
            found[status, "application/json"] = OpenApiResponse(ERROR, description=MEANINGS[status])
        return found

    @property
    def _of(self) -> type[ApiView]:
        return cast("type[ApiView]", type(self.view))

    @property
    def _verb(self) -> str:
        return str(self.method).lower()
