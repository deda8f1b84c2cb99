"""What a server says about itself."""

import json
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from burgee import __version__
from burgee.control.accounts.models import User
from burgee.control.api.base import ApiView, NoScope, Public
from burgee.control.api.base.routing import path
from burgee.control.api.base.session import is_https
from burgee.control.events.models import Delivery
from burgee.control.kit.mail_settings import CONSOLE
from burgee.wire.quirks import FLAGSMITH_VERSION


class Version(ApiView):
    permission = Public("clients ask what they talk to before they sign in")
    scope = NoScope()
    tags = ("system",)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(
            {
                "ci_commit_sha": "",
                "image_tag": FLAGSMITH_VERSION,
                "has_email_provider": settings.EMAIL_BACKEND != CONSOLE,
                "is_enterprise": False,
                "is_saas": False,
                "self_hosted_data": {
                    "has_users": User.objects.exists(),
                    "has_logins": User.objects.exclude(last_login=None).exists(),
                },
                "package_versions": {".": FLAGSMITH_VERSION},
                "burgee": __version__,
            }
        )


class Overrides(ApiView):
    """A script for the dashboard; a key stands there only when it is set."""

    permission = Public("the dashboard loads it before anybody signs in")
    scope = NoScope()
    tags = ("system",)
    produces = "application/javascript"

    def get(self, request: Request) -> HttpResponse:
        control = settings.CONTROL
        switches = {
            "preventSignup": control.prevent_signup,
            "preventEmailPassword": control.prevent_email_password,
            "hideInviteLinks": control.disable_invite_links,
            "cookieAuthEnabled": control.cookie_auth_enabled,
        }
        told: dict[str, Any] = {name: True for name, is_on in switches.items() if is_on}
        if control.cookie_auth_enabled:
            told["cookieSameSite"] = control.cookie_same_site
            secure = control.use_secure_cookies
            told["useSecureCookies"] = is_https(request) if secure is None else secure
        shown = json.dumps(told)
        return HttpResponse(f"window.projectOverrides = {shown};\n", content_type="application/javascript")


class Robots(ApiView):
    permission = Public("crawlers have no account")
    scope = NoScope()
    tags = ("system",)
    produces = "text/plain"

    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


class Monitoring(ApiView):
    permission = Public("a number for monitoring, without content")
    scope = NoScope()
    tags = ("system",)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"waiting": Delivery.objects.filter(done_at=None).count()})


class Alive(ApiView):
    permission = Public("load balancers have no account")
    scope = NoScope()
    tags = ("system",)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"status": "ok"})


class Ready(ApiView):
    """Whether the database answers; 503 when it does not."""

    permission = Public("load balancers have no account")
    scope = NoScope()
    tags = ("system",)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1" + connection.features.bare_select_suffix)
        except DatabaseError:
            return Response({"status": "failing", "database": "failing"}, status=503)
        return Response({"status": "ok", "database": "ok"})


root_routes = [
    path("version/", Version),
    path("config/project-overrides", Overrides),
    path("robots.txt", Robots),
    path("processor/monitoring/", Monitoring),
    path("health/liveness/", Alive, name="liveness"),
    path("health/readiness/", Ready, name="readiness"),
    path("health", Ready, name="health"),
    path("healthcheck", Ready, name="healthcheck"),
]
