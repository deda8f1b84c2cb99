"""The OpenAPI document, from what the views state."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes


class ApiSchema(AutoSchema):
    def get_tags(self) -> list[str]:
        return list(getattr(self.view, "tags", ()))

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "accepts", None) or OpenApiTypes.OBJECT

    def get_response_serializers(self) -> Any:
        return getattr(self.view, "answers", None) or OpenApiTypes.OBJECT
