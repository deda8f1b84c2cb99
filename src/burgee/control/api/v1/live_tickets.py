"""Tickets for the dashboard's live stream, which the data plane serves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import visible_environments
from burgee.control.api.base import ApiView
from burgee.control.api.base.routing import path
from burgee.control.api.base.scopes import NoScope
from burgee.control.kit import clock
from burgee.wire.tickets import CONNECT_SECONDS, Ticket, sign

MOST_ENVIRONMENTS = 1_000
"""So that a ticket fits into an address; the newest are named."""


class LiveTicketJson(serializers.Serializer[Any]):
    ticket = serializers.CharField()
    expires_at = serializers.DateTimeField()


class LiveTickets(ApiView):
    """A ticket opens ``GET /_burgee/live?ticket=`` for a minute, for the environments that the caller may view."""

    scope = NoScope()
    permission = Permission.SIGNED_IN
    tags = ("real-time",)
    succeeds = {"post": (201,)}
    answers = LiveTicketJson

    def post(self, request: Request) -> Response:  # noqa: ARG002 - a handler
        newest = visible_environments(self.user).order_by("-id").values_list("id", flat=True)
        expires_at = int((clock.now() + timedelta(seconds=CONNECT_SECONDS)).timestamp())
        ticket = sign(Ticket(expires_at, tuple(newest[:MOST_ENVIRONMENTS])), settings.LIVE_TICKET_KEY)
        answer = {"ticket": ticket, "expires_at": datetime.fromtimestamp(expires_at, UTC)}
        return Response(LiveTicketJson(answer).data, status=201)


routes = [path("live-tickets/", LiveTickets)]
