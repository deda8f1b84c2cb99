"""The stored identities of an environment, those seen last first, as far as time allows."""

import time
from collections.abc import Iterator
from typing import Final

from django.db.models import F
from msgspec import Struct

from burgee import engine
from burgee.control.environments.models import Environment
from burgee.control.identities.evaluation import as_engine_identity
from burgee.control.identities.models import Identity

MOST: Final = 10_000
SECONDS: Final = 2.0
CHUNK: Final = 500


class Person(Struct, frozen=True):
    """An identity that stands for others in an answer."""

    id: int
    identifier: str


class Crowd:
    """Whoever is stored; ``examined`` counts who was looked at, of ``total``."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.total = Identity.objects.in_environment(environment.pk).count()
        self.examined = 0

    def __iter__(self) -> Iterator[tuple[Person, engine.Identity]]:
        until = time.monotonic() + SECONDS
        rows = Identity.objects.in_environment(self._environment.pk).order_by(
            F("last_seen").desc(nulls_last=True), "-pk"
        )
        for row in rows.only("identifier", "traits", "legacy_hash_id")[:MOST].iterator(chunk_size=CHUNK):
            self.examined += 1
            yield Person(row.pk, row.identifier), as_engine_identity(self._environment, row)
            if self.examined % CHUNK == 0 and time.monotonic() > until:
                return
