"""Whether this process lives, and whether it should get requests."""

from collections.abc import Callable, Mapping
from typing import Final

from burgee.edge.later import Handler
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse, json_response
from burgee.wire import sdk

_ALIVE: Final = json_response(sdk.encode({"status": "ok"}))

Readiness = Callable[[], Mapping[str, bool]]
"""What must be true before requests should come, by name."""


def get_liveness(request: EdgeRequest) -> EdgeResponse:  # noqa: ARG001  # a handler
    return _ALIVE


def readiness(ready: Readiness) -> Handler:
    def get_readiness(request: EdgeRequest) -> EdgeResponse:  # noqa: ARG001  # a handler
        checks = dict(ready())
        well = all(checks.values())
        body = sdk.encode({"status": "ok" if well else "unavailable", "checks": checks})
        return json_response(body, status=200 if well else 503)

    return get_readiness
