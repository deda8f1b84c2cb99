"""Oddities of the Flagsmith API that are kept because clients have learnt them; each with the reason it stays."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Final

FLAGSMITH_VERSION: Final = "2.265.0"
"""The API version that the header `Flagsmith-Version` names: clients read it as a level of compatibility."""

SERVER_KEY_PREFIX: Final = "ser."

KEY_MISSING: Final = "Invalid or missing Environment key"
KEY_UNKNOWN: Final = "Invalid or missing Environment Key"
"""The two spellings differ in one capital; SDK tests compare the text."""

ORGANISATION_STOPPED: Final = "Organisation is disabled from serving flags."
FEATURE_NOT_FOUND: Final = "Given feature not found"
TRAITS_NOT_STORED: Final = "Organisation is not authorised to store traits."
CLIENT_TRAITS_REFUSED: Final = "Setting traits not allowed with client key."

MISSING_IDENTIFIER: Final = {"detail": "Missing identifier"}
"""`GET /identities/` without an identifier answers this with status 200."""

CONTROL_VARIANT: Final = "control"


def trait_text(value: object) -> str:
    """Arrays and objects are stored as Python writes them: `[1, 2]`, `{'a': 1}`."""
    return str(value)


def anonymous_identifier(traits: Iterable[tuple[str, object]]) -> str:
    """An identity without identifier is named after its traits, so that equal traits stay in equal buckets."""
    text = "".join(f"{key}{value}" for key, value in sorted(traits) if value is not None)
    if not text:
        return uuid.uuid4().hex
    return hashlib.sha256(text.encode()).hexdigest()
