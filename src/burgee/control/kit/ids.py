"""Random names: keys and tokens; and looking for rows by many ids at once."""

import secrets
import uuid
from collections.abc import Collection
from typing import Final

from django.db.models import Q

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""The short-uuid alphabet: no characters that look alike."""

SERVER_KEY_PREFIX: Final = "ser."

NAMED_AT_MOST: Final = 100
"""Of more ids, rows between the first and the last are read: naming each of them costs more than it saves."""


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


def among(field: str, ids: Collection[int]) -> Q:
    """A condition that rows whose `field` is one of `ids` meet, and perhaps others: look the rows up by it.

    Ask for rows of one project or of its environments besides, so that there are not many others.
    """
    return named(field, ids) if len(ids) <= NAMED_AT_MOST else between(field, min(ids), max(ids))


def named(field: str, ids: object) -> Q:
    """The condition of `among` for a few: `ids` are numbers, or what stands for them in a query."""
    return Q((f"{field}__in", ids))


def between(field: str, first: object, last: object) -> Q:
    """The condition of `among` for many."""
    return Q((f"{field}__gte", first), (f"{field}__lte", last))
