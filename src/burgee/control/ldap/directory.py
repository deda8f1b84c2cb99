"""The directory: reached in time, over a line that is proved where it is encrypted, and asked.

Everything goes through ldap3, with its own choices made good: certificates and host names are checked by Python's ssl,
passwords are sent as they are, referrals are not followed, and a line that should be encrypted and is not is closed.
"""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import ldap3
from django.conf import settings
from ldap3.core.exceptions import LDAPException
from ldap3.utils.dn import parse_dn
from msgspec import Struct

from burgee.control.ldap.errors import DirectorySilent
from burgee.control.ldap.names import bind_name_of

log = logging.getLogger(__name__)

PAGE: Final = 500
IDS: Final = ("entryUUID", "objectGUID", "nsUniqueId", "ipaUniqueID")
"""Attributes that stay the same when somebody is renamed or moved."""

DENIED: Final = frozenset({49, 32, 34, 48, 50, 53})
"""Answers to a bind that mean no: wrong password, no such name, no name at all, not like this, not you, not now."""

SUCCESS: Final = 0
NO_SUCH_OBJECT: Final = 32
SIZE_LIMIT: Final = 4


class Entry(Struct, frozen=True):
    """An object of the directory; ``attributes`` are as it sent them, by their names in lower case."""

    dn: str
    attributes: Mapping[str, tuple[bytes, ...]]

    def text(self, attribute: str) -> str:
        """The first value that is text, or nothing."""
        for value in self.attributes.get(attribute.lower(), ()):
            try:
                return "".join(sign for sign in value.decode() if sign.isprintable()).strip()
            except UnicodeDecodeError:
                continue
        return ""

    @property
    def subject(self) -> str:
        """What stays the same of it for ever, as far as the directory tells."""
        for name in IDS:
            values = self.attributes.get(name.lower())
            if values:
                return f"{name.lower()}:{values[0].hex()}"
        return f"dn:{normal(self.dn)}"


class Directory:
    """A line to the directory, with somebody's rights."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.parents: dict[str, tuple[str, ...]] = {}
        """Of groups that were read so far, those that they are in."""

    def find(self, filters: str, base: str | None = None) -> list[Entry]:
        """Up to two people: whoever wants one knows then whether there are more."""
        place = settings.LDAP.search_base if base is None else base
        self._search(place, filters, ldap3.SUBTREE, size_limit=2)
        return self._entries()

    def read(self, dn: str, filters: str = "(objectClass=*)") -> Entry | None:
        """The object with this name, if it is there and the filter holds."""
        self._search(dn, filters, ldap3.BASE)
        return next(iter(self._entries()), None)

    def all(self, filters: str) -> Iterator[Entry]:
        """Everybody whom the filter finds, page by page."""
        cookie = None
        while True:
            self._search(
                settings.LDAP.search_base, filters, ldap3.SUBTREE, paged_size=PAGE, paged_cookie=cookie, strict=True
            )
            yield from self._entries()
            controls = self._connection.result.get("controls", {})
            cookie = controls.get("1.2.840.113556.1.4.319", {}).get("value", {}).get("cookie")
            if not cookie:
                return

    def is_bound_as(self, dn: str) -> bool:
        """Whether the directory holds us for `dn`, as far as it says (RFC 4532)."""
        try:
            said = self._connection.extend.standard.who_am_i()
        except LDAPException:
            return True
        if not isinstance(said, str):
            return True
        return normal(said[3:]) == normal(dn) if said.startswith("dn:") else bool(said)

    @property
    def connection(self) -> Any:
        """What functions of operators are given."""
        return self._connection

    def _search(self, base: str, filters: str, scope: str, *, strict: bool = False, **limits: Any) -> None:
        attributes = [*settings.LDAP.user_fields.attributes.values(), "cn", "memberOf", *IDS]
        try:
            self._connection.search(base, filters, search_scope=scope, attributes=attributes, **limits)
        except LDAPException as error:
            raise _silent("a search failed", error) from error
        code = self._connection.result["result"]
        if code not in {SUCCESS, NO_SUCH_OBJECT, SIZE_LIMIT} or (strict and code != SUCCESS):
            raise _silent(f"a search was answered with {self._connection.result['description']}")

    def _entries(self) -> list[Entry]:
        answers = self._connection.response or []
        return [
            Entry(
                answer["dn"],
                {name.lower(): tuple(values) for name, values in answer["raw_attributes"].items() if values},
            )
            for answer in answers
            if answer["type"] == "searchResEntry"
        ]


@contextmanager
def opened(name: str, password: str) -> Iterator[Directory | None]:
    """The directory with the rights of `name`; None when it refuses them. DirectorySilent when none answers.

    A bind without a password would succeed as nobody, so it is never tried.
    """
    if not password or not name:
        yield None
        return
    connection = _reached(name, password)
    try:
        yield Directory(connection) if _is_bound(connection) else None
    finally:
        _closed(connection)


@contextmanager
def opened_for_reading() -> Iterator[Directory]:
    """The directory with the rights of the user who may read it."""
    told = settings.LDAP
    is_whole = any(sign in told.sync_username for sign in "=\\@")
    name = told.sync_username if is_whole or not told.sync_username else bind_name_of(told.sync_username)
    with opened(name, told.sync_password) as directory:
        if directory is None:
            raise _silent("it refuses LDAP_SYNC_USER_USERNAME, or its password")
        yield directory


def normal(dn: str) -> str:
    """One spelling for all spellings of a name that are equal."""
    try:
        parts = parse_dn(dn, escape=False, strip=True)
    except LDAPException:
        return dn.casefold()
    return "".join(f"{name.strip()}={value}{separator}" for name, value, separator in parts).casefold()


def trouble_with(url: str) -> str | None:
    """Why the directory at `url` cannot be used, in the words of whoever noticed; None when it answers."""
    try:
        _closed(_line_to(url, "nobody", "nothing"))
    except (LDAPException, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return None


class _Tls(ldap3.Tls):
    """The certificate and the host's name are checked by Python's ssl, as everywhere else."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002 - ldap3's signature
        context = ssl.create_default_context(cafile=settings.LDAP.ca_file or None)
        connection.socket = context.wrap_socket(
            connection.socket, server_hostname=connection.server.host, do_handshake_on_connect=do_handshake
        )


class _Connection(ldap3.Connection):
    """ldap3 forgets the sockets of addresses that did not answer; here the next one closes the last."""

    _latest: Any = None

    @property
    def socket(self) -> Any:
        return self._latest

    @socket.setter
    def socket(self, new: Any) -> None:
        if self._latest is not None and self._latest is not new:
            self._latest.close()
        self._latest = new


def _reached(name: str, password: str) -> Any:
    """A line to the first directory that answers, with the answer to the bind in its result."""
    failure: Exception | None = None
    for url in settings.LDAP.urls:
        try:
            return _bound(url, name, password)
        except (LDAPException, OSError, ValueError) as error:
            log.warning("the directory %s does not answer: %s: %s", url, type(error).__name__, error)
            failure = error
    raise _silent("no directory answered", failure) from failure


def _bound(url: str, name: str, password: str) -> Any:
    connection = _line_to(url, name, password)
    try:
        connection.bind(read_server_info=False)
    except BaseException:
        _closed(connection)
        raise
    code = connection.result["result"]
    if code != SUCCESS and code not in DENIED:
        _closed(connection)
        raise LDAPException(connection.result["description"])
    return connection


def _line_to(url: str, name: str, password: str) -> Any:
    """A line over which nothing of anybody was said yet, encrypted where it should be."""
    told = settings.LDAP
    server = ldap3.Server(
        url, tls=_Tls(validate=ssl.CERT_REQUIRED), connect_timeout=told.connect_timeout, get_info=ldap3.NONE
    )
    connection = _Connection(
        server,
        user=name,
        # As bytes: of a text, ldap3 would drop signs that nobody sees, and one of only such signs would be empty.
        password=password.encode(),  # type: ignore[arg-type]  # the types know of texts only
        auto_referrals=False,
        check_names=False,
        read_only=True,
    )
    try:
        connection.open(read_server_info=False)
        # ldap3's own limit is in whole seconds and does not hold under TLS.
        connection.socket.settimeout(told.receive_timeout)
        if told.use_tls and not connection.start_tls(read_server_info=False):
            raise LDAPException("StartTLS was refused")  # noqa: TRY301 - as when ldap3 raises it
    except BaseException:
        _closed(connection)
        raise
    return connection


def _is_bound(connection: Any) -> bool:
    return bool(connection.result["result"] == SUCCESS and connection.bound)


def _closed(connection: Any) -> None:
    try:
        connection.unbind()
    except (LDAPException, OSError):
        pass
    finally:
        connection.socket = None


def _silent(why: str, error: Exception | None = None) -> DirectorySilent:
    log.error("the directory: %s%s", why, f" ({type(error).__name__})" if error else "")
    return DirectorySilent()
