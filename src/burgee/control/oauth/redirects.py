"""Where an application may be sent back to."""

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST: Final = 2000
FORBIDDEN: Final = frozenset('\\"<>^`{|}\x7f')

EDITORS: Final = frozenset({"cursor", "vscode", "vscode-insiders", "vscodium", "windsurf", "zed"})
"""Schemes of programs that were never given one with a dot, which is what a private scheme should have."""


def refusal(uri: str) -> str | None:
    """Why `uri` cannot be registered, in words; None when it can.

    A web page needs https. A program listens on this machine's loopback or has a scheme of its own, so that a scheme
    that browsers run or read files with (javascript, data, file) is never among them.
    """
    parts = _split(uri)
    if parts is None:
        return "is no URL"
    if "#" in uri or parts.username is not None or parts.password is not None:
        return "must not have a fragment or a user"
    if parts.scheme == "https":
        return None if parts.hostname else "must name a host"
    if parts.scheme == "http":
        return None if is_loopback(parts) else "must use https, or http on a loopback address"
    if "." in parts.scheme or parts.scheme in EDITORS:
        return None
    return "must use https, http on a loopback address, or a private scheme such as com.example.app"


def is_same(registered: str, asked: str) -> bool:
    """Equal to the letter; the port of a loopback address is free, because a program takes the one it gets."""
    if registered == asked:
        return True
    one, other = _split(registered), _split(asked)
    if one is None or other is None or not (is_loopback(one) and is_loopback(other)):
        return False
    return _without_port(one) == _without_port(other) and refusal(asked) is None


def is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if parts.scheme != "http":
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(uri: str) -> SplitResult | None:
    """The parts of an absolute URL in plain characters, which every reader splits alike."""
    if len(uri) > LONGEST or not uri.isascii() or any(sign <= " " or sign in FORBIDDEN for sign in uri):
        return None
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return None
    return parts if parts.scheme else None


def _without_port(parts: SplitResult) -> tuple[str, str | None, str, str]:
    return parts.scheme, parts.hostname, parts.path, parts.query
