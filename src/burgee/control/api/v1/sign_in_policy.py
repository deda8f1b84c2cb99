"""Which methods the people of an e-mail domain may sign in by; for superusers."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, NoScope, get_or_missing, parsed
from burgee.control.api.base.routing import path
from burgee.control.oauth.models import AccessToken
from burgee.control.sso.models import SignInRule
from burgee.control.sso.people import Method
from burgee.control.sso.policies import change_rule, create_rule, delete_rule

METHODS = [method.value for method in Method]


class SignInRuleInput(serializers.Serializer[Any]):
    domain = serializers.CharField(max_length=253)
    methods = serializers.ListField(child=serializers.ChoiceField(choices=METHODS), allow_empty=False, max_length=20)


class SignInRuleOutput(SignInRuleInput):
    id = serializers.IntegerField()
    changed_at = serializers.DateTimeField()


class PolicyView(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("auth-policy",)
    for_people = True
    accepts = SignInRuleInput

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        if not self.user.is_superuser or isinstance(request.auth, AccessToken):
            raise PermissionDenied


class SignInRules(PolicyView):
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([_shown(row) for row in SignInRule.objects.order_by("domain")])

    def post(self, request: Request) -> Response:
        facts = parsed(SignInRuleInput, request)
        return Response(_shown(create_rule(facts["domain"], facts["methods"], actor=self.actor)), status=201)


class OneSignInRule(PolicyView):
    answers = SignInRuleOutput

    def get(self, request: Request, rule_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(_shown(get_or_missing(SignInRule.objects.all(), pk=rule_id)))

    def put(self, request: Request, rule_id: int) -> Response:
        row = get_or_missing(SignInRule.objects.all(), pk=rule_id)
        return Response(_shown(change_rule(row, actor=self.actor, **parsed(SignInRuleInput, request))))

    def delete(self, request: Request, rule_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        delete_rule(get_or_missing(SignInRule.objects.all(), pk=rule_id), actor=self.actor)
        return Response(status=204)


def _shown(row: SignInRule) -> dict[str, Any]:
    return {"id": row.pk, "domain": row.domain, "methods": row.methods, "changed_at": row.changed_at}


routes = [
    path("auth/policy/", SignInRules),
    path("auth/policy/<int:rule_id>/", OneSignInRule),
]
