"""How events of accounts read: people are told by their id, so that they can be forgotten."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Change

METHODS: Final[Mapping[str, str]] = {
    "password": "a password",
    "github": "GitHub",
    "google": "Google",
    "saml": "SAML",
    "oidc": "OpenID Connect",
    "ldap": "LDAP",
    "passkey": "a passkey",
}

REASONS: Final[Mapping[str, str]] = {
    "password": "wrong password",
    "code": "wrong code",
    "passkey": "wrong passkey",
    "proof": "wrong password or code before a second factor was to change",
    "method": "this way of signing in is not allowed",
    "sign_in_method_refused": "this way of signing in is not allowed",
    "account_inactive": "the account is not active",
    "account_elsewhere": "the connection may not open this account",
}


def account_line(event_type: str, change: Change) -> str | None:
    """The line of an event of an account; None for what has no words of its own."""
    words = SAYINGS.get(event_type)
    return None if words is None else f"User #{change.id} {words(change.after or {})}"


def _by(told: Mapping[str, Any]) -> str:
    method = METHODS.get(told.get("method", ""), "an unknown way")
    source = told.get("source")
    return f"{method} ({source})" if source and source != told.get("method") else method


def _failed(told: Mapping[str, Any]) -> str:
    reason = told.get("reason", "")
    return f"failed to sign in with {_by(told)}: {REASONS.get(reason, str(reason).replace('_', ' '))}"


def _factor(told: Mapping[str, Any]) -> str:
    return "a passkey" if told.get("factor") == "passkey" else "an authenticator app"


SAYINGS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    EventType.USER_SIGNED_IN: lambda told: f"signed in with {_by(told)}",
    EventType.SIGN_IN_FAILED: _failed,
    EventType.SIGN_IN_LOCKED: lambda _: "failed too often: signing in is locked",
    EventType.SIGN_IN_UNLOCKED: lambda _: "may sign in again: the lock was ended",
    EventType.SECOND_FACTOR_ADDED: lambda told: f"set up {_factor(told)}",
    EventType.SECOND_FACTOR_REMOVED: lambda told: f"no longer has {_factor(told)}",
    EventType.SOURCE_LINKED: lambda told: f"is linked with {_by(told)}",
    EventType.SOURCE_UNLINKED: lambda told: f"is no longer linked with {_by(told)}",
    EventType.SESSIONS_ENDED: lambda told: f"ended {told.get('ended', 1)} of their sign-ins",
    EventType.GLASS_OPENED: lambda told: f"may sign in by password until {told.get('until', '')}: break-glass access",
    EventType.GLASS_BROKEN: lambda _: "used the break-glass access: a password where it is not allowed",
    EventType.USER_ACTIVATED: lambda _: "proved the address of the account",
}
