"""Which sources know the own account; linking another one while signed in."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.accounts import proof
from burgee.control.api.base import get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.api.v1.auth import LONGEST_PASSWORD, address_of
from burgee.control.api.v1.oidc_sign_in import BROWSER_COOKIE
from burgee.control.api.v1.sessions import OwnSignIns
from burgee.control.sso import handover, links
from burgee.control.sso.bonds import require_own
from burgee.control.sso.models import Link
from burgee.control.sso.people import Method, Person, Source
from burgee.control.sso.providers import BY_GITHUB, BY_GOOGLE, github_person, google_person

HANDED_OVER = (Method.OIDC.value, Method.SAML.value)


class LinkProofInput(serializers.Serializer[Any]):
    """Needed when the sign-in is older than some minutes: one of the two."""

    current_password = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_PASSWORD, trim_whitespace=False
    )
    current_code = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)


class SourceLinkInput(LinkProofInput):
    """``access_token`` is what the provider's page gave to the browser: Google's token, GitHub's code."""

    access_token = serializers.CharField(max_length=4096)


class SourceLinkOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    method = serializers.CharField()
    key = serializers.CharField()
    is_explicit = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class HandedOverInput(LinkProofInput):
    """``code`` is that with which a provider's page sent the browser back here."""

    method = serializers.ChoiceField(choices=HANDED_OVER)
    code = serializers.CharField(max_length=200)


class SourceLinks(OwnSignIns):
    answers = SourceLinkOutput(many=True)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([_link_json(row) for row in Link.objects.filter(user=self.user).order_by("id")])


class MakeLink(OwnSignIns):
    """Link whom a source vouches for. A session that lasts no longer than another source's word cannot do that."""

    answers = SourceLinkOutput
    succeeds = {"post": (201,)}
    refuses: ClassVar[tuple[int, ...]] = (409,)
    throttle_classes = (LoginThrottle,)

    def prove(self, request: Request, facts: dict[str, Any]) -> None:
        """403 unless it is certain that the account's owner asks."""
        shown = proof.Shown(password=facts["current_password"], code=facts["current_code"], address=address_of(request))
        proof.require(self.user, self.token, shown)

    def link(self, person: Person, source: Source) -> Response:
        made = links.link(self.user, person, source, explicit=True, actor=self.actor)
        return Response(_link_json(made), status=201)


class LinkProvider(MakeLink):
    accepts = SourceLinkInput
    refuses = (409, 502)
    source: ClassVar[Source]
    ask: ClassVar[Callable[[str], Person]]

    def post(self, request: Request) -> Response:
        require_own(self.token)
        facts = parsed(SourceLinkInput, request)
        self.prove(request, facts)
        return self.link(type(self).ask(facts["access_token"]), self.source)


class LinkGithub(LinkProvider):
    source = BY_GITHUB
    ask = github_person


class LinkGoogle(LinkProvider):
    source = BY_GOOGLE
    ask = google_person


class LinkHandedOver(MakeLink):
    accepts = HandedOverInput
    refuses = (401, 409)

    def post(self, request: Request) -> Response:
        require_own(self.token)
        facts = parsed(HandedOverInput, request)
        self.prove(request, facts)
        browser = request.COOKIES.get(BROWSER_COOKIE, "")
        met = handover.collect(facts["code"], Method(facts["method"]), browser=browser)
        return self.link(met.person, met.source)


class OneSourceLink(OwnSignIns):
    def delete(self, request: Request, link_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        rows = Link.objects.select_related("user").filter(user=self.user)
        links.unlink(get_or_missing(rows, pk=link_id), actor=self.actor)
        return Response(status=204)


def _link_json(row: Link) -> dict[str, Any]:
    return {
        "id": row.pk,
        "method": row.method,
        "key": row.source_key,
        "is_explicit": row.is_explicit,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
    }


routes = [
    path("users/me/links/", SourceLinks),
    path("users/me/links/<int:link_id>/", OneSourceLink),
    path("users/me/links/github/", LinkGithub),
    path("users/me/links/google/", LinkGoogle),
    path("auth/links/", LinkHandedOver),
]
