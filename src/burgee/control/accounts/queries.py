"""Finding people."""

from burgee.control.accounts.models import Token, User
from burgee.control.kit.digests import sha256_hex


def holder_of(token: str) -> tuple[User, Token] | None:
    """Whose token this is, if its user is active."""
    found = Token.objects.select_related("user").filter(digest=sha256_hex(token)).first()
    if found is None or not found.user.is_active:
        return None
    return found.user, found
