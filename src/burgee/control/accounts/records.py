"""What events say about accounts: which user and what happened, never an address."""

from typing import Any

from burgee.control.accounts.models import User
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import Actor


def tell(user: User, event_type: EventType, action: str = "updated", *, actor: Actor, **told: Any) -> None:
    """Publish one event about `user`; `told` stands in its record."""
    change = Change(object=ObjectType.USER, action=action, id=user.pk, uuid=str(user.uuid), after=told or None)
    publish(event_type, scope=Scope(), changes=[change], actor=actor)


def oneself(user: User) -> Actor:
    """`user` as who did it."""
    return Actor.user(user.pk, user.email)
