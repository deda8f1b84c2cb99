"""Signing in with a passkey: alone, or after another proof."""

from collections.abc import Mapping
from typing import Any, Final

from burgee.control.accounts import lockout, passkeys
from burgee.control.accounts.errors import PasskeyRefused
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.models import User
from burgee.control.accounts.records import tell_failure
from burgee.control.accounts.signing_in import Way, challenged, enter
from burgee.control.kit.digests import live_key

METHOD: Final = "passkey"
BY_PASSKEY: Final = Way(method=METHOD)


def options_for(browser: str) -> dict[str, Any]:
    """What to ask any passkey for; only the browser that keeps the secret `browser` may answer."""
    return passkeys.request_options(bound_to=_of_browser(browser))


def options_after(challenge: str) -> dict[str, Any]:
    """What to ask the passkeys of whoever was challenged for."""
    user, _ = challenged(challenge)
    return passkeys.request_options(bound_to=_of_challenge(challenge), user=user)


def known_by_passkey(signed: Mapping[str, Any], *, browser: str) -> User:
    """Whose passkey signed. There is nothing to guess, so the lock after failures does not hold for it."""
    try:
        return passkeys.recognise(signed, bound_to=_of_browser(browser)).user
    except PasskeyRefused:
        claimed = passkeys.named(signed)
        tell_failure(claimed.user if claimed is not None else None, reason="passkey", method=METHOD)
        raise


def sign_in_with_passkey(challenge: str, signed: Mapping[str, Any], *, address: str, label: str | None = None) -> str:
    """A new token for whoever was challenged and has a passkey."""
    user, way = challenged(challenge)
    attempt = Attempt(email=user.email, address=address)
    lockout.refuse_locked(attempt, method=way.method)
    try:
        passkeys.recognise(signed, bound_to=_of_challenge(challenge), user=user)
    except PasskeyRefused:
        lockout.note_failure(attempt, user, reason="passkey", method=way.method)
        raise
    return enter(user, way, label=label)


def _of_browser(secret: str) -> str:
    return live_key("passkey of a browser", secret)


def _of_challenge(challenge: str) -> str:
    return live_key("passkey after a challenge", challenge)
