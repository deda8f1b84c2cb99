"""Where one is signed in: seen, and ended, by oneself alone."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.accounts import sessions
from burgee.control.accounts.models import Token
from burgee.control.api.base import ApiView, NoScope, get_or_missing
from burgee.control.api.base.routing import path


class SessionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # fields are taken off the class
    method = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_used_on = serializers.DateField(allow_null=True)
    is_current = serializers.BooleanField()


class OwnSignIns(ApiView):
    """Applications act for a person; how the person signs in is none of their business."""

    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("account",)
    for_people = True

    token: Token

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        if not isinstance(request.auth, Token):
            raise PermissionDenied
        self.token = request.auth


class Sessions(OwnSignIns):
    answers = SessionOutput(many=True)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response([self._shown(row) for row in sessions.sessions_of(self.user)])

    def _shown(self, row: Token) -> dict[str, Any]:
        return {
            "id": row.pk,
            "label": row.label,
            "method": row.method,
            "created_at": row.created_at,
            "last_used_on": row.last_used_on,
            "is_current": row.pk == self.token.pk,
        }


class OneSession(OwnSignIns):
    def delete(self, request: Request, session_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        sessions.end(get_or_missing(Token.objects.filter(user=self.user), pk=session_id), actor=self.actor)
        return Response(status=204)


class EndOtherSessions(OwnSignIns):
    succeeds = {"post": (200,)}

    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"ended": sessions.end_all(self.user, keep=self.token, actor=self.actor)})


routes = [
    path("users/me/sessions/", Sessions),
    path("users/me/sessions/<int:session_id>/", OneSession),
    path("users/me/sessions/end-others/", EndOtherSessions),
]
