"""The SQL of the PostgreSQL traits store, and traits in the form that jsonb keeps as written."""

from decimal import Decimal
from typing import Final

import msgspec
from msgspec import Raw

from burgee.edge.identities.protocol import TraitRefused, TraitValue

SELECT: Final = """SELECT lookup, id, traits, legacy_hash_id, to_char(last_seen, 'YYYY-MM-DD'), false
    FROM identities_identity WHERE lookup = ANY(string_to_array(%s, ','))"""

_UPSERT: Final = """INSERT INTO identities_identity AS stored
    (environment_id, identifier, lookup, traits, legacy_hash_id, created_date, last_seen)
    SELECT given.e, given.i, given.l, given.s::text, NULL, now(), %(today)s::date
    FROM jsonb_to_recordset(%(rows)s::text::jsonb) AS given(l text, e bigint, i text, s jsonb)
    ORDER BY given.l
    ON CONFLICT (lookup) DO UPDATE SET traits = (MERGED)::text, last_seen = excluded.last_seen
    RETURNING lookup, id, traits, legacy_hash_id, to_char(last_seen, 'YYYY-MM-DD'), xmax = 0"""
UPSERT: Final = _UPSERT.replace("MERGED", "stored.traits::jsonb || excluded.traits::jsonb")
UPSERT_WITH_DELETES: Final = _UPSERT.replace(
    "MERGED",
    """(stored.traits::jsonb - ARRAY(
        SELECT gone.k FROM jsonb_to_recordset(%(deletes)s::text::jsonb) AS gone(l text, k text)
        WHERE gone.l = stored.lookup
    )) || excluded.traits::jsonb""",
)
UPDATE: Final = """UPDATE identities_identity AS stored SET traits = given.s::text
    FROM jsonb_to_recordset(%s::text::jsonb) AS given(id bigint, s jsonb) WHERE stored.id = given.id"""

NUMBERS: Final = "SELECT name, number FROM identities_traitkey WHERE environment_id = %s"
NEXT_NUMBER: Final = "SELECT coalesce(max(number), 0) + 1 FROM identities_traitkey WHERE environment_id = %s"
INSERT_KEY: Final = "INSERT INTO identities_traitkey (environment_id, number, name, lookup) VALUES (%s, %s, %s, %s)"
NUMBERING_LOCK: Final = "SELECT pg_advisory_xact_lock(hashint8(%s), 1112820293)"
"""The second number tells our locks from those of other programs in this database."""

_encoder = msgspec.json.Encoder()


def writable(traits: dict[str, TraitValue]) -> Raw:
    """JSON that jsonb takes and gives back with floats still floats. Raises TraitRefused."""
    values: dict[str, TraitValue | Raw] = {**traits}
    if float in map(type, traits.values()):
        values.update((key, _decimal(value)) for key, value in traits.items() if type(value) is float)
    try:
        body = _encoder.encode(values)
    except UnicodeEncodeError as error:
        raise TraitRefused("a trait is no valid Unicode") from error
    if b"\\u0000" in body and _has_nul(traits):
        raise TraitRefused("PostgreSQL cannot store the character U+0000")
    return Raw(body)


def checked_identifier(identifier: str) -> str:
    try:
        identifier.encode()
    except UnicodeEncodeError as error:
        raise TraitRefused("the identifier is no valid Unicode") from error
    if "\0" in identifier:
        raise TraitRefused("PostgreSQL cannot store the character U+0000")
    return identifier


def encode(rows: list[dict[str, object]]) -> str:
    return _encoder.encode(rows).decode()


def _decimal(value: float) -> float | Raw:
    # jsonb drops the exponent and would print 1e16 as an integer.
    text = repr(value)
    if "e" not in text:
        return value
    digits = format(Decimal(text), "f")
    return Raw((digits if "." in digits else f"{digits}.0").encode())


def _has_nul(traits: dict[str, TraitValue]) -> bool:
    return any("\0" in key or (isinstance(value, str) and "\0" in value) for key, value in traits.items())
