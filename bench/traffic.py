"""The requests of each route, as templates that a generator fills with running numbers."""

import json
from typing import Any, Final

from msgspec import Struct

from bench.workloads import CLIENT_KEY, SERVER_KEY, traits

IDENTITY: Final = "@identity@"
"""Stands for the ten digits of a running number below `STORED_IDENTITIES`."""
COUNT: Final = "@count@"
"""Stands for the ten digits of a number that never comes again."""
DIGITS: Final = 10

_VARIETY: Final = 20
"""How many different bodies a route gets, besides the numbers in them."""
_VISITORS: Final = 2_000


class Shape(Struct, frozen=True, kw_only=True):
    """A route and what is sent to it: its bodies in turn."""

    name: str
    method: str = "GET"
    path: str
    key: str = CLIENT_KEY
    bodies: tuple[str, ...] = ("",)
    connections: int = 32

    def texts(self, path: str | None = None) -> list[str]:
        """The requests as text, markers in them; `path` sends the same to another place."""
        return [self._text(path or self.path, body) for body in self.bodies]

    def _text(self, path: str, body: str) -> str:
        lines = [f"{self.method} {path} HTTP/1.1", "Host: 127.0.0.1", f"X-Environment-Key: {self.key}"]
        lines += ["User-Agent: flagsmith-python-sdk/5.0.0", "Accept: */*"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(filled(body, 0, 0))}"]
        return "\r\n".join(lines) + "\r\n\r\n" + body


def filled(text: str, identity: int, count: int) -> bytes:
    return text.replace(IDENTITY, f"{identity:010d}").replace(COUNT, f"{count:010d}").encode()


def _json(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"))


def _identify(number: int, identifier: str, email: str, *, transient: bool = False) -> str:
    given: dict[str, Any] = dict(traits(number)) | {"email": email}
    listed = [{"trait_key": key, "trait_value": value} for key, value in given.items()]
    body: dict[str, Any] = {"identifier": identifier, "traits": listed}
    return _json(body | {"transient": True} if transient else body)


def _ofrep(number: int) -> str:
    return _json({"context": {"targetingKey": f"visitor-{COUNT}", **traits(number)}})


_EACH: Final = range(_VARIETY)

FLAGS: Final = Shape(name="GET /flags/", path="/api/v1/flags/")
TRANSIENT: Final = Shape(
    name="POST /identities/ transient",
    method="POST",
    path="/api/v1/identities/",
    # Visitors who come again with the traits they had.
    bodies=tuple(
        _identify(one, f"visitor-{one:010d}", f"visitor{one}@example.com", transient=True) for one in range(_VISITORS)
    ),
)
STRANGERS: Final = Shape(
    name="POST /identities/ transient, all new",
    method="POST",
    path="/api/v1/identities/",
    bodies=tuple(_identify(one, f"visitor-{COUNT}", f"visitor{one}@example.com", transient=True) for one in _EACH),
)
CHANGED: Final = Shape(
    name="POST /identities/ changed traits",
    method="POST",
    path="/api/v1/identities/",
    bodies=tuple(_identify(one, f"person-{IDENTITY}", f"person{COUNT}@example.com") for one in _EACH),
    connections=128,
)
UNCHANGED: Final = Shape(
    name="POST /identities/ unchanged traits",
    method="POST",
    path="/api/v1/identities/",
    # Every identity was stored with the traits of its number, so each body names one of them.
    bodies=tuple(_identify(one, f"person-{one:010d}", str(traits(one)["email"])) for one in range(100)),
)
IDENTITY_GET: Final = Shape(name="GET /identities/", path=f"/api/v1/identities/?identifier=person-{IDENTITY}")
DOCUMENT: Final = Shape(name="GET /environment-document/", path="/api/v1/environment-document/", key=SERVER_KEY)
OFREP: Final = Shape(
    name="POST /ofrep/ bulk",
    method="POST",
    path="/ofrep/v1/evaluate/flags",
    bodies=tuple(_ofrep(one) for one in _EACH),
)

READING: Final = (FLAGS, TRANSIENT, STRANGERS, UNCHANGED, IDENTITY_GET, DOCUMENT, OFREP)
"""Measured before CHANGED, which leaves the identities with other traits."""
