"""The API's own description: the OpenAPI document, and a page that shows it."""

from functools import lru_cache
from typing import Final

from django.http import HttpResponse
from django.templatetags.static import static
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.request import Request

from burgee.control.api.base import ApiView, NoScope, Public
from burgee.control.api.base.routing import path

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Burgee API</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="{style}">
<div id="swagger-ui" data-document="/api/v1/swagger.json"></div>
<script src="{bundle}"></script>
<script src="{start}"></script>
</html>
"""


class JsonDocument(ApiView):
    permission = Public("it says nothing that is not public")
    scope = NoScope()
    tags = ("docs",)
    produces = OpenApiJsonRenderer.media_type

    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        return HttpResponse(_rendered(OpenApiJsonRenderer), content_type=self.produces)


class YamlDocument(ApiView):
    permission = Public("it says nothing that is not public")
    scope = NoScope()
    tags = ("docs",)
    produces = OpenApiYamlRenderer.media_type

    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        return HttpResponse(_rendered(OpenApiYamlRenderer), content_type=self.produces)


class DocumentPage(ApiView):
    """Swagger UI, from this server alone."""

    permission = Public("it says nothing that is not public")
    scope = NoScope()
    tags = ("docs",)
    produces = "text/html"

    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        folder = "drf_spectacular_sidecar/swagger-ui-dist"
        page = PAGE.format(
            icon=static(f"{folder}/favicon-32x32.png"),
            style=static(f"{folder}/swagger-ui.css"),
            bundle=static(f"{folder}/swagger-ui-bundle.js"),
            start=static("api/docs.js"),
        )
        return HttpResponse(page, headers={"Content-Security-Policy": POLICY})


@lru_cache(maxsize=2)
def _rendered(renderer: type[OpenApiJsonRenderer | OpenApiYamlRenderer]) -> bytes:
    """Made once in a process: it takes the better part of a second and never changes."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # it has no types
    return bytes(renderer().render(document, renderer_context={}))


routes = [
    path("docs/", DocumentPage),
    path("swagger.json", JsonDocument),
    path("swagger.yaml", YamlDocument),
]
