"""Who did it, as it was at that moment."""

from typing import Literal, Self

from msgspec import Struct

ActorKind = Literal["user", "api_key", "system"]


class Actor(Struct, frozen=True, kw_only=True):
    """The author of a change: services take it to record who, never to ask whether."""

    kind: ActorKind
    id: int | None = None
    label: str = ""
    request_id: str | None = None

    @classmethod
    def user(cls, user_id: int, email: str, *, request_id: str | None = None) -> Self:
        return cls(kind="user", id=user_id, label=email, request_id=request_id)

    @classmethod
    def api_key(cls, key_id: int, name: str, *, request_id: str | None = None) -> Self:
        return cls(kind="api_key", id=key_id, label=name, request_id=request_id)


SYSTEM = Actor(kind="system", label="Burgee")
