"""Every route of the control plane."""

from django.urls import URLPattern, URLResolver, include, path

from burgee.control.admin.installation import site
from burgee.control.api import v1

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(v1.routes())),
    path("admin/", site.urls),
    *v1.routes("root_routes"),
]

handler400 = "burgee.control.api.base.errors.bad_request"
handler404 = "burgee.control.api.base.errors.not_found"
handler500 = "burgee.control.api.base.errors.server_error"
