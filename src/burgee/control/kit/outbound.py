"""The one client for requests to addresses that people type: resolved once, pinned, and never inward.

Loopback, link-local and metadata addresses are refused always, private ranges unless ``BURGEE_OUTBOUND_ALLOW`` names
them. Redirects are not followed, proxies of the environment are not used, and an answer has a time and a size.
"""

import base64
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import httpcore
import httpx
from django.conf import settings
from msgspec import Struct

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = tuple[str, int]
Connect = Callable[[Address], Address]
"""Where to connect in place of an address that was admitted: how tests receive requests on this machine."""

SECONDS: Final = 10.0
LARGEST_ANSWER: Final = 64 * 1024
LAST_PORT: Final = 65_535

NEVER: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "224.0.0.0/4",
        "255.255.255.255/32",
        "::/128",
        "::1/128",
        "fe80::/10",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
        "ff00::/8",
    )
)
"""This machine, its links, and where clouds hand out credentials: no setting opens these."""

NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
GIVEN_OUT: Final = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("2000::/3"))
"""Where addresses of everybody are. IPv6 has many more ways to say an inner IPv4 address outside of it."""


class OutboundError(Exception):
    """The request got no answer; the text says why in words that may be shown."""


class AddressRefused(OutboundError):
    """The host is, or resolves to, an address that must not be reached."""


class Reply(Struct, frozen=True):
    """An answer: its status, the beginning of its body, and how long it took."""

    status: int
    body: str
    milliseconds: int

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class Client(Struct, frozen=True, kw_only=True):
    """Asks addresses from outside. ``connect`` is for tests: policy is applied before it is asked.

    ``trust`` is what certificates are checked with; without it, the authorities that everybody trusts. Of an answer,
    ``largest`` bytes are read.
    """

    allowed: tuple[Network, ...] = ()
    connect: Connect | None = None
    trust: ssl.SSLContext | None = None
    seconds: float = SECONDS
    largest: int = LARGEST_ANSWER

    def check(self, url: str) -> None:
        """Raise AddressRefused when `url` leads inward, OutboundError when it is none; an unknown host passes."""
        target = _parsed(url)
        try:
            self._admitted(target.host, _port(target))
        except AddressRefused:
            raise
        except OutboundError:
            return

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """The answer to `body`; OutboundError when there is none. Redirects are answers."""
        return self._ask("POST", url, body, headers)

    def get(self, url: str, headers: Mapping[str, str]) -> Reply:
        """What stands at `url`; OutboundError when nobody says. Redirects are answers."""
        return self._ask("GET", url, None, headers)

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        started = time.monotonic()
        target = _parsed(url)
        backend = _Pinned(self._admitted(target.host, _port(target)), self.connect, started + self.seconds)
        sent = {"Host": target.netloc.decode("ascii"), **headers} | _credentials(target)
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self.seconds)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self.trust or _trust(), network_backend=backend) as pool,
                pool.stream(
                    method,
                    str(target.copy_with(username=None, password=None)),
                    headers=list(sent.items()),
                    content=body,
                    extensions={"timeout": limits},
                ) as answer,
            ):
                return Reply(
                    answer.status, _beginning(answer, self.largest), round((time.monotonic() - started) * 1000)
                )
        except httpcore.TimeoutException as error:
            raise OutboundError(f"No answer within {self.seconds:g} seconds.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise OutboundError(f"The connection failed: {type(error).__name__}.") from error

    def _admitted(self, host: str, port: int) -> tuple[Address, ...]:
        addresses = _resolve(host, port)
        for text, _ in addresses:
            if not self._may_reach(ipaddress.ip_address(text)):
                raise AddressRefused("URLs must not target internal or private network addresses.")
        return addresses

    def _may_reach(self, address: Ip) -> bool:
        forms = list(_forms(address))
        if any(form in network for form in forms for network in NEVER):
            return False
        return all(_is_everybodys(form) or any(form in network for network in self.allowed) for form in forms)


def client() -> Client:
    """The client under the settings of this installation."""
    return Client(allowed=settings.OUTBOUND_ALLOW, connect=settings.OUTBOUND_CONNECT, trust=settings.OUTBOUND_TRUST)


class _Pinned(httpcore.NetworkBackend):
    """Connects to addresses that were admitted, whatever the name resolves to by now, and keeps one deadline."""

    def __init__(self, addresses: Sequence[Address], connect: Connect | None, until: float) -> None:
        self._addresses = addresses
        self._connect = connect
        self._until = until
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the name was resolved already
        port: int,  # noqa: ARG002 - as above
        timeout: float | None = None,  # noqa: ARG002 - the deadline rules
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            place, port_there = self._connect(address) if self._connect else address
            try:
                stream = self._sockets.connect_tcp(place, port_there, _left(self._until), local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
            else:
                return _Hurried(stream, self._until)
        raise failure


class _Hurried(httpcore.NetworkStream):
    """A connection all of whose operations share one deadline, so that an answer in drops ends too."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline rules
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline rules
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline rules
    ) -> httpcore.NetworkStream:
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, _left(self._until)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _parsed(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise OutboundError("This is no URL.") from error
    if target.scheme not in {"http", "https"} or not target.host:
        raise OutboundError("This is no http(s) URL.")
    if target.port is not None and not 0 < target.port <= LAST_PORT:
        raise OutboundError("This is no URL: there is no such port.")
    return target


def _port(target: httpx.URL) -> int:
    return target.port or (443 if target.scheme == "https" else 80)


def _credentials(target: httpx.URL) -> dict[str, str]:
    if not target.username:
        return {}
    pair = f"{target.username}:{target.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _resolve(host: str, port: int) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundError("The host name cannot be resolved.") from error
    # A scope (fe80::1%eth0) belongs to link-local addresses only, which are refused.
    return tuple(dict.fromkeys((str(place[0]).partition("%")[0], port) for *_, place in found))


def _forms(address: Ip) -> Iterable[Ip]:
    """The address, or the IPv4 addresses that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    meant = tuple(form for form in inner if form is not None)
    return meant or (address,)


def _is_everybodys(address: Ip) -> bool:
    return address.is_global and any(address in network for network in GIVEN_OUT)


def _beginning(answer: httpcore.Response, largest: int) -> str:
    taken = b""
    for chunk in answer.iter_stream():
        taken += chunk
        if len(taken) >= largest:
            break
    return taken[:largest].decode("utf-8", "replace").replace("\x00", "")


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()
