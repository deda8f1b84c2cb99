"""Refusals of the data plane, as ready answers."""

from burgee.edge.response import EdgeResponse, detail, json_response
from burgee.wire import sdk
from burgee.wire.fields import Errors


class EdgeError(Exception):
    """Ends a request with this answer."""

    def __init__(self, response: EdgeResponse) -> None:
        super().__init__(response.status)
        self.response = response


def refused(status: int, message: str, *, headers: bytes = b"") -> EdgeError:
    return EdgeError(detail(status, message, headers=headers))


def invalid(errors: Errors) -> EdgeError:
    return EdgeError(json_response(sdk.error_body(errors), status=400))


def unavailable(message: str, retry_after: int) -> EdgeError:
    return refused(503, message, headers=b"retry-after: %d\r\n" % retry_after)
