"""How events of accounts read: people are told by their id, so that they can be forgotten."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from burgee.control.accounts.records import NOBODY
from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Change
from burgee.control.sso.people import named

REASONS: Final[Mapping[str, str]] = {
    "password": "wrong password",
    "code": "wrong code",
    "passkey": "wrong passkey",
    "proof": "wrong password or code before a second factor was to change",
    "method": "this way of signing in is not allowed",
    "sign_in_method_refused": "this way of signing in is not allowed",
    "account_inactive": "the account is not active",
    "account_elsewhere": "the connection may not open this account",
    "unknown": "nobody has this address",
    "locked": "signing in is locked after too many failures",
    "passkey_refused": "the browser had not been asked for a passkey",
    "challenge_invalid": "it was begun nowhere, or too long ago",
    "handover_invalid": "it was begun nowhere, or too long ago",
    "journey_lost": "it was not begun in this browser, or too long ago",
    "sign_in_refused": "the issuer's answer cannot be believed",
    "saml_response_refused": "the provider's answer cannot be believed",
    "provider_failed": "the provider did not say who it is",
    "address_missing": "the directory has no address for them",
    "address_unusable": "whoever vouches for them gave no usable address",
    "invitation_needed": "there is no account and no invitation",
    "not_superuser": "the admin console is for superusers",
}


def account_line(event_type: str, change: Change) -> str | None:
    """The line of an event of an account; None for what has no words of its own."""
    words = SAYINGS.get(event_type)
    told = change.after or {}
    return None if words is None else f"{_who(change, told)} {words(told)}"


def _who(change: Change, told: Mapping[str, Any]) -> str:
    if change.id != NOBODY:
        return f"User #{change.id}"
    return f"Somebody as {told['address']}" if "address" in told else "Somebody"


def _by(told: Mapping[str, Any]) -> str:
    return named(told.get("method", ""), told.get("source", ""))


def _failed(told: Mapping[str, Any]) -> str:
    reason = told.get("reason", "")
    way = f" with {_by(told)}" if "method" in told else ""
    if reason == "unknown" and "address" not in told:
        return f"failed to sign in{way}: what they typed is no address"
    return f"failed to sign in{way}: {REASONS.get(reason, str(reason).replace('_', ' '))}"


def _factor(told: Mapping[str, Any]) -> str:
    return "a passkey" if told.get("factor") == "passkey" else "an authenticator app"


SAYINGS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    EventType.USER_SIGNED_UP: lambda _: "got an account",
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
    EventType.GLASS_CLOSED: lambda _: "may no longer sign in by password: the break-glass access was taken back",
    EventType.GLASS_BROKEN: lambda _: "used the break-glass access: a password where it is not allowed",
    EventType.PERSON_ERASED: lambda told: f"was erased from {told.get('erased_lines', 'some')} lines",
    EventType.USER_ACTIVATED: lambda _: "proved the address of the account",
}


def rule_line(change: Change) -> str:
    """The line of a rule of signing in, with what held before."""
    before, after = change.before or {}, change.after or {}
    domain = (after or before).get("name", "")
    if not after:
        return f"Rule of signing in deleted: {_whom(domain)} could use {_ways(before)} only"
    line = f"Rule of signing in {change.action}: {_whom(domain)} may use {_ways(after)} only"
    if not before:
        return line
    place = "" if before.get("name") == domain else f", for {_whom(before.get('name', ''))}"
    return f"{line}; before: {_ways(before)}{place}"


def _whom(domain: str) -> str:
    return "people without a rule of their domain" if domain == "*" else f"people of {domain}"


def _ways(told: Mapping[str, Any]) -> str:
    return ", ".join(named(method) for method in told.get("methods", ()))


def settings_line(change: Change) -> str:
    """The line of what the operator changed in the environment of the server."""
    before, after = change.before or {}, change.after or {}
    told = [f"{name} from {_plain(before[name])} to {_plain(after.get(name))}" for name in before]
    return f"Sign-in settings of the server changed: {', '.join(told)}"


def _plain(value: object) -> str:
    return "nothing" if value == "" else str(value).lower() if isinstance(value, bool) else str(value)
