"""Who may speak for whom: pure decisions."""

from collections.abc import Collection

from msgspec import Struct

from burgee.control.sso.people import Source


class Account(Struct, frozen=True, kw_only=True):
    """What is known of an account that somebody wants to enter.

    ``organisation_ids`` are the living ones of its memberships; ``bound_to`` the organisation whose source made it,
    while nobody has proved the address.
    """

    organisation_ids: Collection[int]
    bound_to: int | None
    is_privileged: bool


def may_speak_for(source: Source, account: Account) -> bool:
    """Whether `source` may let people into `account` whom its owner has not linked.

    A source of the whole server may. One of an organisation may only when the account is that organisation's alone.
    """
    if source.organisation_id is None:
        return True
    if account.is_privileged:
        return False
    if account.organisation_ids:
        return set(account.organisation_ids) == {source.organisation_id}
    return account.bound_to == source.organisation_id
