"""Finding environments."""

from burgee.control.environments.models import Environment
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.prepared import Prepared

_WITH_DIGEST = Prepared(
    lambda digest: Environment.objects.living().select_related("project__organisation").filter(key_digest=digest)
)


def environment_with_key(api_key: str) -> Environment | None:
    """The living environment with this client key, with its project and organisation."""
    found = _WITH_DIGEST.first(digest=sha256_hex(api_key))
    return found if found and found.api_key == api_key else None
