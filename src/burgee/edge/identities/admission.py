"""Which identities may be new: client keys are in everybody's hands, and every new identity takes room for ever.

An identity that is stored already is never asked about. What is refused here is evaluated all the same, but not kept.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from burgee.edge.identities.protocol import IdentityRefused, TraitPatch

log = logging.getLogger(__name__)

CountIdentities = Callable[[int], int]
"""How many identities an environment has; may take long and may raise."""

_MINUTE: Final = 60.0
_DISK_SECONDS: Final = 1.0
_CENSUS_SECONDS: Final = 600.0


class AdmissionLimits(Struct, frozen=True, kw_only=True):
    """The first two are for client keys, in each environment; 0 is no limit. `free` bytes stay free on the disk."""

    per_minute: int = 0
    per_environment: int = 0
    free: int = 0


class _Allowance(Struct):
    """How many may come at once, refilled as time passes."""

    left: float
    at: float


class _Population(Struct):
    count: int
    at: float


class Admission:
    """One for each store; threads may share it. `disk` is where new identities take room, if it is ours to watch."""

    def __init__(
        self,
        limits: AdmissionLimits,
        count: CountIdentities,
        *,
        disk: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._count = count
        self._disk = disk if limits.free else None
        self._clock = clock
        self._lock = threading.Lock()
        self._allowances: dict[int, _Allowance] = {}
        self._populations: dict[int, _Population] = {}
        self._counting: threading.Thread | None = None
        self._highest_id = 0
        self._has_room = True
        self._looked_at_disk = float("-inf")
        self._refused = 0
        self._told = float("-inf")

    def check(self, patch: TraitPatch) -> None:
        """Raise IdentityRefused when a new identity would be; for refusing before anything is begun."""
        self._check(patch, take=0)

    def admit(self, patch: TraitPatch) -> None:
        """Count a new identity in. Raises IdentityRefused."""
        self._check(patch, take=1)

    def created(self, environment_id: int, identity_id: int) -> None:
        """Tell of a row that was made."""
        self._highest_id = max(self._highest_id, identity_id)
        population = self._populations.get(environment_id)
        if population is not None:
            population.count += 1

    def _check(self, patch: TraitPatch, *, take: int) -> None:
        if patch.origin == "journal":
            return  # acknowledged already
        with self._lock:
            reason = self._obstacle(patch, take)
            if reason is not None:
                self._refused += 1
                self._tell(patch.environment_id, reason)
                raise IdentityRefused(reason)

    def _obstacle(self, patch: TraitPatch, take: int) -> str | None:
        now = self._clock()
        if self._disk is not None and not self._disk_has_room(self._disk, now):
            return "too little room on the disk"
        if patch.origin != "client":
            return None
        if self._is_full(patch.environment_id, now):
            return "the environment has as many identities as it may"
        if self._limits.per_minute and not self._allowed(patch.environment_id, now, take):
            return "too many new identities a minute"
        return None

    def _disk_has_room(self, disk: Path, now: float) -> bool:
        if now - self._looked_at_disk >= _DISK_SECONDS:
            self._looked_at_disk = now
            self._has_room = shutil.disk_usage(disk).free >= self._limits.free
        return self._has_room

    def _allowed(self, environment_id: int, now: float, take: int) -> bool:
        most = self._limits.per_minute
        allowance = self._allowances.get(environment_id)
        if allowance is None:
            allowance = self._allowances[environment_id] = _Allowance(most, now)
        allowance.left = min(most, allowance.left + (now - allowance.at) * most / _MINUTE)
        allowance.at = now
        if allowance.left < 1:
            return False
        allowance.left -= take
        return True

    def _is_full(self, environment_id: int, now: float) -> bool:
        most = self._limits.per_environment
        # Ids are given in order to all environments together: while they are low, nobody has to count.
        if not most or self._highest_id < most:
            return False
        population = self._populations.get(environment_id)
        if population is None or now - population.at >= _CENSUS_SECONDS:
            self._begin_count(environment_id)
        return population is not None and population.count >= most

    def _begin_count(self, environment_id: int) -> None:
        if self._counting is None or not self._counting.is_alive():
            self._counting = threading.Thread(
                target=self._count_now, args=(environment_id,), name="burgee-census", daemon=True
            )
            self._counting.start()

    def _count_now(self, environment_id: int) -> None:
        try:
            count = self._count(environment_id)
        except Exception as error:  # noqa: BLE001  # whatever the driver raises, the next new identity asks again
            log.warning("traits.count_failed environment_id=%d reason=%s", environment_id, type(error).__name__)
            return
        self._populations[environment_id] = _Population(count, self._clock())

    def _tell(self, environment_id: int, reason: str) -> None:
        now = self._clock()
        if now - self._told >= _MINUTE:
            log.warning(
                "traits.new_identities_refused count=%d environment_id=%d reason=%s",
                self._refused,
                environment_id,
                reason,
            )
            self._told, self._refused = now, 0
