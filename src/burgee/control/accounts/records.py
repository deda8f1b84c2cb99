"""What events say about accounts: which user and what happened, never an address, unless it is nobody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction

from burgee.control.accounts.models import User
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.kit.digests import folded
from burgee.control.kit.errors import DomainError

NOBODY: Final = 0
"""In the place of the id of a user: it is not known who it was."""

LONGEST_ADDRESS: Final = 254


def tell(user: User, event_type: EventType, action: str = "updated", *, actor: Actor, **told: Any) -> None:
    """Publish one event about `user`; `told` stands in its record."""
    change = Change(object=ObjectType.USER, action=action, id=user.pk, uuid=str(user.uuid), after=told or None)
    publish(event_type, scope=Scope(), changes=[change], actor=actor)


@transaction.atomic
def tell_failure(user: User | None, *, reason: str, typed: str = "", **told: Any) -> None:
    """Publish that `user` was not let in, or somebody unknown who gave `typed` as their address."""
    told |= {"reason": reason}
    if user is not None:
        tell(user, EventType.SIGN_IN_FAILED, actor=SYSTEM, **told)
        return
    address = address_in(typed)
    change = Change(
        object=ObjectType.USER, action="updated", id=NOBODY, after=told | ({"address": address} if address else {})
    )
    publish(EventType.SIGN_IN_FAILED, scope=Scope(), changes=[change], actor=SYSTEM)


@contextmanager
def failure_told(user: User | None = None, **way: Any) -> Iterator[None]:
    """Tell of whoever is refused in here; without `user` it is not known yet who comes."""
    try:
        yield
    except DomainError as error:
        tell_failure(user, reason=error.code, **way)
        raise


def address_in(typed: str) -> str:
    """`typed` in the spelling in which erasing a person finds it; empty when it is no address.

    People type passwords into the wrong field, and those must be kept nowhere; between quotes anything is an address.
    """
    address = folded(typed.strip())
    try:
        EmailValidator()(address)
    except ValidationError:
        return ""
    return address if len(address) <= LONGEST_ADDRESS and '"' not in address else ""


def oneself(user: User) -> Actor:
    """`user` as who did it."""
    return Actor.user(user.pk, user.email)
