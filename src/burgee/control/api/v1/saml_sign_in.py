"""Signing in with SAML: to the identity provider, back, and in.

The provider's answer comes by way of the browser, which is sent on to the dashboard with a code; the dashboard
exchanges that. So a token never stands in an address.
"""

import secrets
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import format_html
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.api.base import ApiView, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.session import is_https
from burgee.control.api.base.throttling import SamlThrottle
from burgee.control.api.v1.auth import SignInView, address_of, entered_answer, tell_refusal
from burgee.control.api.v1.oidc_sign_in import BROWSER_COOKIE, COOKIE_PATH
from burgee.control.api.v1.saml_configurations import ConfigurationFromUrl
from burgee.control.kit.errors import DomainError
from burgee.control.saml.addresses import entity_id, response_url
from burgee.control.saml.description import certificates, metadata
from burgee.control.saml.models import SamlConfiguration
from burgee.control.saml.sign_in import begin, enter, receive, source
from burgee.control.sso import handover
from burgee.control.sso.handover import HandoverInvalid
from burgee.control.sso.people import Method

LONGEST_CODE: Final = 200
NO_STORE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign-in refused</title></head>
<body><h1>You could not be signed in</h1><p>{}</p><p><a href="{}">Back to the dashboard</a></p></body></html>
"""


class SamlCodeInput(serializers.Serializer[Any]):
    access_token = serializers.CharField(max_length=LONGEST_CODE)


class SamlView(ApiView):
    permission = Public("whoever signs in has no token yet")
    scope = ConfigurationFromUrl()
    tags = ("saml",)


class SamlMetadata(SamlView):
    """Our description for the identity provider, as XML; with ``format=json`` its parts, for people."""

    permission = Public("identity providers fetch it")
    produces = "application/samlmetadata+xml"

    def get(self, request: Request, configuration: SamlConfiguration) -> HttpResponseBase:
        described = metadata(configuration)
        if request.query_params.get("format") == "json":
            return Response(
                {
                    "entity_id": entity_id(configuration),
                    "acs_url": response_url(configuration),
                    "certificates": certificates(configuration),
                    "metadata": described,
                }
            )
        return HttpResponse(described, content_type=self.produces)


class SamlRequest(SamlView):
    """Where the browser goes to sign in. With ``format=html`` it is sent there at once."""

    produces = "application/json; text/html"
    succeeds = {"post": (200,)}
    refuses = (501,)
    throttle_classes = (SamlThrottle,)

    def post(self, request: Request, configuration: SamlConfiguration) -> Response:
        place = begin(configuration)
        if request.query_params.get("format") == "html":
            return Response(status=303, headers=NO_STORE | {"Location": place})
        return Response({"headers": {"Location": place}, "status": 303, "url": place}, headers=NO_STORE)


class SamlResponse(SamlView):
    """Takes what the browser brings from the identity provider, and sends it on to the dashboard."""

    produces = "text/html"
    succeeds = {"post": (302,)}
    refuses = (401, 501)
    throttle_classes = (SamlThrottle,)

    def post(self, request: Request, configuration: SamlConfiguration) -> HttpResponseBase:
        as_json = request.query_params.get("format") == "json"
        browser = secrets.token_urlsafe(32) if not as_json and _shares_cookies(configuration) else ""
        try:
            place = receive(configuration, _posted(request, "SAMLResponse"), _posted(request, "RelayState"), browser)
        except DomainError as error:
            tell_refusal(request, self, error, **source(configuration).told)
            if as_json:
                raise
            return _refusal(configuration, error)
        if as_json:
            return Response({"headers": {"Location": place}, "status": 302, "url": place}, headers=NO_STORE)
        answer = Response(status=302, headers=NO_STORE | {"Location": place})
        if browser:
            answer.set_cookie(
                BROWSER_COOKIE,
                browser,
                max_age=handover.SECONDS,
                path=COOKIE_PATH,
                httponly=True,
                samesite="Lax",
                secure=is_https(request),
            )
        return answer


class SamlLogin(SignInView):
    """The token for the code that the dashboard was opened with."""

    tags = ("saml",)
    accepts = SamlCodeInput
    refuses = (401, 403)
    throttle_classes = (SamlThrottle,)

    def post(self, request: Request) -> Response:
        code = parsed(SamlCodeInput, request)["access_token"]
        browser = request.COOKIES.get(BROWSER_COOKIE, "")
        label = request.headers.get("User-Agent")
        try:
            entry = enter(code, browser=browser, address=address_of(request), label=label)
        except HandoverInvalid as error:
            tell_refusal(request, self, error, method=Method.SAML)
            raise
        return entered_answer(entry.entered)


def _posted(request: Request, name: str) -> str:
    value = request.data.get(name, "") if hasattr(request.data, "get") else ""
    return value if isinstance(value, str) else ""


def _shares_cookies(configuration: SamlConfiguration) -> bool:
    return urlsplit(configuration.frontend_url).hostname == urlsplit(settings.PUBLIC_URL).hostname


def _refusal(configuration: SamlConfiguration, error: DomainError) -> HttpResponse:
    """A page for people: they stand here with their browser."""
    page = format_html(PAGE, str(error), configuration.frontend_url)
    headers = NO_STORE | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    return HttpResponse(page, status=error.status, headers=headers)


routes = [
    path("auth/saml/login/", SamlLogin),
    path("auth/saml/<str:name>/metadata/", SamlMetadata),
    path("auth/saml/<str:name>/request/", SamlRequest),
    path("auth/saml/<str:name>/response/", SamlResponse),
]
