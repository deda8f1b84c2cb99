"""Real-time: streams of environments for SDKs and the dashboard, and the route by which changes are announced."""

import hmac
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from burgee.edge.errors import EdgeError, refused
from burgee.edge.handlers.bodies import body_data, understood
from burgee.edge.keys import Keys
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse, detail
from burgee.edge.routes import PlainHandler
from burgee.edge.stream import Streams, event
from burgee.edge.view import View
from burgee.wire import tickets

_SCHEME: Final = b"token "
_OK: Final = EdgeResponse(200, b"")


class StreamHandlers:
    """Handlers over the open streams."""

    def __init__(self, keys: Keys, streams: Streams, token: str | None) -> None:
        self._keys = keys
        self._streams = streams
        self._token = token

    def view(self, request: EdgeRequest) -> View:
        """The environment of the client key in the path."""
        try:
            return self._keys.environment_named(request.names[0].encode())
        except EdgeError as error:
            error.response = detail(404, "Not found.")
            raise

    def open(self, request: EdgeRequest, view: View) -> EdgeResponse:
        """`GET /sse/environments/{key}/stream`."""
        return self._streams.open(request, view)

    def queue_change(self, request: EdgeRequest) -> EdgeResponse:
        """`POST /sse/environments/{key}/queue-change`: tell the streams of an environment to look again."""
        if self._token is None:
            return detail(404, "Not found.")
        authorization = request.headers.get(b"authorization", b"")
        given = authorization[len(_SCHEME) :].strip() if authorization[: len(_SCHEME)].lower() == _SCHEME else b""
        if not hmac.compare_digest(given, self._token.encode()):
            raise refused(401, "Invalid token.", headers=b"www-authenticate: Token\r\n")
        view = self.view(request)
        moment = _moment(understood(lambda: body_data(request)))
        self._streams.tell(view.environment_id, event(view.version, moment))
        return _OK


def live(streams: Streams, keys: Sequence[bytes]) -> PlainHandler:
    """`GET /_burgee/live?ticket=`: changes of all the environments that the ticket names."""

    def open_live(request: EdgeRequest) -> EdgeResponse:
        ticket = tickets.verify(request.parameter("ticket") or "", keys, now=time.time())
        if ticket is None:
            raise refused(403, "This ticket is not valid, or no longer. Ask for a new one.")
        return streams.open_live(ticket.environments)

    return open_live


def _moment(data: object) -> float:
    given = data.get("updated_at") if isinstance(data, dict) else None
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    try:
        return datetime.fromisoformat(str(given)).timestamp()
    except (ValueError, OverflowError):
        raise refused(400, "updated_at must be a date and time.") from None
