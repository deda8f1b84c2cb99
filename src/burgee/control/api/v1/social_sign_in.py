"""Signing in with GitHub and with Google."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.accounts.signing_in import Challenge
from burgee.control.api.base import parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.api.v1.auth import METHOD, SignInView
from burgee.control.api.v1.users import SIGN_UP_TYPES
from burgee.control.federation.errors import ProviderFailed
from burgee.control.federation.providers import Person, github_person, google_person
from burgee.control.federation.sign_in import Arrival, sign_in_known


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
    auth_type: ClassVar[str]

    def post(self, request: Request) -> Response:
        facts = parsed(ArrivalInput, request)
        arrival = Arrival(
            auth_type=self.auth_type,
            sign_up_type=facts.get("sign_up_type"),
            invite_hash=facts.get("invite_hash") or "",
            marketing_consent_given=facts.get("marketing_consent_given") is not False,
        )
        try:
            person = self.ask(facts["access_token"])
        except ProviderFailed as error:
            return Response({"message": str(error)}, status=error.status)
        entered, is_new = sign_in_known(person, arrival, label=request.headers.get("User-Agent"))
        if isinstance(entered, Challenge):
            return Response({"ephemeral_token": entered.token, "method": METHOD})
        return Response({"key": entered, "is_new_user": is_new})

    def ask(self, shown: str) -> Person:
        """Who the provider says it is, by what it gave to the browser."""
        raise NotImplementedError


class GithubSignIn(ProviderView):
    auth_type = "GITHUB"

    def ask(self, shown: str) -> Person:
        return github_person(shown)


class GoogleSignIn(ProviderView):
    auth_type = "GOOGLE"

    def ask(self, shown: str) -> Person:
        return google_person(shown)


routes = [
    path("auth/oauth/github/", GithubSignIn),
    path("auth/oauth/google/", GoogleSignIn),
]
