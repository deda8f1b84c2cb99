"""An environment as one kind of key sees it, with the answers that are the same for everybody."""

from functools import cached_property
from typing import Final

from burgee import engine
from burgee.edge.counting import Told
from burgee.edge.environment import Environment
from burgee.edge.identities.protocol import Origin
from burgee.edge.response import JSON, PreparedResponse
from burgee.wire import ofrep, sdk

_FLAGS: Final = b"allow: GET, HEAD, OPTIONS\r\nvary: X-Environment-Key, Accept-Encoding, Origin\r\n"
_IDENTITIES: Final = b"allow: GET, POST, HEAD, OPTIONS\r\nvary: X-Environment-Key, Accept, Origin\r\n"


class View:
    """What client keys see, or what server keys see."""

    def __init__(self, environment: Environment, *, server: bool, gzip_bytes: int) -> None:
        self.environment: Final = environment
        self.environment_id: Final = environment.id
        self.settings: Final = environment.settings
        self.server: Final = server
        self.origin: Final[Origin] = "server" if server else "client"
        self.rules: Final[engine.Ruleset[bytes]] = environment.rules.server if server else environment.rules.client
        self.takes_traits: Final = server or environment.settings.allow_client_traits
        self.composite: Final = environment.settings.use_identity_composite_key_for_hashing
        self.hides_disabled: Final = sdk.hides_disabled(environment.settings)
        self.overridden: Final = environment.overridden
        self._gzip_bytes = gzip_bytes
        epoch, revision = environment.version
        self.version: Final = f"{epoch}.{revision}"
        self.etag: Final = f'W/"{self.version}{"s" if server else "c"}"'.encode()
        updated = f"x-flagsmith-document-updated-at: {environment.updated_at}\r\n".encode()
        self.updated_header: Final = updated
        self.identity_headers: Final = JSON + _IDENTITIES + updated
        self.flag_headers: Final = JSON + _FLAGS + updated
        self.etag_header: Final = b"etag: " + self.etag + b"\r\n"

    @cached_property
    def flags(self) -> PreparedResponse:
        """The answer to `GET /flags/`."""
        body = b"[" + b",".join(self._fragments().values()) + b"]"
        return PreparedResponse(self.flag_headers + self.etag_header, body, gzip_from=self._gzip_bytes)

    @cached_property
    def told(self) -> Told:
        """What that answer tells."""
        return Told(self.environment_id, list(self._fragments().values()), lasting=True)

    @cached_property
    def flags_by_folded_name(self) -> dict[str, bytes]:
        return {name.casefold(): fragment for name, fragment in self._fragments().items()}

    @cached_property
    def first_flag(self) -> bytes | None:
        return next(iter(self._fragments().values()), None)

    @cached_property
    def document(self) -> PreparedResponse:
        headers = JSON + b"allow: GET, HEAD, OPTIONS\r\nvary: Accept, Accept-Encoding, Origin\r\n"
        headers += self.updated_header + self.etag_header
        return PreparedResponse(headers, self.environment.document.body, gzip_from=self._gzip_bytes)

    @property
    def ofrep_rules(self) -> engine.Ruleset[ofrep.OfrepFlag]:
        rules = self.environment.ofrep_rules
        return rules.server if self.server else rules.client

    def overrides_of(self, identifier: str) -> dict[str, engine.Choice[bytes]] | None:
        return self.environment.rules.overrides_of(identifier) if identifier in self.overridden else None

    def _fragments(self) -> dict[str, bytes]:
        return {
            part.name: fragment
            for part, fragment in self.environment.fragments.values()
            if fragment and (self.server or not part.is_server_key_only)
        }
