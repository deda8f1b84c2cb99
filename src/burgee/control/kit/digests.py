"""Hashes by which rows are found: the only unique form that holds on all five database engines."""

import hashlib

SEPARATOR = "\x1f"


def sha256_hex(text: str) -> str:
    """SHA-256 of the UTF-8 text as 64 lower-case hex digits; lone surrogates are hashed as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def live_key(*parts: object) -> str:
    """The value of a unique ``live_key`` column: equal for rows that may not live side by side."""
    return sha256_hex(SEPARATOR.join(str(part) for part in parts))


def folded(name: str) -> str:
    """`name` as compared where case does not matter."""
    return name.casefold()
