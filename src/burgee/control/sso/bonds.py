"""Accounts that sources of organisations know: what they may not do, and what ends when they outgrow one."""

from django.db import transaction

from burgee.control.accounts.models import Token, User
from burgee.control.oauth.models import Authorisation
from burgee.control.sso.errors import BoundToOrganisation, SignInAsUsual
from burgee.control.sso.models import Bond, Link
from burgee.control.sso.people import Source


def bind(user: User, source: Source) -> None:
    """The account belongs to the organisation of `source` until its owner proves the address."""
    facts = {"organisation_id": source.organisation_id, "source_key": source.key}
    Bond.objects.update_or_create(user=user, defaults=facts)


def bound_to(user: User) -> int | None:
    """The organisation whose source made the account; None once the owner has proved that the address is theirs."""
    if user.email_verified_at is not None:
        return None
    return Bond.objects.filter(user=user).values_list("organisation_id", flat=True).first()


def release(user: User) -> None:
    """The owner, who had proved the address before, took another: it is theirs although nobody proved the new one."""
    Bond.objects.filter(user=user).delete()


def require_free(user: User, token: object) -> None:
    """Refuse what reaches beyond one organisation to whoever came by its source, or whose account it made."""
    if bound_to(user) is not None:
        raise BoundToOrganisation
    require_own(token)


def require_own(token: object) -> None:
    """Refuse what would outlast the word of an organisation's source; `token` is what the request came with."""
    if isinstance(token, Token) and token.organisation_id is not None:
        raise SignInAsUsual


@transaction.atomic
def outgrow(user: User, organisation_id: int) -> None:
    """`user` joined: what sources of other organisations let in may have prepared must not reach this one."""
    links = Link.objects.filter(user=user, is_explicit=False).exclude(organisation_id=None)
    foreign = links.exclude(organisation_id=organisation_id)
    tokens = Token.objects.filter(user=user).exclude(organisation_id=None).exclude(organisation_id=organisation_id)
    if foreign.exists() or tokens.exists():
        Authorisation.objects.filter(user=user).delete()
    foreign.delete()
    tokens.delete()
