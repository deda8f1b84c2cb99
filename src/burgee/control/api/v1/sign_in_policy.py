"""Which methods the people of an e-mail domain may sign in by; for superusers."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from msgspec import to_builtins
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.api.base import get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.v1.superusers import SuperuserView
from burgee.control.kit import clock
from burgee.control.sso.consequences import consequences
from burgee.control.sso.doors import configured
from burgee.control.sso.models import BreakGlass, SignInRule
from burgee.control.sso.people import Method
from burgee.control.sso.policies import change_rule, create_rule, delete_rule, rule_domain, rules_by_domain

METHODS = [method.value for method in Method]


class SignInRuleInput(serializers.Serializer[Any]):
    domain = serializers.CharField(max_length=253)
    methods = serializers.ListField(child=serializers.ChoiceField(choices=METHODS), allow_empty=False, max_length=20)


class BreakGlassOutput(serializers.Serializer[Any]):
    email = serializers.EmailField()
    until = serializers.DateTimeField(allow_null=True)


class SignInRuleOutput(SignInRuleInput):
    id = serializers.IntegerField()
    changed_at = serializers.DateTimeField()


class PolicyView(SuperuserView):
    tags = ("auth-policy",)


class SignInRules(PolicyView):
    accepts = SignInRuleInput

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([_shown(row) for row in SignInRule.objects.order_by("domain")])

    def post(self, request: Request) -> Response:
        facts = parsed(SignInRuleInput, request)
        return Response(_shown(create_rule(facts["domain"], facts["methods"], actor=self.actor)), status=201)


class OneSignInRule(PolicyView):
    accepts = SignInRuleInput
    answers = SignInRuleOutput

    def get(self, request: Request, rule_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(_shown(get_or_missing(SignInRule.objects.all(), pk=rule_id)))

    def put(self, request: Request, rule_id: int) -> Response:
        row = get_or_missing(SignInRule.objects.all(), pk=rule_id)
        return Response(_shown(change_rule(row, actor=self.actor, **parsed(SignInRuleInput, request))))

    def delete(self, request: Request, rule_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        delete_rule(get_or_missing(SignInRule.objects.all(), pk=rule_id), actor=self.actor)
        return Response(status=204)


class PolicySettingsOutput(serializers.Serializer[Any]):
    """What the environment of the server says, and what is set up: only its operator changes that.

    ``everywhere`` is empty when nothing is said. ``break_glass`` are people who may sign in by password anyway,
    ``until`` null for those whom the environment names.
    """

    everywhere = serializers.ListField(child=serializers.ChoiceField(choices=METHODS))
    configured = serializers.ListField(child=serializers.ChoiceField(choices=METHODS))
    prevent_email_password = serializers.BooleanField()
    prevent_signup = serializers.BooleanField()
    allow_registration_without_invite = serializers.BooleanField()
    session_days = serializers.IntegerField()
    session_idle_days = serializers.IntegerField()
    break_glass = BreakGlassOutput(many=True)


class PolicySettings(PolicyView):
    answers = PolicySettingsOutput

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        sso, control = settings.SSO, settings.CONTROL
        open_glasses = BreakGlass.objects.filter(until__gt=clock.now(), user__is_superuser=True, user__is_active=True)
        opened = open_glasses.select_related("user").order_by("until")
        named: list[dict[str, Any]] = [{"email": email, "until": None} for email in sso.break_glass_emails]
        return Response(
            {
                "everywhere": list(sso.methods.names),
                "configured": [method for method in METHODS if method in configured()],
                "prevent_email_password": control.prevent_email_password,
                "prevent_signup": control.prevent_signup,
                "allow_registration_without_invite": control.allow_registration_without_invite,
                "session_days": sso.session_days,
                "session_idle_days": sso.session_idle_days,
                "break_glass": [*named, *({"email": row.user.email, "until": row.until} for row in opened)],
            }
        )


class PreviewInput(serializers.Serializer[Any]):
    """A rule as it would be; without ``methods`` there would be none. ``replaces`` is the rule that goes for it."""

    domain = serializers.CharField(max_length=253)
    methods = serializers.ListField(child=serializers.ChoiceField(choices=METHODS), max_length=20)
    replaces = serializers.IntegerField(required=False, allow_null=True, default=None)


class PeopleOutput(serializers.Serializer[Any]):
    amount = serializers.IntegerField()
    emails = serializers.ListField(child=serializers.CharField())
    has_self = serializers.BooleanField()


class PreviewOutput(serializers.Serializer[Any]):
    """See ``locked_out``: no way left that is set up. ``untried``: only ways that they never came by."""

    concerned = serializers.IntegerField()
    locked_out = PeopleOutput()
    untried = PeopleOutput()


class PolicyPreview(PolicyView):
    """Who would be kept out by a change; nothing is changed."""

    accepts = PreviewInput
    answers = PreviewOutput
    succeeds: ClassVar[dict[str, tuple[int, ...]]] = {"post": (200,)}

    def post(self, request: Request) -> Response:
        facts = parsed(PreviewInput, request)
        rules: dict[str, Collection[Method]] = dict(rules_by_domain())
        if facts["replaces"] is not None:
            rules.pop(get_or_missing(SignInRule.objects.all(), pk=facts["replaces"]).domain, None)
        if facts["methods"]:
            rules[rule_domain(facts["domain"])] = [Method(name) for name in facts["methods"]]
        return Response(to_builtins(consequences(rules, asked_by=self.user)))


def _shown(row: SignInRule) -> dict[str, Any]:
    return {"id": row.pk, "domain": row.domain, "methods": row.methods, "changed_at": row.changed_at}


routes = [
    path("auth/policy/", SignInRules),
    path("auth/policy/<int:rule_id>/", OneSignInRule),
    path("auth/policy/settings/", PolicySettings),
    path("auth/policy/preview/", PolicyPreview),
]
