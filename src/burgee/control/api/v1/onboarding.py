"""How far people have come with setting up: their own tasks, and the first evaluation of an environment."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.accounts.services import change_user
from burgee.control.api.base import ApiView, EnvironmentFromUrl, NoScope, Public, parsed
from burgee.control.api.base.routing import path
from burgee.control.environments.models import Environment
from burgee.control.kit import clock
from burgee.control.onboarding.services import first_evaluation, note_evaluation

SHORT = 200
MANY = 100


class TaskInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=SHORT)
    completed_at = serializers.DateTimeField(required=False)


class ToolsInput(serializers.Serializer[Any]):
    completed = serializers.BooleanField(default=False)
    integrations = serializers.ListField(child=serializers.CharField(max_length=SHORT), max_length=MANY, default=list)


class OnboardingInput(serializers.Serializer[Any]):
    tasks = serializers.ListField(child=TaskInput(), max_length=MANY, required=False)
    tools = ToolsInput(required=False)
    hosting_preferences = serializers.ListField(
        child=serializers.CharField(max_length=SHORT), max_length=MANY, required=False
    )


class FirstEvaluationInput(serializers.Serializer[Any]):
    first_evaluated_sdk_label = serializers.CharField(max_length=100, required=False, allow_null=True)


class MyOnboarding(ApiView):
    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("account",)
    accepts = OnboardingInput
    succeeds = {"patch": (204,)}

    def patch(self, request: Request) -> Response:
        facts = parsed(OnboardingInput, request)
        if not facts:
            return Response({"message": "At least one of tasks, tools and hosting_preferences is needed."}, status=400)
        if "tasks" in facts:
            facts["tasks"] = [_task(task) for task in facts["tasks"]]
        known = self.user.onboarding
        merged = (known if isinstance(known, dict) else {}) | facts
        change_user(self.user, actor=self.actor, onboarding=merged)
        return Response(status=204)


class OnboardingStatus(ApiView):
    permission = Public("pages that wait for the first evaluation know the client key alone")
    scope = EnvironmentFromUrl()
    tags = ("onboarding",)
    accepts = FirstEvaluationInput
    succeeds = {"put": (204,)}

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        first = first_evaluation(environment)
        return Response(
            {
                "first_evaluated_at": first.at if first else None,
                "first_evaluated_sdk_label": first.sdk_label if first else None,
            }
        )

    def put(self, request: Request, environment: Environment) -> Response:
        label = parsed(FirstEvaluationInput, request).get("first_evaluated_sdk_label")
        note_evaluation(environment, sdk_label=label, at=clock.now())
        return Response(status=204)


def _task(task: dict[str, Any]) -> dict[str, Any]:
    completed = task.get("completed_at") or clock.now()
    return {"name": task["name"], "completed_at": completed.isoformat()}


routes = [
    path("auth/users/me/onboarding/", MyOnboarding),
    path("environments/<str:environment_key>/onboarding-status/", OnboardingStatus),
]
