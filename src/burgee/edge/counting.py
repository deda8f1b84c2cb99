"""What handlers ask of the usage counters, and how clients are named in them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, Protocol

from msgspec import Struct

from burgee.edge.request import EdgeRequest
from burgee.engine import Plan
from burgee.wire.ofrep import OfrepFlag

EvaluationCount = tuple[str, str | None, bool | None, int]
"""Feature, variant, whether it was enabled, and how often."""

SEPARATOR: Final = "\x1f"
LONGEST_LABEL: Final = 100
_SDK: Final = re.compile(r"(flagsmith-[a-z0-9-]{1,40}/\d{1,3}(?:\.\d{1,4}){0,2})(?![\w.])", re.IGNORECASE)


AnyFlag = bytes | OfrepFlag

Counted = AnyFlag | Plan[bytes]
"""A flag, or all flags at once that are settled by a plan; empty bytes are a hidden flag."""


class Told(Struct, eq=False, gc=False):
    """What counts of one answer; of one that is `lasting`, also how often it was given since it was counted last."""

    environment_id: int
    counted: Sequence[Counted]
    lasting: bool = False
    times: int = 0


class Usage(Protocol):
    """Cheap counters in memory; called on every request."""

    def request(self, environment_id: int, resource: str, client: str) -> None: ...

    def evaluations(
        self,
        environment_id: int,
        counts: Sequence[EvaluationCount],
        client: str,
        source: Literal["client", "server"],
    ) -> None: ...

    def told(self, answer: Told) -> None:
        """These flags were told; a lasting answer is told again as the same object."""

    def server_key(self, digest: str) -> None:
        """A server key, by its digest, was used."""


def client_of(request: EdgeRequest) -> str:
    """The SDK that sent the request, as `name/version`; empty for anything that is none.

    Behind separators stand the name and the version of the application, when it names itself.
    """
    headers = request.headers
    sdk = _sdk_name(headers.get(b"flagsmith-sdk-user-agent") or headers.get(b"user-agent") or b"")
    application = headers.get(b"flagsmith-application-name")
    if application is None:
        return sdk
    return _with_application(sdk, application, headers.get(b"flagsmith-application-version", b""))


@lru_cache(maxsize=512)
def _with_application(sdk: str, name: bytes, version: bytes) -> str:
    label = _label(name)
    return SEPARATOR.join((sdk, label, _label(version))) if label else sdk


def _label(given: bytes) -> str:
    text = given[: 4 * LONGEST_LABEL].decode("utf-8", "replace").strip()
    return "".join(filter(str.isprintable, text))[:LONGEST_LABEL]


@lru_cache(maxsize=512)
def _sdk_name(agent: bytes) -> str:
    found = _SDK.search(agent[:400].decode("latin-1"))
    return found[1].lower() if found is not None else ""
