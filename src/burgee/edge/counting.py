"""What handlers ask of the usage counters, and how an SDK is named in them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, Protocol

from burgee.edge.request import EdgeRequest

EvaluationCount = tuple[str, str | None, bool | None, int]
"""Feature, variant, whether it was enabled, and how often."""

_SDK: Final = re.compile(r"(flagsmith-[a-z0-9-]{1,40}/\d{1,3}(?:\.\d{1,4}){0,2})(?![\w.])", re.IGNORECASE)


class Usage(Protocol):
    """Cheap counters in memory; called on every request."""

    def request(self, environment_id: int, resource: str, sdk: str) -> None: ...

    def evaluations(
        self,
        environment_id: int,
        counts: Sequence[EvaluationCount],
        sdk: str,
        source: Literal["client", "server"],
    ) -> None: ...


def sdk_of(request: EdgeRequest) -> str:
    """The SDK that sent the request, as `name/version`; empty for anything that is none."""
    headers = request.headers
    return _sdk_name(headers.get(b"flagsmith-sdk-user-agent") or headers.get(b"user-agent") or b"")


@lru_cache(maxsize=512)
def _sdk_name(agent: bytes) -> str:
    found = _SDK.search(agent[:400].decode("latin-1"))
    return found[1].lower() if found is not None else ""
