"""Signing in with GitHub and with Google."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.accounts.records import tell_failure
from burgee.control.api.base import parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.api.v1.auth import SignInView, address_of, entered_answer
from burgee.control.api.v1.users import SIGN_UP_TYPES
from burgee.control.sso.arrivals import arrive
from burgee.control.sso.errors import ProviderFailed
from burgee.control.sso.people import Arrival, Person, Source
from burgee.control.sso.providers import BY_GITHUB, BY_GOOGLE, github_person, google_person


class ArrivalInput(serializers.Serializer[Any]):
    """``access_token`` is what the provider's page gave to the browser: Google's token, GitHub's code."""

    access_token = serializers.CharField(max_length=4096)
    sign_up_type = serializers.ChoiceField(choices=SIGN_UP_TYPES, required=False, allow_null=True)
    invite_hash = serializers.CharField(max_length=100, required=False, allow_null=True, allow_blank=True)
    marketing_consent_given = serializers.BooleanField(required=False, allow_null=True)


class ProviderView(SignInView):
    accepts = ArrivalInput
    refuses = (502,)
    throttle_classes = (LoginThrottle,)
    source: ClassVar[Source]

    def post(self, request: Request) -> Response:
        facts = parsed(ArrivalInput, request)
        arrival = Arrival(
            sign_up_type=facts.get("sign_up_type"),
            invite_hash=facts.get("invite_hash") or "",
            marketing_consent_given=facts.get("marketing_consent_given") is not False,
        )
        try:
            person = self.ask(facts["access_token"])
        except ProviderFailed as error:
            tell_failure(None, reason=error.code, **self.source.told)
            return Response({"message": str(error)}, status=error.status)
        label = request.headers.get("User-Agent")
        entry = arrive(person, self.source, arrival=arrival, address=address_of(request), label=label)
        return entered_answer(entry.entered, is_new_user=entry.is_new)

    def ask(self, shown: str) -> Person:
        """Who the provider says it is, by what it gave to the browser."""
        raise NotImplementedError


class GithubSignIn(ProviderView):
    source = BY_GITHUB

    def ask(self, shown: str) -> Person:
        return github_person(shown)


class GoogleSignIn(ProviderView):
    source = BY_GOOGLE

    def ask(self, shown: str) -> Person:
        return google_person(shown)


routes = [
    path("auth/oauth/github/", GithubSignIn),
    path("auth/oauth/google/", GoogleSignIn),
]
