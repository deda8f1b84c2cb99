"""What the data plane asks of whoever keeps identities and their traits."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, Protocol, TypeVar, runtime_checkable

from msgspec import Struct

T = TypeVar("T")
TraitValue = str | int | float | bool
Origin = Literal["client", "server", "journal"]
"""What a patch came with: a client key, which is public, a server key, or an acknowledgement that must be kept."""


class IdentityRow(Struct, frozen=True, kw_only=True):
    """An identity as stored right after its patch; the caller must not edit `traits` or `numbers`.

    `numbers` holds a number for every key in `traits` (and possibly others of the environment).
    While the store is away (`Applied.degraded`) it may lack keys, and an identity that is not known has id 0.
    """

    id: int
    identifier: str
    traits: dict[str, TraitValue]
    numbers: Mapping[str, int]
    created: bool = False
    legacy_hash_id: int | None = None


class TraitPatch(Struct, frozen=True, kw_only=True):
    """A change of one identity: `delete` first, then `set`, then `increment` (a missing trait counts from 0).

    An empty patch only gets or creates the identity and marks it as seen today.
    """

    environment_id: int
    identifier: str
    set: dict[str, TraitValue] = {}
    delete: tuple[str, ...] = ()
    increment: dict[str, int] = {}
    origin: Origin = "server"


class Applied(Struct, frozen=True, kw_only=True):
    """Answer of a durable write; `degraded` means in the local journal, not yet in the store."""

    row: IdentityRow
    degraded: bool = False


class TraitError(Exception):
    """Why a patch was not applied."""


class StoreUnavailable(TraitError):  # reads as the condition it is, wherever it is raised
    """The store is away, too slow or too busy; nothing was acknowledged."""

    def __init__(self, reason: str, *, retry_after: int = 5) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class TraitNotInteger(TraitError):
    """An increment met a stored value that is no integer (or left the range of integers)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class TraitRefused(TraitError):
    """The store cannot hold this patch; the patches beside it were applied."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class IdentityRefused(TraitError):
    """There is no such identity, and none may be made now; nothing was stored."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Tell = Callable[[T | TraitError], None]
"""What is to be called with the outcome, once; it does not raise."""


class TraitsStore(Protocol):
    """Every method belongs to one event loop; `start` comes first, `close` writes what is waiting."""

    async def start(self) -> None:
        """Begin; a store that is away does not fail here but in each `apply` until it is back."""

    async def close(self) -> None: ...

    async def apply(self, patch: TraitPatch) -> IdentityRow:
        """Get or create the identity and merge the patch; returns only after COMMIT. Raises TraitError."""

    def submit(self, patch: TraitPatch, tell: Tell[IdentityRow]) -> None:
        """As `apply`, for a patch that `check_patch` takes; tells at once when nothing has to be written."""

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[IdentityRow | TraitError]:
        """As `apply` for each, in order; an error takes the place of its row."""

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        """The stored identity; creates nothing. Raises StoreUnavailable."""


Found = IdentityRow | None | Awaitable[IdentityRow | None]
"""The answer to a read, or something to await that gives it."""


@runtime_checkable
class LocalTraitsStore(TraitsStore, Protocol):
    """A store whose reads never wait for another machine."""

    def find(self, environment_id: int, identifier: str) -> Found:
        """As `read`, at once when that is possible."""


class DurableTraitsStore(Protocol):
    """A store with a local journal before it: what the handlers talk to."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def apply(self, patch: TraitPatch) -> Applied:
        """As `TraitsStore.apply`; journaled when the store is away. StoreUnavailable when the journal fails too."""

    def submit(self, patch: TraitPatch, tell: Tell[Applied]) -> None:
        """As `apply`, for a patch that `check_patch` takes; tells at once when nothing has to be written."""

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Applied | TraitError]: ...

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None: ...

    def find(self, environment_id: int, identifier: str) -> Found:
        """As `read`, at once when that is possible. Raises StoreUnavailable."""
