"""Every kind of second factor, asked about at once."""

from burgee.control.accounts import passkeys, second_factor
from burgee.control.accounts.models import User


def has_factor(user: User) -> bool:
    """Whether signing in needs more than the first proof."""
    return second_factor.is_active(user) or passkeys.has_any(user)


def asked_for(user: User) -> str:
    """What clients ask for first, as they call it; a passkey is taken wherever there is one."""
    return "app" if second_factor.is_active(user) else "passkey"
