"""Whether a role suffices; no database."""

from burgee.control.access.permissions import FOR_EVERY_MEMBER, Permission
from burgee.control.organisations.models import Role


def role_allows(role: str | None, permission: Permission) -> bool:
    """Whether somebody with this role in the organisation (None: a stranger) may do it. Denied unless granted."""
    if role == Role.ADMIN:
        return True
    if role == Role.USER:
        return permission in FOR_EVERY_MEMBER
    return permission == Permission.SIGNED_IN
