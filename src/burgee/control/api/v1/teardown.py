"""What end-to-end tests of a dashboard ask for between their runs."""

import hmac

from django.conf import settings
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.api.base import ApiView, NoScope, Public
from burgee.control.api.base.routing import path
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.rehearsals import remove_rehearsals


class Teardown(ApiView):
    permission = Public("tests present a secret of the server, not of a person; without one it is not there")
    scope = NoScope()
    tags = ("system",)
    succeeds = {"post": (204,)}
    refuses = (401, 404)

    def post(self, request: Request) -> Response:
        control = settings.CONTROL
        if not (control.enable_fe_e2e and control.e2e_test_auth_token):
            raise NotFound
        given = request.headers.get("X-E2E-Test-Auth-Token", "")
        if not hmac.compare_digest(given.encode(), control.e2e_test_auth_token.encode()):
            raise NotAuthenticated
        remove_rehearsals(actor=SYSTEM)
        return Response(status=204)


routes = [path("e2etests/teardown/", Teardown)]
