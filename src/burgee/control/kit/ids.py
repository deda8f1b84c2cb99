"""Random names: keys and tokens."""

import secrets
import uuid
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""The short-uuid alphabet: no characters that look alike."""

SERVER_KEY_PREFIX: Final = "ser."


def short_uuid() -> str:
    """A random v4 uuid in 22 characters of `ALPHABET`."""
    number = uuid.uuid4().int
    digits = []
    for _ in range(22):
        number, index = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[index])
    return "".join(reversed(digits))


def server_key() -> str:
    """A new server-side environment key."""
    return SERVER_KEY_PREFIX + short_uuid()


def user_token() -> str:
    """A new user token: 40 hex digits, 160 random bits."""
    return secrets.token_hex(20)
