"""Signing in through an OpenID provider: to the issuer, back, and in.

The page that people come back to knows whom it met but gives no token: it leaves a code with the dashboard, which
exchanges it. So a token never stands in an address.
"""

import secrets
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.session import is_https
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.api.v1.auth import SignInView, address_of, entered_answer, tell_refusal
from burgee.control.api.v1.users import SIGN_UP_TYPES
from burgee.control.kit.errors import DomainError
from burgee.control.oidc.errors import JourneyLost, ProviderUnknown
from burgee.control.oidc.journeys import SECONDS, Journey, begin, cookie_of, finish, opened, sealed
from burgee.control.oidc.providers import provider_named
from burgee.control.sso import handover
from burgee.control.sso.arrivals import arrive
from burgee.control.sso.handover import HandoverInvalid, Met
from burgee.control.sso.people import Arrival, Method

BROWSER_COOKIE: Final = "burgee_handover"
COOKIE_PATH: Final = "/api/v1/auth/"
LONGEST: Final = 4096


class StartInput(serializers.Serializer[Any]):
    sign_up_type = serializers.ChoiceField(choices=SIGN_UP_TYPES, required=False, allow_null=True)
    invite_hash = serializers.CharField(max_length=100, required=False, allow_blank=True)


class HandoverInput(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=200)
    marketing_consent_given = serializers.BooleanField(required=False, allow_null=True)


class OidcStart(ApiView):
    permission = Public("whoever signs in has no token yet")
    scope = NoScope()
    tags = ("sso",)
    succeeds = {"get": (302,)}
    refuses = (404,)
    throttle_classes = (LoginThrottle,)

    def get(self, request: Request, slug: str) -> Response:
        reader = StartInput(data=request.query_params)
        reader.is_valid(raise_exception=True)
        facts = reader.validated_data
        provider = provider_named(slug)
        try:
            url, journey = begin(
                provider, sign_up_type=facts.get("sign_up_type"), invite_hash=facts.get("invite_hash", "")
            )
        except DomainError as error:
            tell_refusal(request, self, error, **provider.source.told)
            return _to_dashboard(error=error)
        answer = _to(url)
        _keep(answer, request, cookie_of(journey.state), sealed(journey), SECONDS)
        return answer


class OidcCallback(ApiView):
    permission = Public("whoever signs in has no token yet")
    scope = NoScope()
    tags = ("sso",)
    succeeds = {"get": (302,)}

    def get(self, request: Request, slug: str) -> Response:
        state = request.query_params.get("state", "")[:LONGEST]
        cookie = cookie_of(state)
        try:
            journey = opened(request.COOKIES.get(cookie, ""), state)
            code, browser = _ended(slug, journey, request)
        except DomainError as error:
            tell_refusal(request, self, error, **_way_of(slug))
            answer = _to_dashboard(error=error)
        else:
            answer = _to_dashboard(code=code)
            _keep(answer, request, BROWSER_COOKIE, browser, handover.SECONDS)
        if cookie in request.COOKIES:
            answer.delete_cookie(cookie, path=COOKIE_PATH, samesite="Lax")
        return answer


class OidcLogin(SignInView):
    accepts = HandoverInput
    refuses = (401, 403, 404)
    throttle_classes = (LoginThrottle,)

    def post(self, request: Request) -> Response:
        facts = parsed(HandoverInput, request)
        try:
            met = handover.collect(facts["code"], Method.OIDC, browser=request.COOKIES.get(BROWSER_COOKIE, ""))
        except HandoverInvalid as error:
            tell_refusal(request, self, error, method=Method.OIDC)
            raise
        arrival = Arrival(
            sign_up_type=met.arrival.sign_up_type,
            invite_hash=met.arrival.invite_hash,
            marketing_consent_given=facts.get("marketing_consent_given") is not False,
        )
        label = request.headers.get("User-Agent")
        entry = arrive(met.person, met.source, arrival=arrival, address=address_of(request), label=label)
        return entered_answer(entry.entered, is_new_user=entry.is_new)


def _ended(slug: str, journey: Journey, request: Request) -> tuple[str, str]:
    """The code for the dashboard, and the secret of the browser that alone may use it; empty on another host."""
    provider = provider_named(slug)
    came = {name: request.query_params[name] for name in request.query_params}
    if any(len(values) > 1 for _, values in request.query_params.lists()):
        raise JourneyLost
    person = finish(provider, journey, came)
    browser = secrets.token_urlsafe(32) if _shares_cookies() else ""
    arrival = Arrival(sign_up_type=journey.sign_up_type, invite_hash=journey.invite_hash)
    met = Met(person=person, source=provider.source, arrival=arrival)
    return handover.leave(met, journey=journey.state, browser=browser), browser


def _way_of(slug: str) -> dict[str, Any]:
    """As events have it; a name that no provider has is kept nowhere."""
    try:
        return provider_named(slug).source.told
    except ProviderUnknown:
        return {"method": Method.OIDC}


def _dashboard() -> str:
    return settings.FEDERATION.dashboard_url.rstrip("/") or settings.PUBLIC_URL


def _shares_cookies() -> bool:
    return urlsplit(_dashboard()).hostname == urlsplit(settings.PUBLIC_URL).hostname


def _to_dashboard(*, code: str = "", error: DomainError | None = None) -> Response:
    """Behind a ``#``, which browsers send to no server."""
    told = {"code": code} if error is None else {"error": error.code, "detail": str(error)}
    return _to(f"{_dashboard()}/login/oidc#{urlencode(told)}")


def _to(url: str) -> Response:
    return Response(status=302, headers={"Location": url, "Referrer-Policy": "no-referrer"})


def _keep(answer: Response, request: Request, name: str, value: str, seconds: int) -> None:
    if value:
        answer.set_cookie(
            name, value, max_age=seconds, path=COOKIE_PATH, httponly=True, samesite="Lax", secure=is_https(request)
        )


routes = [
    path("auth/oidc/<slug:slug>/start/", OidcStart),
    path("auth/oidc/<slug:slug>/callback/", OidcCallback),
    path("auth/oidc/login/", OidcLogin),
]
