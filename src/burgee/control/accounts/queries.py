"""Finding people."""

from burgee.control.accounts import sessions
from burgee.control.accounts.models import Token, User
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.prepared import Prepared

_WITH_DIGEST = Prepared(lambda digest: Token.objects.select_related("user").filter(digest=digest))


def holder_of(token: str) -> tuple[User, Token] | None:
    """Whose token this is, if it still counts and its user is active."""
    found = _WITH_DIGEST.first(digest=sha256_hex(token))
    if found is None or not found.user.is_active or sessions.is_over(found):
        return None
    sessions.note_use(found)
    found.user.second_factor_at = found.second_factor_at
    return found.user, found
